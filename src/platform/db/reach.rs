//! Whether the database answers, and takes what is written: a disk that is full or read-only still lets itself be read.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::{Conn, Db, Fault};

/// Anybody may ask how we are, as often as they like; it is tried no more often than this.
const TRIED_EVERY: Duration = Duration::from_secs(1);

/// When something was last written on trial, and what came of it. Whoever asks meanwhile waits and gets the same answer.
#[derive(Default)]
pub(super) struct Probe(Mutex<Option<(Instant, Result<(), Fault>)>>);

impl Db {
    /// Whether the database answers, and takes what is written.
    ///
    /// # Errors
    /// A [`Fault`] where it does not.
    pub async fn reach(&self) -> Result<(), Fault> {
        self.read(Conn::ping).await?;
        let mut last = self.probe.0.lock().await;
        if let Some((at, came_of_it)) = &*last
            && at.elapsed() < TRIED_EVERY
        {
            return came_of_it.clone();
        }
        let tried = self.write(|tx| tx.write_on_trial()).await;
        *last = Some((Instant::now(), tried.clone()));
        tried
    }
}
