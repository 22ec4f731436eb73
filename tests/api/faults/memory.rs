//! Memory has an end: what the server takes after many requests is what it took after few.

use super::traffic::{Request, run, so_many};
use super::{QUIET, figure, scaled, signed_in, soaking};
use crate::harness::Home;
use crate::harness::binary::Process;
use crate::harness::database::Copy;

/// What everybody sends, good and bad.
fn mixture(server: &Process) -> Vec<Request> {
    let port = server.port();
    let alice = signed_in(server, "alice");
    let bearer = format!("Bearer {}", alice.access());
    let own = [("authorization", bearer.as_str())];
    let mut all = vec![
        Request::get(port, "/protected", &own),
        Request::get(port, "/protected", &[("authorization", "Bearer no.token.atall")]),
        Request::get(port, "/users/me", &own),
        Request::get(port, "/nowhere", &[]),
        Request::get(port, "/login", &[("accept", "text/html")]),
        Request::get(port, "/.well-known/jwks.json", &[]),
        Request::form(port, "/introspect", &[("token", alice.access())]).with("authorization", &bearer),
        Request::form(port, "/refresh", &[("refresh_token", "unknown")]),
    ];
    // Tokens that are each seen for the first time.
    for n in 0..64 {
        let forged = format!("Bearer {}x{n}", alice.access());
        all.push(Request::get(port, "/protected", &[("authorization", forged.as_str())]));
        all.push(Request::get(port, "/protected", &own));
    }
    all
}

#[test]
fn many_requests_take_no_more_memory_than_few() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[QUIET]);
    let requests = mixture(&server);
    let ask = |count| run(so_many(server.port(), &requests, 32, count));
    ask(scaled(2_000, 10_000));
    let few = server.memory();
    let counts = ask(scaled(12_000, 1_000_000));
    let many = server.memory();
    assert!(counts.iter().all(|(status, _)| *status < 500), "{counts:?}");
    let ratio = many as f64 / few as f64;
    figure("bytes of memory after few requests", few);
    figure("bytes of memory after a million", many);
    figure("ratio", format!("{ratio:.3}"));
    assert!(ratio < if soaking() { 1.2 } else { 1.3 }, "{few} bytes became {many}");
}
