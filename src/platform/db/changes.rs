//! Hearing at once of what other processes have committed and announced: LISTEN on PostgreSQL, over a connection of its own.
//! SQLite has nothing like it, and a connection may be lost; so whoever waits here says how long, and looks then anyway.

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};
use tokio::time::{sleep, timeout};
use tokio_postgres::AsyncMessage;

use super::role::Role;
use super::{DatabaseUrl, Fault, hosts};

pub(super) const CHANNEL: &str = "vestibule";
/// How soon a lost connection is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Somebody waiting for others' changes; each clone is told. The listening ends with the last of them.
#[derive(Clone)]
pub struct Changes {
    told: watch::Receiver<()>,
    _ends_with: Arc<oneshot::Sender<()>>,
}

impl Changes {
    pub(super) fn listen(url: &DatabaseUrl) -> Self {
        let (tell, told) = watch::channel(());
        let (ends_with, ended) = oneshot::channel();
        if let DatabaseUrl::Postgres(url) = url {
            let url = url.clone();
            let work = move || match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(keep_listening(&url, &tell, ended)),
                Err(error) => tracing::error!(%error, "no runtime to listen on"),
            };
            super::lane::spawn("db-listen".to_owned(), work);
        }
        Self { told, _ends_with: Arc::new(ends_with) }
    }

    /// Waits until something was announced, or so long.
    pub async fn next(&mut self, patience: Duration) {
        // Where nobody can tell, the time is waited out.
        let told = async {
            if self.told.changed().await.is_err() {
                pending().await
            }
        };
        let _ = timeout(patience, told).await;
    }
}

async fn keep_listening(url: &str, tell: &watch::Sender<()>, mut ended: oneshot::Receiver<()>) {
    let again_and_again = async {
        loop {
            if let Err(fault) = hear(url, tell).await {
                tracing::debug!(error = %fault, "not told of changes at the moment; they are looked for meanwhile");
            }
            sleep(AGAIN_AFTER).await;
        }
    };
    tokio::select! {
        _ = &mut ended => {}
        () = again_and_again => {}
    }
}

/// Passes on what is announced until the connection is lost.
async fn hear(url: &str, tell: &watch::Sender<()>) -> Result<(), Fault> {
    let (client, mut driver) = hosts::connect(url, Role::Write).await?;
    let driven = async {
        while let Some(message) = poll_fn(|context| driver.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                tell.send_replace(());
            }
        }
        Ok(())
    };
    let listening = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        // Something may have been announced while nobody listened.
        tell.send_replace(());
        pending().await
    };
    let ended: Result<(), tokio_postgres::Error> = tokio::select! {
        end = driven => end,
        end = listening => end,
    };
    ended.map_err(|error| Fault::Unavailable(error.to_string()))
}
