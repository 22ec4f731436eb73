//! From each capability's refusal to the outside's terms: the one table of statuses and sentences.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};

use super::{FieldProblem, Kind, Refusal};
use crate::config::Signup;
use crate::credentials::passkeys::{self, Rejection};
use crate::platform::db::Fault;
use crate::texts::{Sentence, Texts};
use crate::{access, accounts, audit, credentials, oauth, outbox, sessions, signin, statistics, tokens};

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unavailable(_) => {
                tracing::error!(error = %fault, "the database is not available");
                Self::new(Kind::Unavailable, |t| t.refused.unavailable)
            }
            Fault::Taken(_) | Fault::Broken(_) => Self::fault(&fault),
        }
    }
}

impl Refusal {
    /// Which permission was missing, as RFC 6750 section 3.1 has it.
    fn lacking(mut self, permission: &'static str) -> Self {
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{permission}\"");
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            self.headers.push((WWW_AUTHENTICATE, value));
        }
        self
    }
}

impl From<access::Refusal> for Refusal {
    fn from(refusal: access::Refusal) -> Self {
        match refusal {
            access::Refusal::Missing(permission) => {
                Self::new(Kind::Forbidden, move |t| t.missing_permission(permission)).lacking(permission)
            }
            access::Refusal::NotFresh => Self::new(Kind::NotFresh, |t| t.refused.fresh),
            access::Refusal::ByKey => Self::new(Kind::Forbidden, |t| t.refused.by_key),
        }
    }
}

impl From<sessions::Refusal> for Refusal {
    fn from(refusal: sessions::Refusal) -> Self {
        match refusal {
            sessions::Refusal::Denied(denied) => denied.into(),
            sessions::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<tokens::Refusal> for Refusal {
    fn from(refusal: tokens::Refusal) -> Self {
        match refusal {
            tokens::Refusal::Denied(denied) => denied.into(),
            tokens::Refusal::SharedSecret => Self::new(Kind::Conflict, |t| t.refused.shared_secret),
            tokens::Refusal::NothingKnown => Self::new(Kind::NotFound, |t| t.refused.nothing_known),
            tokens::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<credentials::Refusal> for Refusal {
    fn from(refusal: credentials::Refusal) -> Self {
        use credentials::Refusal as R;
        match refusal {
            R::Wrong => Self::new(Kind::BadRequest, |t| t.refused.wrong_current).at("current_password"),
            R::Weak(weak) => Self::wrong("new_password", move |t| t.weak_password(&weak)),
            R::WrongCode => Self::new(Kind::BadRequest, |t| t.refused.wrong_code).at("code"),
            R::FactorThere => Self::new(Kind::Conflict, |t| t.refused.factor_there),
            R::NoFactor => Self::new(Kind::Conflict, |t| t.refused.no_factor),
            R::FactorRequired => Self::new(Kind::Conflict, |t| t.refused.last_factor),
            other => signin::Refusal::from(other).into(),
        }
    }
}

impl From<audit::Refusal> for Refusal {
    fn from(refusal: audit::Refusal) -> Self {
        match refusal {
            audit::Refusal::Denied(denied) => denied.into(),
            audit::Refusal::Unreadable(why) => Self::fault(&why),
            audit::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<statistics::Refusal> for Refusal {
    fn from(refusal: statistics::Refusal) -> Self {
        match refusal {
            statistics::Refusal::Denied(denied) => denied.into(),
            statistics::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<outbox::Refusal> for Refusal {
    fn from(refusal: outbox::Refusal) -> Self {
        match refusal {
            outbox::Refusal::Denied(denied) => denied.into(),
            outbox::Refusal::NoSuchLetter => Self::new(Kind::NotFound, |t| t.refused.no_such_mail),
            outbox::Refusal::Spent => Self::new(Kind::Conflict, |t| t.refused.mail_spent),
            outbox::Refusal::Stopped(stopped) => Self::too_many_tries(stopped.seconds()),
            outbox::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<accounts::Refusal> for Refusal {
    fn from(refusal: accounts::Refusal) -> Self {
        use accounts::Refusal as R;
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Invalid(wrong) => {
                let problem = |(field, why)| FieldProblem::new(field, move |t| t.wrong_account(&why));
                Self::invalid(wrong.into_iter().map(problem).collect())
            }
            R::UsernameTaken => Self::new(Kind::Taken, |t| t.refused.username_taken).at("username"),
            R::EmailTaken => Self::new(Kind::Taken, |t| t.refused.email_taken).at("email"),
            R::NoSuchUser => Self::new(Kind::NotFound, |t| t.refused.no_such_user),
            R::UnknownRole(role) => Self::wrong("roles", move |t| t.unknown_role(&role)),
            R::Disabled => Self::new(Kind::Conflict, |t| t.refused.disabled),
            R::NoSuchRole => Self::new(Kind::NotFound, |t| t.refused.no_such_role),
            R::RoleTaken => Self::new(Kind::Taken, |t| t.refused.role_taken).at("name"),
            R::BuiltIn => Self::new(Kind::Conflict, |t| t.refused.built_in),
            R::RoleAboveYou => Self::new(Kind::Forbidden, |t| t.refused.role_above_you),
            R::Changed => Self::new(Kind::Changed, |t| t.refused.changed),
            R::LastAdmin => Self::new(Kind::Conflict, |t| t.refused.last_admin),
            R::AboveYou => Self::new(Kind::Forbidden, |t| t.refused.above_you),
            R::UsernameFixed => Self::wrong("username", |t| t.wrong.username_fixed),
            R::Fault(fault) => fault.into(),
        }
    }
}

impl From<signin::Refusal> for Refusal {
    fn from(refusal: signin::Refusal) -> Self {
        use signin::Refusal as R;
        match refusal {
            R::Incorrect => Self::new(Kind::BadCredentials, |t| t.refused.incorrect),
            R::WrongPassword => Self::new(Kind::BadRequest, |t| t.refused.wrong_password).at("password"),
            R::WrongCode => Self::new(Kind::BadCredentials, |t| t.refused.wrong_code).at("otp"),
            // The passkey's sentence, under the status of every sign-in that fails.
            R::Passkey(why @ (passkeys::Refusal::Over | passkeys::Refusal::Rejected(_))) => {
                Self::saying(Kind::BadCredentials, Self::from(why).detail)
            }
            R::Passkey(refusal) => refusal.into(),
            R::AttemptOver => Self::new(Kind::BadCredentials, |t| t.refused.attempt_over),
            R::Stopped(stopped) => Self::too_many_tries(stopped.seconds()),
            R::Busy => Self::new(Kind::Busy, |t| t.refused.busy),
            R::SignupForbidden(Signup::Invite) => Self::new(Kind::SignupForbidden, |t| t.refused.by_invitation),
            R::SignupForbidden(_) => Self::new(Kind::SignupForbidden, |t| t.refused.signup_closed),
            R::BadCode => Self::new(Kind::BadCode, |t| t.refused.bad_code).at("code"),
            R::InvitationOver => Self::new(Kind::BadCode, |t| t.refused.invitation_over),
            R::NoSuchInvitation => Self::new(Kind::NotFound, |t| t.refused.no_such_invitation),
            R::SetupOver => Self::new(Kind::NotFound, |t| t.refused.setup_over),
            R::Invalid(wrong) => {
                let problem = |(field, why)| FieldProblem::new(field, move |t| t.wrong_registration(&why));
                Self::invalid(wrong.into_iter().map(problem).collect())
            }
            R::Account(refusal) => refusal.into(),
            R::Fault(fault) => fault.into(),
        }
    }
}

impl From<oauth::Refusal> for Refusal {
    fn from(refusal: oauth::Refusal) -> Self {
        use oauth::Refusal as R;
        match refusal {
            R::InvalidRequest(detail) => to_program(Kind::BadTokenRequest, detail).with_oauth("invalid_request"),
            R::UnsupportedGrant(grant) => {
                let detail = format!("The grant type {grant:?} is not offered here.");
                to_program(Kind::BadTokenRequest, detail).with_oauth("unsupported_grant_type")
            }
            R::PasswordGrantOff => {
                let detail = "Signing in with a password is not offered to programs here (PASSWORD_GRANT=off).";
                to_program(Kind::BadTokenRequest, detail).with_oauth("unauthorized_client")
            }
            R::FactorRequired(pending) => {
                let methods: Vec<&str> = pending.factors.iter().map(|factor| factor.word()).collect();
                to_program(Kind::FactorRequired, "A second factor is required.")
                    .with_oauth("mfa_required")
                    .with_member("mfa_token", pending.ticket.to_text())
                    .with_member("methods", methods)
            }
            R::EnrolmentRequired => to_program(
                Kind::FactorRequired,
                "A second factor is required here, and none is set up. Sign in with a browser once to set one up.",
            )
            .with_oauth("mfa_required")
            .with_member("methods", Vec::<&str>::new()),
            R::DeadRefreshToken(why) => {
                let detail = "The refresh token is not valid any more. Sign in again.";
                to_program(Kind::BadGrant, detail).with_oauth("invalid_grant").because(Some(Arc::from(why)))
            }
            R::SignIn(refusal) => Self::from(refusal).in_oauths_words(),
            R::Fault(fault) => Self::from(fault).in_oauths_words(),
        }
    }
}

impl From<passkeys::Refusal> for Refusal {
    fn from(refusal: passkeys::Refusal) -> Self {
        use passkeys::Refusal as R;
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Account(refusal) => refusal.into(),
            R::Over => Self::new(Kind::BadPasskey, |t| t.refused.passkey_over),
            R::Rejected(why) => Self::new(Kind::BadPasskey, move |t| about_passkey(t, why)),
            R::Taken => Self::new(Kind::Conflict, |t| t.refused.passkey_taken),
            R::TooMany => Self::new(Kind::Conflict, |t| t.refused.passkeys_many),
            R::LastFactor => Self::new(Kind::Conflict, |t| t.refused.last_factor),
            R::NoSuchPasskey => Self::new(Kind::NotFound, |t| t.refused.no_such_passkey),
            R::Name(bad) => Self::wrong("name", move |t| t.wrong_passkey_name(bad)),
            R::NeedsDomain => Self::new(Kind::Conflict, |t| t.refused.passkey_domain),
            R::Fault(fault) => fault.into(),
        }
    }
}

/// What only programs read, whatever their users speak: OAuth's errors are for developers (RFC 6749 section 5.2).
fn to_program(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::saying(kind, Sentence::as_it_is(detail))
}

fn about_passkey(t: &'static Texts, why: Rejection) -> &'static str {
    match why {
        Rejection::OtherSite => t.refused.passkey_other_site,
        Rejection::NotVerified => t.refused.passkey_not_verified,
        Rejection::Copied => t.refused.passkey_copied,
        Rejection::Unsupported => t.refused.passkey_unsupported,
        Rejection::Unknown => t.refused.passkey_unknown,
        Rejection::Unsound => t.refused.passkey_unsound,
    }
}
