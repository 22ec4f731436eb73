//! What the pages about one role show.

use actix_web::HttpRequest;
use askama::Template;
use serde_json::json;

use super::permissions::{Group, grouped};
use super::roles::described;
use crate::access::{Caller, Permission, PermissionSet, words};
use crate::accounts::{self, Listed, RoleEdit};
use crate::app::App;
use crate::platform::ids::RoleId;
use crate::web::chrome::{Chrome, Section};
use crate::web::curl;
use crate::web::form::FieldErrors;
use crate::web::refuse::Refusal;

/// Known words that the form has a box for; who has more than these types them.
const BOXES: usize = 500;

/// What somebody has typed, and what became of it; what they have not stays as it is.
#[derive(Default)]
pub struct Typed {
    pub name: Option<String>,
    pub description: Option<String>,
    pub words: Option<Vec<String>>,
    /// The state that they had before them.
    pub version: Option<String>,
    pub errors: FieldErrors,
    /// Somebody else was faster.
    pub overtaken: bool,
}

impl Typed {
    pub fn edit(&self) -> RoleEdit {
        RoleEdit { name: self.name.clone(), description: self.description.clone(), permissions: self.words.clone() }
    }
}

#[derive(Template)]
#[template(path = "admin/role.html")]
pub struct RolePage {
    c: Chrome,
    /// None for the one that is yet to be made.
    id: Option<String>,
    title: String,
    lead: String,
    name: String,
    description: String,
    /// Words as they are ticked.
    chosen: Vec<String>,
    groups: Vec<Group>,
    /// What the one who looks holds; the rest they can neither give nor take away.
    held: PermissionSet,
    /// Words that are in no box.
    more: String,
    holders: String,
    version: String,
    now: Vec<(&'static str, String)>,
    can: Can,
    built_in: bool,
    errors: FieldErrors,
}

/// What can be done with a role here, and by the one who looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Can {
    Edit,
    /// It is `admin`.
    Nothing,
    /// Without `roles:write`.
    Look,
    /// It gives more than they hold.
    LookUp,
}

impl RolePage {
    /// A form for a new role.
    ///
    /// # Errors
    /// A fault.
    pub async fn of_new(app: &App, request: &HttpRequest, caller: &Caller, typed: Typed) -> Result<Self, Refusal> {
        let new = json!({"name": "clerk", "permissions": ["invoices:approve"]});
        let c = Chrome::new(app, request, Some(caller), Section::AdminRoles)
            .with_command(curl::CREATE_ROLE.command_with(app, "", &new));
        let shown = Self {
            id: None,
            title: c.t.roles.new_title.to_owned(),
            lead: c.t.roles.new_about.to_owned(),
            name: String::new(),
            description: String::new(),
            chosen: Vec::new(),
            groups: Vec::new(),
            held: caller.permissions.clone(),
            more: String::new(),
            holders: String::new(),
            version: String::new(),
            now: Vec::new(),
            can: Can::Edit,
            built_in: false,
            errors: FieldErrors::default(),
            c,
        };
        shown.with(app, caller, typed).await
    }

    /// A role, to be changed by whoever may.
    ///
    /// # Errors
    /// Without `users:read`; no such role; a fault.
    pub async fn of_one(
        app: &App,
        request: &HttpRequest,
        caller: &Caller,
        id: RoleId,
        typed: Typed,
    ) -> Result<Self, Refusal> {
        let listed = accounts::look_up_role(app, caller, id).await?;
        let (version, role, can) = (listed.version(), &listed.role, can(caller, &listed));
        let chosen: Vec<String> = role.permissions.iter().map(|word| word.as_str().to_owned()).collect();
        let edit = curl::EDIT_ROLE.command_with(app, role.id.as_str(), &json!({ "permissions": chosen }));
        let c = Chrome::new(app, request, Some(caller), Section::AdminRoles)
            .with_command((can == Can::Edit).then_some(edit));
        let shown = Self {
            id: Some(role.id.as_str().to_owned()),
            title: role.name.clone(),
            lead: described(&c, role),
            name: role.name.clone(),
            description: role.description.clone(),
            groups: Vec::new(),
            held: caller.permissions.clone(),
            more: String::new(),
            holders: c.t.holders(listed.holders),
            version: version.as_str().to_owned(),
            now: if typed.overtaken { stands_now(&c, &listed) } else { Vec::new() },
            can,
            built_in: role.is_built_in(),
            errors: FieldErrors::default(),
            chosen,
            c,
        };
        shown.with(app, caller, typed).await
    }

    /// What was typed stands in place of what is.
    async fn with(mut self, app: &App, caller: &Caller, typed: Typed) -> Result<Self, Refusal> {
        let known = match caller.may(words::USERS_READ) {
            true => {
                accounts::known_words(app, caller, None, BOXES).await?.items.into_iter().map(|w| w.permission).collect()
            }
            // Whoever makes roles without seeing others' is offered what they hold.
            false => caller.permissions.iter().map(|word| word.as_str().to_owned()).collect::<Vec<_>>(),
        };
        self.name = typed.name.unwrap_or(self.name);
        self.description = typed.description.unwrap_or(self.description);
        self.chosen = typed.words.unwrap_or(self.chosen);
        self.version = typed.version.unwrap_or(self.version);
        self.errors = typed.errors;
        let unknown: Vec<&str> = self.chosen.iter().filter(|word| !known.contains(word)).map(String::as_str).collect();
        self.more = unknown.join(" ");
        self.groups = grouped(known, &self.c);
        Ok(self)
    }

    fn is_chosen(&self, word: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == word)
    }

    fn is_yours(&self, word: &str) -> bool {
        Permission::parse(word).is_some_and(|word| self.held.covers(&PermissionSet::from_iter([word])))
    }

    /// An administrator makes up words that nobody has used yet.
    fn may_make_up(&self) -> bool {
        let unheard_of = Permission::parse("a-word:that-nobody-names-yet");
        unheard_of.is_some_and(|word| self.held.covers(&PermissionSet::from_iter([word])))
    }
}

fn can(caller: &Caller, Listed { role, .. }: &Listed) -> Can {
    match (role.is_admin(), caller.may(words::ROLES_WRITE)) {
        (true, _) => Can::Nothing,
        (_, false) => Can::Look,
        _ if !caller.permissions.covers(&role.permissions) => Can::LookUp,
        _ => Can::Edit,
    }
}

fn stands_now(c: &Chrome, Listed { role, .. }: &Listed) -> Vec<(&'static str, String)> {
    let words: Vec<&str> = role.permissions.iter().map(Permission::as_str).collect();
    vec![
        (c.t.roles.name, role.name.clone()),
        (c.t.roles.description, role.description.clone()),
        (c.t.roles.permissions, words.join(", ")),
    ]
}

#[derive(Template)]
#[template(path = "admin/role_delete.html")]
pub struct DeletePage {
    c: Chrome,
    id: String,
    name: String,
    holders: String,
    held_by_somebody: bool,
    words: Vec<String>,
    version: String,
    /// It has changed since this was asked.
    overtaken: bool,
}

impl DeletePage {
    pub fn overtaken(self) -> Self {
        Self { overtaken: true, ..self }
    }

    /// # Errors
    /// Without `users:read`; no such role, or one that stays; a fault.
    pub async fn read(app: &App, request: &HttpRequest, caller: &Caller, id: RoleId) -> Result<Self, Refusal> {
        let listed = accounts::look_up_role(app, caller, id).await?;
        if listed.role.is_built_in() {
            return Err(accounts::Refusal::BuiltIn.into());
        }
        let c = Chrome::new(app, request, Some(caller), Section::AdminRoles)
            .with_command(curl::DELETE_ROLE.command(app, listed.role.id.as_str()));
        Ok(Self {
            version: listed.version().as_str().to_owned(),
            holders: c.t.holders(listed.holders),
            held_by_somebody: listed.holders > 0,
            words: listed.role.permissions.iter().map(|word| word.as_str().to_owned()).collect(),
            id: listed.role.id.as_str().to_owned(),
            name: listed.role.name,
            overtaken: false,
            c,
        })
    }
}
