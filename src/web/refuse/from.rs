//! From each capability's refusal to the outside's terms: the one table of statuses and sentences.

use std::sync::Arc;

use super::{FieldProblem, Kind, Refusal};
use crate::config::Signup;
use crate::credentials::passkeys::{self, Rejection};
use crate::platform::db::Fault;
use crate::{access, accounts, audit, credentials, oauth, outbox, sessions, signin, statistics, tokens};

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unavailable(_) => {
                tracing::error!(error = %fault, "the database is not available");
                Self::new(Kind::Unavailable, "The database can't be reached. Try again in a moment.")
            }
            Fault::Taken(_) | Fault::Broken(_) => Self::fault(&fault),
        }
    }
}

impl From<access::Refusal> for Refusal {
    fn from(refusal: access::Refusal) -> Self {
        match refusal {
            access::Refusal::Missing(permission) => {
                Self::new(Kind::Forbidden, format!("This needs the permission {permission}, which you do not hold."))
            }
            access::Refusal::NotFresh => Self::new(Kind::NotFresh, "Fresh token required"),
            access::Refusal::ByKey => Self::new(
                Kind::Forbidden,
                "An API key can't see or change its owner's own account. That takes its owner, signed in.",
            ),
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
            tokens::Refusal::SharedSecret => {
                Self::new(Kind::Conflict, "HS256 signs with SECRET_KEY, which only the operator changes.")
            }
            tokens::Refusal::NothingKnown => Self::new(
                Kind::NotFound,
                "No refused token is known under this request id. It is known within a second and for 7 days; where very \
                 many are refused at once, not all are kept, and a request without any token has nothing to explain.",
            ),
            tokens::Refusal::Fault(fault) => fault.into(),
        }
    }
}

const LAST_FACTOR: &str = "A second factor is required here, so the last one can't be removed (SECOND_FACTOR).";
const WRONG_CODE: &str = "The code is wrong, or was used already.";

impl From<credentials::Refusal> for Refusal {
    fn from(refusal: credentials::Refusal) -> Self {
        use credentials::Refusal as R;
        match refusal {
            R::Wrong => Self::new(Kind::BadRequest, "The current password is wrong.").at("current_password"),
            R::Weak(detail) => Self::invalid(vec![FieldProblem { field: "new_password", detail }]),
            R::WrongCode => Self::new(Kind::BadRequest, WRONG_CODE).at("code"),
            R::FactorThere => {
                Self::new(Kind::Conflict, "An authenticator app is set up already. Remove it first, or go on using it.")
            }
            R::NoFactor => Self::new(Kind::Conflict, "There is no second factor."),
            R::FactorRequired => Self::new(Kind::Conflict, LAST_FACTOR),
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
            outbox::Refusal::NoSuchLetter => Self::new(Kind::NotFound, "There is no such mail."),
            outbox::Refusal::Spent => Self::new(
                Kind::Conflict,
                "The link in this mail is gone, because it was sent or has expired. Whoever needs it asks for a new one.",
            ),
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
                Self::invalid(wrong.into_iter().map(|(field, detail)| FieldProblem { field, detail }).collect())
            }
            R::UsernameTaken => Self::new(Kind::Taken, "Username already registered").at("username"),
            R::EmailTaken => Self::new(Kind::Taken, "Email already registered").at("email"),
            R::NoSuchUser => Self::new(Kind::NotFound, "There is no such user."),
            R::UnknownRole(role) => {
                let detail = format!("There is no role called {role:?}.");
                Self::invalid(vec![FieldProblem { field: "roles", detail }])
            }
            R::Disabled => Self::new(Kind::Conflict, "This account is disabled. Enable it first, then send the mail."),
            R::NoSuchRole => Self::new(Kind::NotFound, "There is no such role."),
            R::RoleTaken => Self::new(Kind::Taken, "There is a role of this name already.").at("name"),
            R::BuiltIn => Self::new(
                Kind::Conflict,
                "The role admin has every permission and stays as it is; the role user can't be renamed or deleted.",
            ),
            R::RoleAboveYou => Self::new(
                Kind::Forbidden,
                "This role gives, or would give, permissions that you do not hold yourself, so you can't change it.",
            ),
            R::Changed => Self::new(
                Kind::Changed,
                "Somebody has changed this since you read it. Read it again, and send the change with the ETag that you get then.",
            ),
            R::LastAdmin => Self::new(
                Kind::Conflict,
                "This is the last administrator, who can't be disabled, demoted or deleted. Make somebody else one first.",
            ),
            R::AboveYou => Self::new(
                Kind::Forbidden,
                "This person holds, or would get, permissions that you do not hold yourself, so you can't change that.",
            ),
            R::UsernameFixed => Self::invalid(vec![FieldProblem {
                field: "username",
                detail: "Usernames stay as they are here, because tokens carry them (TOKEN_PROFILE=fastapi).".into(),
            }]),
            R::Fault(fault) => fault.into(),
        }
    }
}

impl From<signin::Refusal> for Refusal {
    fn from(refusal: signin::Refusal) -> Self {
        use signin::Refusal as R;
        match refusal {
            R::Incorrect => Self::new(Kind::BadCredentials, "Incorrect username or password"),
            R::WrongPassword => Self::new(Kind::BadRequest, "The password is wrong.").at("password"),
            R::WrongCode => Self::new(Kind::BadCredentials, WRONG_CODE).at("otp"),
            // The passkey's sentence, under the status of every sign-in that fails.
            R::Passkey(why @ (passkeys::Refusal::Over | passkeys::Refusal::Rejected(_))) => {
                Self::new(Kind::BadCredentials, Self::from(why).detail)
            }
            R::Passkey(refusal) => refusal.into(),
            R::AttemptOver => Self::new(
                Kind::BadCredentials,
                "This sign-in is over: it took longer than 5 minutes, or too many codes were wrong. Sign in again.",
            ),
            R::Stopped(stopped) => Self::too_many_tries(stopped.seconds()),
            R::Busy => {
                Self::new(Kind::Busy, "Too many people are signing in at this moment. Try again in a few seconds.")
            }
            R::SignupForbidden(Signup::Invite) => {
                Self::new(Kind::SignupForbidden, "An account is made by invitation here. Ask an administrator for one.")
            }
            R::SignupForbidden(_) => {
                Self::new(Kind::SignupForbidden, "Sign-up is closed here. Ask an administrator for an account.")
            }
            R::BadCode => Self::new(
                Kind::BadCode,
                "This link or code does not count any more, or is not complete. Ask for a new mail.",
            )
            .at("code"),
            R::InvitationOver => Self::new(
                Kind::BadCode,
                "This invitation does not count any more. Ask whoever sent it to you for a new one.",
            ),
            R::NoSuchInvitation => Self::new(Kind::NotFound, "There is no such invitation that is still open."),
            R::SetupOver => Self::new(Kind::NotFound, "This setup link no longer works."),
            R::Account(refusal) => refusal.into(),
            R::Fault(fault) => fault.into(),
        }
    }
}

impl From<oauth::Refusal> for Refusal {
    fn from(refusal: oauth::Refusal) -> Self {
        use oauth::Refusal as R;
        match refusal {
            R::InvalidRequest(detail) => Self::new(Kind::BadTokenRequest, detail).with_oauth("invalid_request"),
            R::UnsupportedGrant(grant) => {
                let detail = format!("The grant type {grant:?} is not offered here.");
                Self::new(Kind::BadTokenRequest, detail).with_oauth("unsupported_grant_type")
            }
            R::PasswordGrantOff => {
                let detail = "Signing in with a password is not offered to programs here (PASSWORD_GRANT=off).";
                Self::new(Kind::BadTokenRequest, detail).with_oauth("unauthorized_client")
            }
            R::FactorRequired(pending) => {
                let methods: Vec<&str> = pending.factors.iter().map(|factor| factor.word()).collect();
                Self::new(Kind::FactorRequired, "A second factor is required.")
                    .with_oauth("mfa_required")
                    .with_member("mfa_token", pending.ticket.to_text())
                    .with_member("methods", methods)
            }
            R::EnrolmentRequired => Self::new(
                Kind::FactorRequired,
                "A second factor is required here, and none is set up. Sign in with a browser once to set one up.",
            )
            .with_oauth("mfa_required")
            .with_member("methods", Vec::<&str>::new()),
            R::DeadRefreshToken(why) => {
                let detail = "The refresh token is not valid any more. Sign in again.";
                Self::new(Kind::BadGrant, detail).with_oauth("invalid_grant").because(Some(Arc::from(why)))
            }
            R::SignIn(refusal) => {
                let refusal = Self::from(refusal);
                let word = oauth_word(refusal.kind);
                refusal.with_oauth(word)
            }
            R::Fault(fault) => {
                let refusal = Self::from(fault);
                let word = oauth_word(refusal.kind);
                refusal.with_oauth(word)
            }
        }
    }
}

impl From<passkeys::Refusal> for Refusal {
    fn from(refusal: passkeys::Refusal) -> Self {
        use passkeys::Refusal as R;
        match refusal {
            R::Denied(denied) => denied.into(),
            R::Account(refusal) => refusal.into(),
            R::Over => Self::new(Kind::BadPasskey, "This took too long, or was answered before. Begin again."),
            R::Rejected(why) => Self::new(Kind::BadPasskey, about_passkey(why)),
            R::Taken => Self::new(Kind::Conflict, "This passkey is registered already."),
            R::TooMany => Self::new(Kind::Conflict, "There are 20 passkeys already. Remove one that you don't use."),
            R::LastFactor => Self::new(Kind::Conflict, LAST_FACTOR),
            R::NoSuchPasskey => Self::new(Kind::NotFound, "You have no such passkey."),
            R::Name(detail) => Self::invalid(vec![FieldProblem { field: "name", detail }]),
            R::NeedsDomain => Self::new(
                Kind::Conflict,
                "Passkeys are made for a domain, and this installation is reached at a bare address (PUBLIC_URL).",
            ),
            R::Fault(fault) => fault.into(),
        }
    }
}

fn about_passkey(why: Rejection) -> &'static str {
    match why {
        Rejection::OtherSite => "This passkey was asked for by, or made for, another site than this.",
        Rejection::NotVerified => {
            "The device did not check that it is you. Set up its PIN, fingerprint or face recognition and try again."
        }
        Rejection::Copied => "This passkey has been used elsewhere since, so there may be a copy of it. Remove it.",
        Rejection::Unsupported => "This device makes a kind of passkey that is not supported here.",
        Rejection::Unknown => "This passkey is not known here.",
        Rejection::Unsound => "What the device answered could not be read, or its signature is wrong.",
    }
}

fn oauth_word(kind: Kind) -> &'static str {
    match kind {
        Kind::BadCredentials => "invalid_grant",
        Kind::Busy | Kind::Unavailable | Kind::TooManyTries => "temporarily_unavailable",
        Kind::Internal => "server_error",
        _ => "invalid_request",
    }
}
