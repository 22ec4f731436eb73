//! What the database gives: commits that are on disk, one after the other and many at once.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use serde::Serialize;

use crate::config::Config;
use crate::platform::db::{Fault, Trial};

const SPAN: Duration = Duration::from_millis(700);
/// Writers at once.
pub const TOGETHER: usize = 32;

#[derive(Serialize)]
pub struct Writing {
    /// Its URL, without the password.
    pub database: String,
    /// Milliseconds of a commit that nobody else is waiting for.
    pub commit_ms: f64,
    pub together_per_second: f64,
}

pub(super) fn measure(config: &Config) -> Result<Writing, Fault> {
    let unavailable = |error: std::io::Error| Fault::Unavailable(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(unavailable)?;
    runtime.block_on(async {
        let trial = Trial::open(&config.database).await?;
        let alone = per_second(&trial, 1).await?;
        let together_per_second = per_second(&trial, TOGETHER).await?;
        Ok(Writing { database: config.database_shown(), commit_ms: 1000.0 / alone, together_per_second })
    })
}

async fn per_second(trial: &Trial, writers: usize) -> Result<f64, Fault> {
    let began = Instant::now();
    let writer = async || {
        let mut done = 0_u32;
        while began.elapsed() < SPAN {
            trial.commit().await?;
            done += 1;
        }
        Ok::<_, Fault>(done)
    };
    let done = try_join_all((0..writers).map(|_| writer())).await?;
    Ok(f64::from(done.iter().sum::<u32>()) / began.elapsed().as_secs_f64())
}
