//! `vestibule serve`.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::rt::System;
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::App;
use crate::config::{Config, Switch};
use crate::platform::listener;
use crate::platform::time::Clock;
use crate::signin::setup;
use crate::{jobs, server};

/// How long readiness says no before new connections are refused, so that a load balancer can look elsewhere.
const DRAIN: Duration = Duration::from_secs(1);
/// How long those who were connecting right then have to be let in.
const LAST_CALL: Duration = Duration::from_millis(100);

/// How long the last traces have to reach their collector.
const LAST_TRACES: Duration = Duration::from_secs(2);

pub fn run(config: Config) -> Result<(), String> {
    System::new().block_on(async {
        let (host, port) = (config.host.clone(), config.port);
        let app = App::open(config, Clock::System).await?;
        let listener = listen(&host, port)?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let door = listener.try_clone().map_err(|e| e.to_string())?;
        if let Some(link) = setup::link(&app).await.map_err(|fault| app.config.explain(&fault))? {
            // Not through the log: the link is a secret until it was used.
            super::print(&format!("Make the first administrator: {link}"));
        }
        let signals = Signals::new().map_err(|e| format!("signals can't be received: {e}"))?;
        tracing::info!(address = %format!("http://{address}"), url = app.config.public_url.origin(), "Vestibule is serving");
        if app.config.rate_limits == Switch::Off {
            tracing::warn!("RATE_LIMITS=off: passwords may be guessed as fast as the machine can check them");
        }
        jobs::start(&app);
        let running = server::serve(app.clone(), listener).map_err(|e| format!("the server can't be started: {e}"))?;
        tell_manager(NotifyState::Ready);
        let (handle, stopped) = (running.handle(), app.clone());
        actix_web::rt::spawn(async move {
            signals.wait(&app, door).await;
            handle.stop(true).await;
        });
        let served = running.await.map_err(|e| format!("the server failed: {e}"));
        jobs::finish(&stopped).await;
        stopped.traces.finish(LAST_TRACES).await;
        served
    })
}

fn listen(host: &str, port: u16) -> Result<TcpListener, String> {
    TcpListener::bind((host, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {port} on {host} is in use: set PORT to another, or stop what uses it")
        }
        _ => format!("HOST {host:?}, PORT {port} can't be listened on: {error}"),
    })
}

/// Tells systemd, or another that waits to be told; where nobody does, nothing happens.
fn tell_manager(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

/// What tells the server to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Returns when the server should stop: at once for Ctrl-C, for SIGTERM after a moment of saying so, with nobody left at
    /// the door.
    async fn wait(mut self, app: &App, door: TcpListener) {
        let drain = tokio::select! {
            _ = self.terminate.recv() => DRAIN,
            _ = self.interrupt.recv() => Duration::ZERO,
        };
        tracing::info!("stopping: running requests are finished");
        tell_manager(NotifyState::Stopping);
        app.drain();
        if drain > Duration::ZERO {
            tokio::time::sleep(drain).await;
            if let Err(error) = listener::take_no_more(&door) {
                tracing::debug!(%error, "who connects right now may be turned away");
            }
            tokio::time::sleep(LAST_CALL).await;
        }
    }
}
