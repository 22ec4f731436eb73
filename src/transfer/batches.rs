//! A file's rows in batches, read on a thread of their own while the batch before is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::accept::accept;
use super::arrive::Numbered;
use super::readers::{self, Rows};
use super::record::Row;
use super::source::Source;
use crate::platform::time::UnixTime;

/// Rows that are written together: their transaction should hold nobody else up.
const ROWS: usize = 100;
/// Batches that wait.
const AHEAD: usize = 2;

/// Some rows, and how many bytes of the file were read with them.
pub(super) struct Batch {
    pub rows: Vec<Numbered>,
    pub bytes_done: u64,
}

/// Reads a file after so many rows. The last one is an error where the file breaks off.
pub(super) fn read(source: Source, skip: u64, now: UnixTime) -> Receiver<Result<Batch, String>> {
    let (sender, receiver) = channel(AHEAD);
    let work = move || {
        let counted = Arc::new(AtomicU64::new(0));
        let read = readers::open(&source, Arc::clone(&counted), now)
            .and_then(|rows| send(rows, skip, now, (&sender, &counted)));
        if let Err(why) = read {
            let _ = sender.blocking_send(Err(why));
        }
    };
    if let Err(error) = std::thread::Builder::new().name("import-read".to_owned()).spawn(work) {
        tracing::error!(%error, "a thread that reads a file could not be started");
    }
    receiver
}

/// # Errors
/// One sentence where the file breaks off. Whoever does not listen any more ends it as well.
fn send(
    rows: Rows,
    skip: u64,
    now: UnixTime,
    (sender, counted): (&Sender<Result<Batch, String>>, &AtomicU64),
) -> Result<(), String> {
    let mut batch = Vec::with_capacity(ROWS);
    for (row, number) in rows.zip(1_u64..) {
        let row = match row {
            Ok(row) => row,
            Err(why) => {
                deliver(&mut batch, sender, counted);
                return Err(why);
            }
        };
        if number > skip {
            batch.push(numbered(number, row, now));
        }
        if batch.len() == ROWS && !deliver(&mut batch, sender, counted) {
            return Ok(());
        }
    }
    deliver(&mut batch, sender, counted);
    Ok(())
}

/// `false` where nobody listens any more.
fn deliver(batch: &mut Vec<Numbered>, sender: &Sender<Result<Batch, String>>, counted: &AtomicU64) -> bool {
    let rows = std::mem::replace(batch, Vec::with_capacity(ROWS));
    rows.is_empty() || sender.blocking_send(Ok(Batch { rows, bytes_done: counted.load(Ordering::Relaxed) })).is_ok()
}

fn numbered(number: u64, row: Row, now: UnixTime) -> Numbered {
    match row {
        Ok(record) => Numbered { row: number, who: record.who(), accepted: accept(record, now) },
        Err(why) => Numbered { row: number, who: String::new(), accepted: Err(why) },
    }
}
