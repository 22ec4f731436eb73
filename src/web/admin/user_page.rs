//! Everything about one user on one page.

use actix_web::HttpRequest;
use askama::Template;
use serde_json::{Value, json};

use super::user_theirs::{Read, Theirs};
use crate::access::{Caller, words};
use crate::accounts::{self, AdminEdit, Standing, User};
use crate::app::App;
use crate::config::TokenProfile;
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::web::chrome::{Chrome, Section, When};
use crate::web::curl;
use crate::web::form::FieldErrors;
use crate::web::refuse::Refusal;

#[derive(Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    c: Chrome,
    id: String,
    /// Whom the page is about, whatever was typed.
    known: Names,
    /// What stands in the form.
    typed: Names,
    rename: bool,
    email_verified: bool,
    roles: Vec<RoleChoice>,
    /// The state that the forms change.
    version: String,
    /// How it stands now, where somebody else was faster.
    now: Vec<(&'static str, String)>,
    disabled: bool,
    created: When,
    theirs: Theirs,
    may_write: bool,
    may_roles: bool,
    may_end: bool,
    is_me: bool,
    errors: FieldErrors,
    commands: Commands,
}

/// What somebody is called.
pub struct Names {
    pub username: String,
    pub email: String,
    pub name: String,
}

impl Names {
    fn of(user: &User) -> Self {
        let name = user.name.clone().unwrap_or_default();
        Self { username: user.username.clone(), email: user.email.clone(), name }
    }
}

/// A role as a box to tick.
pub struct RoleChoice {
    pub name: String,
    pub chosen: bool,
    /// Nobody gives what they do not hold.
    pub allowed: bool,
    pub description: String,
    /// As the field for it has it; empty for good.
    pub until: String,
}

/// What somebody has typed, and what became of it; what they have not stays as it is.
#[derive(Default)]
pub struct Typed {
    pub edit: AdminEdit,
    /// The roles that are ticked, each with its end.
    pub roles: Option<Vec<(String, String)>>,
    /// The state that they had before them.
    pub version: Option<String>,
    pub errors: FieldErrors,
    /// Somebody else was faster.
    pub overtaken: bool,
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
        typed: Typed,
    ) -> Result<Self, Refusal> {
        let user = accounts::look_up(app, caller, id).await?;
        let theirs = Read::of(app, caller, &user).await?;
        let ticked = typed.roles.clone().unwrap_or_else(|| ticked(&user));
        let roles = role_choices(app, caller, &ticked).await?;
        let c = Chrome::new(app, request, Some(caller), Section::AdminUsers)
            .with_notice_about(request, &user.username)
            .with_command(curl::LIST_FACTORS.command(app, user.id.as_str()));
        let Typed { edit, version, errors, overtaken, .. } = typed;
        Ok(Self {
            version: version.unwrap_or_else(|| user.version().as_str().to_owned()),
            now: if overtaken { stands_now(&c, &user) } else { Vec::new() },
            id: user.id.as_str().to_owned(),
            rename: app.config.token_profile == TokenProfile::Rfc9068,
            email_verified: user.email_verified,
            disabled: user.standing == Standing::Disabled,
            created: c.when(user.created_at),
            theirs: theirs.shown(&c, caller),
            may_write: caller.may(words::USERS_WRITE),
            may_roles: caller.may(words::ROLES_WRITE),
            may_end: caller.may(words::SESSIONS_WRITE),
            is_me: user.id == caller.user,
            commands: Commands::new(app, &user),
            known: Names::of(&user),
            typed: Names {
                username: edit.username.unwrap_or(user.username),
                email: edit.email.unwrap_or(user.email),
                name: edit.name.or(user.name).unwrap_or_default(),
            },
            roles,
            errors,
            c,
        })
    }
}

/// Every role, those that somebody has ticked with their ends, those beyond the caller greyed.
///
/// # Errors
/// A fault.
pub async fn role_choices(app: &App, caller: &Caller, ticked: &[(String, String)]) -> Result<Vec<RoleChoice>, Refusal> {
    let choice = |role: accounts::Choice| {
        let chosen = ticked.iter().find(|(name, _)| *name == role.name);
        RoleChoice {
            chosen: chosen.is_some(),
            until: chosen.map(|(_, until)| until.clone()).unwrap_or_default(),
            allowed: role.allowed,
            description: role.description,
            name: role.name,
        }
    };
    let mut choices: Vec<_> = accounts::grantable_roles(app, caller).await?.into_iter().map(choice).collect();
    // Of many, those that somebody has are seen first.
    choices.sort_by_key(|choice| !choice.chosen);
    Ok(choices)
}

/// The roles of somebody, as the form has them.
fn ticked(user: &User) -> Vec<(String, String)> {
    let each = user.grants().into_iter();
    each.map(|grant| (grant.role, grant.until.map(UnixTime::local).unwrap_or_default())).collect()
}

fn stands_now(c: &Chrome, user: &User) -> Vec<(&'static str, String)> {
    let fields = &c.t.fields;
    let roles = user.grants().into_iter().map(|grant| match grant.until {
        Some(until) => format!("{} ({} {})", grant.role, c.t.roles.until, c.when(until).full),
        None => grant.role,
    });
    vec![
        (fields.username, user.username.clone()),
        (fields.email, user.email.clone()),
        (fields.name, user.name.clone().unwrap_or_default()),
        (c.t.user.roles, roles.collect::<Vec<_>>().join(", ")),
    ]
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
        let name = user.name.as_deref().unwrap_or_default();
        let roles: Vec<Value> = user
            .grants()
            .into_iter()
            .map(|grant| match grant.until {
                Some(until) => json!({ "name": grant.role, "until": until.rfc3339() }),
                None => json!(grant.role),
            })
            .collect();
        Self {
            edit: curl::EDIT_USER.command_with(app, id, &json!({ "name": name })),
            roles: curl::SET_ROLES.command_with(app, id, &json!({ "roles": roles })),
            disable: curl::DISABLE_USER.command(app, id),
            enable: curl::ENABLE_USER.command(app, id),
            end_sessions: curl::END_SESSIONS.command(app, id),
            reset_password: curl::RESET_PASSWORD.command(app, id),
            bypass: curl::BYPASS.command(app, id),
        }
    }
}
