//! From each capability's refusal to one sentence for the person at the console.

use crate::app::App;
use crate::texts::EN;
use crate::{access, accounts, audit, credentials, health, signin, tokens, transfer};

pub fn account(app: &App, refusal: accounts::Refusal) -> String {
    use accounts::Refusal as R;
    match refusal {
        R::Denied(denied) => access(denied),
        R::Invalid(wrong) => wrong
            .into_iter()
            .map(|(field, why)| format!("{field}: {}", EN.wrong_account(&why)))
            .collect::<Vec<_>>()
            .join(" "),
        R::UsernameTaken => "that username is registered already".into(),
        R::EmailTaken => "that email address is registered already".into(),
        R::NoSuchUser => "there is no such user".into(),
        R::UnknownRole(role) => format!("there is no role called {role:?}"),
        R::Disabled => "this account is disabled; enable it first".into(),
        R::NoSuchRole => "there is no such role".into(),
        R::RoleTaken => "there is a role of that name already".into(),
        R::BuiltIn => "the roles admin and user come with the house".into(),
        R::RoleAboveYou => "this role gives what you do not hold".into(),
        R::Changed => "somebody has changed it meanwhile".into(),
        R::LastAdmin => "this is the last administrator; make somebody else one first".into(),
        R::AboveYou => "this person holds what you do not".into(),
        R::UsernameFixed => "usernames stay as they are with TOKEN_PROFILE=fastapi".into(),
        R::Fault(fault) => app.config.explain(&fault),
    }
}

fn access(refusal: access::Refusal) -> String {
    match refusal {
        access::Refusal::Missing(permission) => format!("this needs the permission {permission}"),
        access::Refusal::NotFresh => "this needs a fresh proof of identity".into(),
        access::Refusal::ByKey => "this is not for API keys".into(),
    }
}

pub fn audit(app: &App, refusal: audit::Refusal) -> String {
    match refusal {
        audit::Refusal::Denied(denied) => access(denied),
        audit::Refusal::Unreadable(why) => why,
        audit::Refusal::Fault(fault) => app.config.explain(&fault),
    }
}

pub fn tokens(app: &App, refusal: tokens::Refusal) -> String {
    match refusal {
        tokens::Refusal::Denied(denied) => access(denied),
        tokens::Refusal::SharedSecret => "HS256 signs with SECRET_KEY, which seals what is in the database too and is never rotated: with ALGORITHM=ES256 keys are".into(),
        tokens::Refusal::NothingKnown => "no refusal is known by that id".into(),
        tokens::Refusal::Fault(fault) => app.config.explain(&fault),
    }
}

pub fn signin(app: &App, refusal: signin::Refusal) -> String {
    use signin::Refusal as R;
    match refusal {
        R::Account(refusal) => account(app, refusal),
        R::Invalid(wrong) => {
            let said = wrong.into_iter().map(|(field, why)| format!("{field}: {}", EN.wrong_registration(&why)));
            said.collect::<Vec<_>>().join(" ")
        }
        R::Fault(fault) => app.config.explain(&fault),
        R::Busy => "too many passwords are waiting to be hashed".into(),
        R::Incorrect
        | R::WrongPassword
        | R::WrongCode
        | R::BadCode
        | R::Passkey(_)
        | R::AttemptOver
        | R::Stopped(_)
        | R::SignupForbidden(_)
        | R::InvitationOver
        | R::NoSuchInvitation
        | R::SetupOver => "that was refused".into(),
    }
}

pub fn credentials(app: &App, refusal: credentials::Refusal) -> String {
    match refusal {
        credentials::Refusal::Denied(denied) => access(denied),
        credentials::Refusal::Wrong => "the current password is wrong".into(),
        credentials::Refusal::Weak(why) => EN.weak_password(&why),
        credentials::Refusal::WrongCode => "the code is wrong".into(),
        credentials::Refusal::FactorThere => "an authenticator app is set up already".into(),
        credentials::Refusal::NoFactor => "there is no second factor".into(),
        credentials::Refusal::FactorRequired => "a second factor is required (SECOND_FACTOR)".into(),
        credentials::Refusal::Stopped(stopped) => format!("too many tries: wait {} seconds", stopped.seconds()),
        credentials::Refusal::BadCode => "that code does not count any more".into(),
        credentials::Refusal::Busy => "too many passwords are waiting to be hashed".into(),
        credentials::Refusal::Account(refusal) => account(app, refusal),
        credentials::Refusal::Fault(fault) => app.config.explain(&fault),
    }
}

pub fn transfer(app: &App, refusal: transfer::Refusal) -> String {
    match refusal {
        transfer::Refusal::Denied(denied) => access(denied),
        transfer::Refusal::Unreadable(why) => why,
        transfer::Refusal::TooLarge => "the file is larger than 1 GB: split it, or name it instead of piping it".into(),
        transfer::Refusal::NoSuchImport => "there is no such import".into(),
        transfer::Refusal::NotNow => "the import is in another state by now".into(),
        transfer::Refusal::NotYours => "somebody who may do more has sent this".into(),
        transfer::Refusal::TooManyWaiting => "too many files are waiting already".into(),
        transfer::Refusal::NoRoom => "the disk of the data folder has no room for the file".into(),
        transfer::Refusal::NotForYou => "this needs every permission".into(),
        transfer::Refusal::Fault(fault) => app.config.explain(&fault),
    }
}

pub fn health(app: &App, refusal: health::Refusal) -> String {
    match refusal {
        health::Refusal::Denied(denied) => access(denied),
        health::Refusal::Fault(fault) => app.config.explain(&fault),
    }
}
