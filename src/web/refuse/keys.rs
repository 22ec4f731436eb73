//! What programs are told of an API key that can't be made, seen or ended, and of an installation that they may not look into.

use super::{FieldProblem, Kind, Refusal};
use crate::health;
use crate::texts::Texts;
use crate::tokens::api_keys::{self, Wrong};

impl From<api_keys::Refusal> for Refusal {
    fn from(refusal: api_keys::Refusal) -> Self {
        use api_keys::Refusal as R;
        let problem = |wrong: Wrong| FieldProblem::new(wrong.field(), move |t| t.wrong_key(&wrong));
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Invalid(wrong) => Self::invalid(wrong.into_iter().map(problem).collect()),
            R::Beyond(words) => Self::new(Kind::Forbidden, move |t| t.key_beyond(&words)).at("scope"),
            R::TooMany => Self::new(Kind::Conflict, Texts::too_many_keys),
            R::NoSuchKey => Self::new(Kind::NotFound, |t| t.refused.no_such_key),
            R::Account(refusal) => refusal.into(),
            R::Fault(fault) => fault.into(),
        }
    }
}

impl From<health::Refusal> for Refusal {
    fn from(refusal: health::Refusal) -> Self {
        match refusal {
            health::Refusal::Denied(denied) => denied.into(),
            health::Refusal::Fault(fault) => fault.into(),
        }
    }
}
