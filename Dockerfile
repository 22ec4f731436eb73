# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked \
    && install -D target/release/vestibule /image/vestibule \
    && deploy/licences >/image/licences \
    && install -d -m 0700 /image/data

# glibc, libgcc and the public certificate authorities; no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/vestibule /usr/bin/vestibule
COPY --from=build /image/licences /usr/share/doc/vestibule/licences
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/vestibule/
# A new volume takes over the owner of the folder that it is mounted on.
COPY --from=build --chown=65532:65532 /image/data /data
ENV HOST=0.0.0.0 DATA_DIR=/data LOG_FORMAT=json
WORKDIR /data
VOLUME /data
EXPOSE 8000
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s CMD ["/usr/bin/vestibule", "healthcheck"]
ENTRYPOINT ["/usr/bin/vestibule"]
CMD ["serve"]
