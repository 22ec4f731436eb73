//! `grant_type=password` (RFC 6749 section 4.3): what the tutorials teach. RFC 9700 section 2.4 advises against it for
//! third parties; `PASSWORD_GRANT=off` ends it.

use super::super::Refusal;
use super::{Wanted, begin, second_factor};
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::config::Switch;
use crate::platform::secret::Password;
use crate::signin::{self, Onward, Step};
use crate::tokens::Authorization;

pub const NAME: &str = "password";

pub async fn prove(
    app: &App,
    origin: &Origin,
    credentials: (String, Password),
    otp: Option<String>,
    wanted: Wanted,
) -> Result<Authorization, Refusal> {
    if app.config.password_grant == Switch::Off {
        return Err(Refusal::PasswordGrantOff);
    }
    let onward = Onward::to_tokens(wanted.client_id.clone(), wanted.scope.as_ref().map(PermissionSet::to_scope));
    match signin::by_password(app, origin, credentials, onward).await? {
        Step::Done(proven) => begin(app, origin, proven, wanted).await,
        Step::Enrol(_) => Err(Refusal::EnrolmentRequired),
        Step::Factor(pending) => match otp {
            Some(otp) => second_factor::go_on(app, origin, pending.ticket, otp).await,
            None => Err(Refusal::FactorRequired(Box::new(pending))),
        },
    }
}
