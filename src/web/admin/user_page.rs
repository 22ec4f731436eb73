//! Everything about one user on one page.

use actix_web::HttpRequest;
use askama::Template;
use serde_json::json;

use crate::access::{Caller, words};
use crate::accounts::{self, AdminEdit, Standing, User};
use crate::app::App;
use crate::audit::{self, Fact};
use crate::config::TokenProfile;
use crate::credentials::factors;
use crate::platform::ids::UserId;
use crate::sessions::Asked;
use crate::web::chrome::{Chrome, EventRow, Section, SessionRow, When};
use crate::web::curl;
use crate::web::form::FieldErrors;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;

/// Events that are shown.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    c: Chrome,
    id: String,
    username: String,
    rename: bool,
    email: String,
    email_verified: bool,
    name: String,
    roles: Vec<RoleChoice>,
    disabled: bool,
    second_factor: bool,
    created: When,
    last_sign_in: Option<When>,
    sessions: Vec<SessionRow>,
    more_sessions: bool,
    history: Vec<EventRow>,
    may_write: bool,
    may_roles: bool,
    may_end: bool,
    is_me: bool,
    errors: FieldErrors,
    commands: Commands,
}

/// A role as a box to tick.
pub struct RoleChoice {
    pub name: String,
    pub chosen: bool,
    /// Nobody gives what they do not hold.
    pub allowed: bool,
}

impl UserPage {
    /// Reads all of it; what was typed stands in place of what is.
    ///
    /// # Errors
    /// Without `users:read`; no such user; a fault.
    pub async fn read(
        app: &App,
        request: &HttpRequest,
        caller: &Caller,
        id: UserId,
        (typed, errors): (AdminEdit, FieldErrors),
    ) -> Result<Self, Refusal> {
        let user = accounts::look_up(app, caller, id.clone()).await?;
        let newest = Asked { after: None, limit: PageQuery::PAGE };
        let sessions = accounts::sessions_of(app, caller, id.clone(), newest).await?;
        let history = match caller.may(words::AUDIT_READ) {
            true => audit::latest(app, caller, Some(id), SHOWN).await?,
            false => Vec::new(),
        };
        let held = factors::of_user(app, caller, user.id.clone()).await?;
        let roles = role_choices(app, caller, &user.roles).await?;
        let c = Chrome::new(app, request, Some(caller), Section::AdminUsers).with_notice_about(request, &user.username);
        let last_sign_in = history.iter().find(|entry| entry.fact == Fact::SignedIn).map(|entry| c.when(entry.at));
        Ok(Self {
            id: user.id.as_str().to_owned(),
            rename: app.config.token_profile == TokenProfile::Rfc9068,
            email_verified: user.email_verified,
            disabled: user.standing == Standing::Disabled,
            second_factor: held.any(),
            created: c.when(user.created_at),
            last_sign_in,
            more_sessions: sessions.next.is_some(),
            sessions: c.sessions(sessions.items, caller),
            history: c.events(history),
            may_write: caller.may(words::USERS_WRITE),
            may_roles: caller.may(words::ROLES_WRITE),
            may_end: caller.may(words::SESSIONS_WRITE),
            is_me: user.id == caller.user,
            commands: Commands::new(app, &user),
            username: typed.username.unwrap_or(user.username),
            email: typed.email.unwrap_or(user.email),
            name: typed.name.or(user.name).unwrap_or_default(),
            roles,
            errors,
            c,
        })
    }
}

/// Every role, those that somebody has ticked, those beyond the caller greyed.
///
/// # Errors
/// A fault.
pub async fn role_choices(app: &App, caller: &Caller, chosen: &[String]) -> Result<Vec<RoleChoice>, Refusal> {
    let grantable = accounts::grantable_roles(app, caller).await?;
    let choice = |(name, allowed): (String, bool)| RoleChoice { chosen: chosen.contains(&name), allowed, name };
    Ok(grantable.into_iter().map(choice).collect())
}

/// What each form of the page does, as a command.
struct Commands {
    edit: String,
    roles: String,
    disable: String,
    enable: String,
    end_sessions: String,
    reset_password: String,
    bypass: String,
}

impl Commands {
    fn new(app: &App, user: &User) -> Self {
        let id = user.id.as_str();
        let name = user.name.as_deref().unwrap_or(&user.username);
        Self {
            edit: curl::EDIT_USER.command_with(app, id, &json!({ "name": name })),
            roles: curl::SET_ROLES.command_with(app, id, &json!({ "roles": user.roles })),
            disable: curl::DISABLE_USER.command(app, id),
            enable: curl::ENABLE_USER.command(app, id),
            end_sessions: curl::END_SESSIONS.command(app, id),
            reset_password: curl::RESET_PASSWORD.command(app, id),
            bypass: curl::BYPASS.command(app, id),
        }
    }
}
