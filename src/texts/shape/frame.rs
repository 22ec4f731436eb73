//! What surrounds every page, and what several say.

/// What stands on buttons and links.
pub struct Words {
    pub sign_in: &'static str,
    pub sign_up: &'static str,
    pub sign_out: &'static str,
    pub create: &'static str,
    pub save: &'static str,
    pub disable: &'static str,
    pub enable: &'static str,
    pub end: &'static str,
    pub search: &'static str,
    pub open: &'static str,
    pub more: &'static str,
    pub cancel: &'static str,
    pub show: &'static str,
    pub hide: &'static str,
}

/// What surrounds every page.
pub struct ChromeTexts {
    pub skip: &'static str,
    pub menu: &'static str,
    pub sections: &'static str,
    pub administration: &'static str,
    pub developers: &'static str,
    pub account: &'static str,
    pub overview: &'static str,
    pub users: &'static str,
    pub refusals: &'static str,
    pub try_api: &'static str,
    pub check_these: &'static str,
}

pub struct Fields {
    pub username: &'static str,
    pub username_or_email: &'static str,
    pub username_help: &'static str,
    pub username_fixed: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub password_help: &'static str,
    pub password_again: &'static str,
    pub show_password: &'static str,
    pub hide_password: &'static str,
    pub name: &'static str,
    pub name_help: &'static str,
    pub optional: &'static str,
}

pub struct ErrorTexts {
    pub home: &'static str,
    pub status: &'static str,
    pub request: &'static str,
    pub request_about: &'static str,
    pub problem_kind: &'static str,
    pub meaning: &'static str,
    pub mend: &'static str,
    pub machine: &'static str,
    pub machine_about: &'static str,
}

pub struct Docs {
    pub title: &'static str,
    pub about: &'static str,
    pub no_script: &'static str,
    pub reference: &'static str,
    pub version: &'static str,
    pub routes: &'static str,
    pub contents: &'static str,
    pub permission: &'static str,
    pub parameters: &'static str,
    pub body: &'static str,
    pub required: &'static str,
    pub answers: &'static str,
    pub example: &'static str,
}

/// What a page says after an action went through.
pub struct Notices {
    pub saved: &'static str,
    pub signed_out: &'static str,
    pub session_ended: &'static str,
    pub others_ended: &'static str,
    pub password_changed: &'static str,
    pub factor_added: &'static str,
    pub factor_removed: &'static str,
    pub account_deleted: &'static str,
    pub(in crate::texts) created: &'static str,
    pub(in crate::texts) disabled: &'static str,
    pub(in crate::texts) enabled: &'static str,
    pub roles_saved: &'static str,
    pub(in crate::texts) sessions_ended: &'static str,
}

pub struct Ago {
    pub(in crate::texts) now: &'static str,
    pub(in crate::texts) minutes: &'static str,
    pub(in crate::texts) hours: &'static str,
    pub(in crate::texts) yesterday: &'static str,
    pub(in crate::texts) days: &'static str,
}
