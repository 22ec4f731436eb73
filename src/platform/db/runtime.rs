//! The runtime of each database thread, and how long it waits for PostgreSQL at most: a server that hangs, or whose machine
//! went without a word, ends no connection by itself, and whoever waits for it would wait for good.

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel_async::async_connection_wrapper::BlockOn;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// Nothing that a request asks for takes as long: PostgreSQL gives up a statement before.
pub(super) const SILENCE: Duration = Duration::from_secs(12);

thread_local! {
    // Each database thread has a runtime of its own, which ends with it and closes its sockets.
    static RUNTIME: Runtime =
        Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("no runtime for a database thread: {e}"));
    static WIRE: RefCell<Option<Wire>> = const { RefCell::new(None) };
}

/// The runtime of whichever thread the connection lives on.
pub struct ThreadRuntime;

impl BlockOn for ThreadRuntime {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        let wire = WIRE.with_borrow(Clone::clone);
        run(async {
            let mut future = pin!(future);
            if let Some(wire) = wire {
                if let Ok(answer) = tokio::time::timeout(SILENCE, &mut future).await {
                    return answer;
                }
                wire.0.silent.store(true, Ordering::SeqCst);
                wire.hang_up();
            }
            future.await
        })
    }

    fn get_runtime() -> Self {
        Self
    }
}

pub(super) fn run<F: Future>(future: F) -> F::Output {
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// The line to the server: whether it stands, and the way to hang up.
#[derive(Clone)]
pub(super) struct Wire(Arc<Ends>);

struct Ends {
    up: AtomicBool,
    /// The server was waited for in vain.
    silent: AtomicBool,
    hang_up: Notify,
}

impl Wire {
    /// Has the connection driven on this thread until either end closes it.
    pub(super) fn drive(driver: impl Future + Send + 'static) -> Self {
        let wire =
            Self(Arc::new(Ends { up: AtomicBool::new(true), silent: AtomicBool::new(false), hang_up: Notify::new() }));
        let ends = Arc::clone(&wire.0);
        tokio::spawn(async move {
            tokio::select! {
                _ = driver => {}
                () = ends.hang_up.notified() => {}
            }
            ends.up.store(false, Ordering::SeqCst);
        });
        wire
    }

    /// The server hears no more, and whoever waits for it gets an error.
    pub(super) fn hang_up(&self) {
        self.0.hang_up.notify_one();
    }

    /// Does what belongs to this connection alone, and hangs up where the server is silent for too long.
    pub(super) fn watched<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = WIRE.replace(Some(self.clone()));
        let done = work();
        WIRE.set(before);
        done
    }

    /// From now on this thread hangs up where the server is silent for too long.
    pub(super) fn watch(&self) {
        WIRE.set(Some(self.clone()));
    }

    pub(super) fn fell_silent(&self) -> bool {
        self.0.silent.load(Ordering::SeqCst)
    }

    /// PostgreSQL's end may have gone while the thread slept. This lets the driver look at its socket; three turns take it
    /// from 'readable' to 'closed'.
    pub(super) fn is_up(&self) -> bool {
        run(async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        });
        self.0.up.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    use super::SILENCE;
    use crate::platform::db::conn::{CONNECT_TIMEOUT, Conn, Role};
    use crate::platform::db::{DatabaseUrl, Fault};

    /// AuthenticationOk and ReadyForQuery, as PostgreSQL lets somebody in whom it trusts.
    const WELCOME: &[u8] = b"R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I";

    /// A server that lets somebody in and says nothing more until they hang up.
    fn silent_server() -> std::io::Result<(DatabaseUrl, std::thread::JoinHandle<bool>)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("postgres://u@{}/d?sslmode=disable", listener.local_addr()?);
        let serve = move || {
            let Ok((mut socket, _)) = listener.accept() else { return false };
            let mut sent = [0; 1024];
            let begun = socket.read(&mut sent).is_ok() && socket.write_all(WELCOME).is_ok();
            while socket.read(&mut sent).is_ok_and(|bytes| bytes > 0) {}
            begun
        };
        Ok((DatabaseUrl::Postgres(url), std::thread::spawn(serve)))
    }

    #[test]
    fn a_server_that_falls_silent_once_it_let_somebody_in_is_given_up_and_hung_up_on() {
        let (url, server) = silent_server().unwrap_or_else(|error| panic!("{error}"));
        let (began, client) = (Instant::now(), std::thread::spawn(move || Conn::connect(&url, Role::Replica).err()));
        let fault = client.join().unwrap_or_default();
        assert!(matches!(fault, Some(Fault::Unavailable(_))), "{fault:?}");
        assert!(began.elapsed() >= CONNECT_TIMEOUT && began.elapsed() < SILENCE);
        assert!(server.join().unwrap_or_default(), "the socket was closed");
    }
}
