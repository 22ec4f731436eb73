//! The same table for what moves in and out.

use super::{FieldProblem, Kind, Refusal};
use crate::texts::Sentence;
use crate::transfer;

impl From<transfer::Refusal> for Refusal {
    fn from(refusal: transfer::Refusal) -> Self {
        use transfer::Refusal as R;
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Unreadable(why) => Self::invalid(vec![FieldProblem { field: "file", detail: Sentence::as_it_is(why) }]),
            R::TooLarge => Self::new(Kind::TooLarge, |t| t.refused.file_too_large),
            R::NoSuchImport => Self::new(Kind::NotFound, |t| t.refused.no_such_import),
            R::NotNow => Self::new(Kind::Conflict, |t| t.refused.import_not_now),
            R::NotYours => Self::new(Kind::Forbidden, |t| t.refused.import_not_yours),
            R::TooManyWaiting => Self::new(Kind::Conflict, |t| t.refused.imports_many),
            R::NoRoom => Self::new(Kind::NoRoom, |t| t.refused.no_room),
            R::NotForYou => Self::new(Kind::Forbidden, |t| t.refused.secrets_not_for_you),
            R::Fault(fault) => fault.into(),
        }
    }
}
