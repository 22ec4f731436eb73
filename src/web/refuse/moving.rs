//! The same table for what moves in and out.

use super::{FieldProblem, Kind, Refusal};
use crate::transfer;

impl From<transfer::Refusal> for Refusal {
    fn from(refusal: transfer::Refusal) -> Self {
        use transfer::Refusal as R;
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Unreadable(detail) => Self::invalid(vec![FieldProblem { field: "file", detail }]),
            R::TooLarge => {
                Self::new(Kind::TooLarge, "The file is larger than 1 GB. Split it, or use the command line.")
            }
            R::NoSuchImport => Self::new(Kind::NotFound, "There is no such import, or it was put away."),
            R::NotNow => Self::new(Kind::Conflict, "The import is in another state by now. Look at it again."),
            R::NotYours => Self::new(
                Kind::Forbidden,
                "Somebody sent this file who holds permissions that you do not hold, so only they, or who holds as much, decide about it.",
            ),
            R::TooManyWaiting => Self::new(
                Kind::Conflict,
                "As many files of yours as one person may have are waiting, or being sent. Have one done or discard it first.",
            ),
            R::NoRoom => Self::new(
                Kind::NoRoom,
                "The server's disk has no room for this file. Tell whoever runs it, or send a smaller one.",
            ),
            R::NotForYou => Self::new(
                Kind::Forbidden,
                "Password hashes and secrets of authenticator apps leave only with somebody who holds every permission.",
            ),
            R::Fault(fault) => fault.into(),
        }
    }
}
