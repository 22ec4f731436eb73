//! Tokens for a passkey: alone, or as what goes on where `grant_type=password` was answered with `mfa_required`. No grant of
//! OAuth's, so `/token` does not offer it; `/login/passkey` does.

use super::super::Refusal;
use super::{Wanted, begin, second_factor};
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::credentials::passkeys::Assertion;
use crate::platform::secret::OpaqueToken;
use crate::signin::{self, Onward, Step, Ticket};
use crate::tokens::Authorization;

pub async fn prove(
    app: &App,
    origin: &Origin,
    signed: Assertion,
    mfa_token: Option<OpaqueToken>,
    wanted: Wanted,
) -> Result<Authorization, Refusal> {
    if let Some(begun) = mfa_token {
        let ticket = Ticket::from_text(begun.reveal());
        let proven = signin::by_passkey_too(app, origin, ticket, signed).await?;
        return second_factor::begin_as_asked(app, origin, proven).await;
    }
    let onward = Onward::to_tokens(wanted.client_id.clone(), wanted.scope.as_ref().map(PermissionSet::to_scope));
    match signin::by_passkey(app, origin, signed, onward).await? {
        Step::Done(proven) => begin(app, origin, proven, wanted).await,
        Step::Factor(pending) => Err(Refusal::FactorRequired(Box::new(pending))),
        Step::Enrol(_) => Err(Refusal::EnrolmentRequired),
    }
}
