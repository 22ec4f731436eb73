//! The head of the chain, signed and kept apart from the database: in the log and in a file. Whoever rewrites the whole chain, or
//! cuts off its end, can't make these agree.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::chain::{self, Hash, unhex};
use super::store;
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::hex::hex;
use crate::platform::secret::{Purpose, keyed_digest, same};
use crate::platform::time::UnixTime;

const FILE: &str = "audit-checkpoints.jsonl";
/// Nobody's checkpoint is longer.
const LONGEST_LINE: usize = 4096;

/// What a signature is for: one kind never counts as the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The chain reached so far.
    Head,
    /// Retention removed what came up to here.
    Cut,
}

/// A place in the chain that was signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub seq: i64,
    pub hash: Hash,
    pub at: UnixTime,
    pub signature: Hash,
}

/// The key that signs, derived from `SECRET_KEY`.
pub struct Seal([u8; 32]);

impl Seal {
    pub fn of(app: &App) -> Self {
        Self(app.derived_key(Purpose::AuditCheckpoints))
    }

    pub fn sign(&self, kind: Kind, seq: i64, hash: Hash, at: UnixTime) -> Checkpoint {
        Checkpoint { seq, hash, at, signature: self.signature(kind, seq, &hash, at) }
    }

    pub fn signed(&self, kind: Kind, checkpoint: &Checkpoint) -> bool {
        let Checkpoint { seq, hash, at, signature } = checkpoint;
        same(&self.signature(kind, *seq, hash, *at), signature)
    }

    fn signature(&self, kind: Kind, seq: i64, hash: &Hash, at: UnixTime) -> Hash {
        let kind: &[u8] = match kind {
            Kind::Head => b"vestibule audit head v1",
            Kind::Cut => b"vestibule audit cut v1",
        };
        let form = [kind, &seq.to_be_bytes(), hash, &at.millis().to_be_bytes()].concat();
        keyed_digest(&self.0, &form)
    }
}

/// A checkpoint as it stands in a file, or among the fields of a line of the log.
#[derive(Serialize, Deserialize)]
struct Written {
    seq: i64,
    hash: String,
    at: String,
    signature: String,
}

impl Checkpoint {
    /// As a line of JSON.
    fn line(&self) -> String {
        let written = Written {
            seq: self.seq,
            hash: hex(&self.hash),
            at: self.at.rfc3339_millis(),
            signature: hex(&self.signature),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    fn read(line: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(line).ok()?;
        Some(Self {
            seq: written.seq,
            hash: unhex(&written.hash)?,
            at: UnixTime::parse(&written.at)?,
            signature: unhex(&written.signature)?,
        })
    }
}

/// Where this node keeps its checkpoints.
pub fn file(app: &App) -> PathBuf {
    app.config.data_dir.join(FILE)
}

/// Signs the head and keeps it apart: a line in the log and one in the file.
///
/// # Errors
/// One sentence.
pub async fn keep(app: &App) -> Result<(), String> {
    let head = app.db.read(store::head).await.map_err(|fault: Fault| fault.to_string())?;
    let hash = chain::of_column(head.1.as_deref()).ok_or("the head of the audit log has no hash")?;
    let checkpoint = Seal::of(app).sign(Kind::Head, head.0, hash, app.now());
    let Checkpoint { seq, at, signature, .. } = &checkpoint;
    // With the fields of the file, so that a log kept elsewhere can be verified against.
    tracing::info!(
        seq,
        hash = hex(&hash),
        at = at.rfc3339_millis(),
        signature = hex(signature),
        "checkpoint of the audit log"
    );
    let path = file(app);
    append(&path, &checkpoint.line()).map_err(|error| format!("{}: {error}", path.display()))
}

/// In one write, so that the lines of two processes do not mix.
fn append(path: &Path, line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

/// The checkpoints of a file, or of a log in JSON; other lines are passed over. `None` where there is no such file.
///
/// # Errors
/// One sentence where it can't be read.
pub fn read(path: &Path) -> Result<Option<Vec<Checkpoint>>, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut found = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(unreadable)?;
        let text = std::str::from_utf8(&line).ok().filter(|line| line.len() <= LONGEST_LINE);
        found.extend(text.and_then(Checkpoint::read));
    }
    Ok(Some(found))
}
