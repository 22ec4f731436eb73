//! Forms: what is wrong with one, where it leads when it was taken, and what the next page says of it.

use actix_web::HttpResponse;

use super::headers;
use super::refuse::{FieldProblem, Kind, Refusal};
use crate::texts::{Sentence, Texts};

/// What forms and addresses have for yes and no; what was left empty is a no. `None` for any other word.
pub fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" | "" => Some(false),
        _ => None,
    }
}

/// What is wrong with a form, by field.
#[derive(Default)]
pub struct FieldErrors(pub Vec<FieldError>);

pub struct FieldError {
    pub field: &'static str,
    pub message: Sentence,
}

impl FieldErrors {
    /// One thing that is wrong.
    pub fn at(field: &'static str, message: Sentence) -> Self {
        Self(vec![FieldError { field, message }])
    }

    pub fn of(&self, field: &str) -> Option<&Sentence> {
        self.0.iter().find(|error| error.field == field).map(|error| &error.message)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors of a refusal that a form can show; any other refusal is not the form's business.
    ///
    /// # Errors
    /// The refusal, where it names no field.
    pub fn from_refusal(refusal: Refusal) -> Result<Self, Refusal> {
        if matches!(refusal.kind, Kind::Busy | Kind::Unavailable | Kind::TooManyTries) {
            // Nothing is wrong with the form: it can be sent again as it is.
            return Ok(Self::at("", refusal.detail));
        }
        if refusal.errors.is_empty() {
            return Err(refusal);
        }
        let error = |FieldProblem { field, detail }| FieldError { field, message: detail };
        Ok(Self(refusal.errors.into_iter().map(error).collect()))
    }
}

/// What an action did, as it travels to the next page in the URL: a word of ours, never a text of anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Saved,
    SignedOut,
    SessionEnded,
    OthersEnded,
    PasswordChanged,
    FactorAdded,
    FactorRemoved,
    AccountDeleted,
    RolesSaved,
    UserCreated,
    UserDisabled,
    UserEnabled,
    UserSessionsEnded,
    PasswordReset,
    EmailConfirmed,
    EmailAsked,
    EmailKept,
    MailSent,
    ResetSent,
    OnItsWay,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    ImportDiscarded,
    UserDeleted,
    BulkDone,
    SomebodysSessionEnded,
    ApiKeyEnded,
    KeysRotated,
    Invited,
    InvitationWithdrawn,
    RoleCreated,
    RoleSaved,
    RoleDeleted,
}

impl Notice {
    const ALL: &[(&'static str, Self)] = &[
        ("saved", Self::Saved),
        ("signed-out", Self::SignedOut),
        ("session-ended", Self::SessionEnded),
        ("others-ended", Self::OthersEnded),
        ("password-changed", Self::PasswordChanged),
        ("factor-added", Self::FactorAdded),
        ("factor-removed", Self::FactorRemoved),
        ("account-deleted", Self::AccountDeleted),
        ("roles-saved", Self::RolesSaved),
        ("user-created", Self::UserCreated),
        ("user-disabled", Self::UserDisabled),
        ("user-enabled", Self::UserEnabled),
        ("user-sessions-ended", Self::UserSessionsEnded),
        ("password-reset", Self::PasswordReset),
        ("email-confirmed", Self::EmailConfirmed),
        ("email-asked", Self::EmailAsked),
        ("email-kept", Self::EmailKept),
        ("mail-sent", Self::MailSent),
        ("reset-sent", Self::ResetSent),
        ("on-its-way", Self::OnItsWay),
        ("passkey-added", Self::PasskeyAdded),
        ("passkey-renamed", Self::PasskeyRenamed),
        ("passkey-removed", Self::PasskeyRemoved),
        ("import-discarded", Self::ImportDiscarded),
        ("user-deleted", Self::UserDeleted),
        ("bulk-done", Self::BulkDone),
        ("their-session-ended", Self::SomebodysSessionEnded),
        ("api-key-ended", Self::ApiKeyEnded),
        ("keys-rotated", Self::KeysRotated),
        ("invited", Self::Invited),
        ("invitation-withdrawn", Self::InvitationWithdrawn),
        ("role-created", Self::RoleCreated),
        ("role-saved", Self::RoleSaved),
        ("role-deleted", Self::RoleDeleted),
    ];

    /// The address of a page that shows it.
    pub fn on(self, path: &str) -> String {
        let word = Self::ALL.iter().find(|(_, notice)| *notice == self).map_or("", |(word, _)| *word);
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}done={word}")
    }

    pub fn in_query(query: &str) -> Option<Self> {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let word = pairs.find_map(|(name, value)| (name == "done").then_some(value))?;
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, notice)| *notice)
    }

    /// `None` for what needs a name that the page does not know.
    pub fn sentence(self, t: &Texts, username: Option<&str>) -> Option<String> {
        let plain = match self {
            Self::Saved => t.notices.saved,
            Self::SignedOut => t.notices.signed_out,
            Self::SessionEnded => t.notices.session_ended,
            Self::OthersEnded => t.notices.others_ended,
            Self::PasswordChanged => t.notices.password_changed,
            Self::FactorAdded => t.notices.factor_added,
            Self::FactorRemoved => t.notices.factor_removed,
            Self::AccountDeleted => t.notices.account_deleted,
            Self::RolesSaved => t.notices.roles_saved,
            Self::PasswordReset => t.mail.reset.done,
            Self::EmailConfirmed => t.mail.verify.done,
            Self::EmailAsked => t.mail.address.asked,
            Self::EmailKept => t.mail.address.kept,
            Self::MailSent => t.mail.address.sent,
            Self::ResetSent => t.mail.outbox.reset_sent,
            Self::OnItsWay => t.mail.outbox.on_its_way,
            Self::PasskeyAdded => t.passkeys.is_added,
            Self::PasskeyRenamed => t.passkeys.is_renamed,
            Self::PasskeyRemoved => t.passkeys.is_removed,
            Self::ImportDiscarded => t.transfer.discarded,
            Self::UserDeleted => t.lists.deletion.done,
            Self::BulkDone => t.lists.done,
            Self::SomebodysSessionEnded => t.lists.sessions.ended,
            Self::ApiKeyEnded => t.api_keys.is_ended,
            Self::KeysRotated => t.signing_keys.rotated,
            Self::Invited => t.invitations.is_invited,
            Self::InvitationWithdrawn => t.invitations.is_withdrawn,
            Self::RoleCreated => t.roles.created,
            Self::RoleSaved => t.roles.saved,
            Self::RoleDeleted => t.roles.deleted,
            Self::UserCreated => return username.map(|name| t.user_created(name)),
            Self::UserDisabled => return username.map(|name| t.user_disabled(name)),
            Self::UserEnabled => return username.map(|name| t.user_enabled(name)),
            Self::UserSessionsEnded => return username.map(|name| t.user_sessions_ended(name)),
        };
        Some(plain.to_owned())
    }
}

/// After a form was taken: to a page that can be reloaded (RFC 9110 section 15.4.4).
pub fn see_other(to: &str) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther().insert_header(("Location", to)).finish();
    headers::no_store(answer.headers_mut());
    headers::vary_by_accept(answer.headers_mut());
    answer
}
