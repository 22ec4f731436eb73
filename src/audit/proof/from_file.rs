//! Proving an export: the lines of a file, held against each other and against checkpoints.

use std::io::BufRead;
use std::path::PathBuf;

use super::walk::Walk;
use super::{Check, Finding, read_checkpoints};
use crate::access::{Caller, words};
use crate::app::App;
use crate::audit::Refusal;
use crate::audit::checkpoint::{self, Kind, Seal};
use crate::audit::line::Line;

const NEWEST_FIRST: &str = "its entries stand newest first, as a list of them does: they are proven in the order of \
    `vestibule audit export`, or turned round (`tac FILE`)";

/// Why a file is no export.
#[derive(Debug)]
pub enum Unreadable {
    Refused(Refusal),
    /// What can't be read, in one sentence.
    File(String),
}

/// Proves lines that `vestibule audit export` wrote. An export that begins in the middle is proven from there on.
///
/// # Errors
/// Without `audit:read`; what is no line of an export.
pub fn verify_lines(
    app: &App,
    caller: &Caller,
    lines: impl BufRead,
    checkpoints: &Option<PathBuf>,
) -> Result<Check, Unreadable> {
    caller.must(words::AUDIT_READ).map_err(|denied| Unreadable::Refused(denied.into()))?;
    let mut checkpoints = read_checkpoints(checkpoints, &checkpoint::file(app)).map_err(Unreadable::File)?;
    let mut check = Check::nothing(app.now());
    let seal = Seal::of(app);
    if let Some(forged) = checkpoints.iter().find(|checkpoint| !seal.signed(Kind::Head, checkpoint)) {
        return Ok(Check { finding: Some(Finding::Unsigned { seq: forged.seq }), ..check });
    }
    let mut walk = None;
    for (number, line) in (1..).zip(lines.lines()) {
        let unreadable = |why: String| Unreadable::File(format!("line {number} is no entry of an export: {why}"));
        let line = line.map_err(|error| unreadable(error.to_string()))?;
        let line: Line = serde_json::from_str(&line).map_err(|error| unreadable(error.to_string()))?;
        let row = line.into_row().ok_or_else(|| unreadable("a time or a hash is none".to_owned()))?;
        let is_second = walk.is_some() && check.from == check.to;
        if is_second && row.seq == check.to - 1 {
            return Err(Unreadable::File(NEWEST_FIRST.to_owned()));
        }
        let walk = walk.get_or_insert_with(|| {
            // What lies before the export can't be held against it.
            checkpoints.retain(|checkpoint| checkpoint.seq >= row.seq);
            check.from = row.seq;
            if row.seq == 1 { Walk::from(None, &checkpoints) } else { Walk::anywhere(&checkpoints) }
        });
        if let Err(finding) = walk.step(&row) {
            return Ok(Check { finding: Some(finding), ..check });
        }
        check.to = row.seq;
    }
    match walk.unwrap_or_else(|| Walk::anywhere(&checkpoints)).end(None) {
        Ok((_, _, agreed)) => check.checkpoints = agreed,
        Err(finding) => check.finding = Some(finding),
    }
    Ok(check)
}
