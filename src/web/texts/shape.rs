//! The words by page. A field that only this module and its methods see holds a pattern with a `{}` in it.

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

pub struct Login {
    pub no_account: &'static str,
}

pub struct Signup {
    pub title: &'static str,
    pub email_help: &'static str,
    pub have_account: &'static str,
    pub closed_title: &'static str,
    pub closed_about: &'static str,
    pub closed_mend: &'static str,
}

pub struct Setup {
    pub title: &'static str,
    pub about: &'static str,
    pub email_help: &'static str,
    pub create: &'static str,
    pub expired_title: &'static str,
    pub expired_about: &'static str,
    pub expired_mend: &'static str,
    pub expired_have: &'static str,
}

pub struct Account {
    pub title: &'static str,
    pub about: &'static str,
    pub you: &'static str,
    pub you_about: &'static str,
    pub username: &'static str,
    pub email: &'static str,
    pub verified: &'static str,
    pub unverified: &'static str,
    pub roles: &'static str,
    pub no_roles: &'static str,
    pub since: &'static str,
    pub name: &'static str,
    pub name_about: &'static str,
    pub sessions: &'static str,
    pub sessions_about: &'static str,
    pub here: &'static str,
    pub started: &'static str,
    pub last_used: &'static str,
    pub end_others: &'static str,
    pub end_others_about: &'static str,
    pub(super) end_one: &'static str,
}

pub struct Sessions {
    pub unknown_device: &'static str,
    pub(super) device: &'static str,
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

pub struct Overview {
    pub title: &'static str,
    pub about: &'static str,
    pub lately: &'static str,
    pub quiet_title: &'static str,
    pub quiet: &'static str,
    pub first_steps: &'static str,
    pub first_steps_about: &'static str,
    pub step_people: &'static str,
    pub step_people_about: &'static str,
    pub step_app: &'static str,
    pub step_app_about: &'static str,
}

pub struct Users {
    pub title: &'static str,
    pub about: &'static str,
    pub create: &'static str,
    pub filters: &'static str,
    pub search: &'static str,
    pub role: &'static str,
    pub any_role: &'static str,
    pub status: &'static str,
    pub any_status: &'static str,
    pub active: &'static str,
    pub disabled: &'static str,
    pub sort: &'static str,
    pub by_name: &'static str,
    pub by_name_back: &'static str,
    pub newest: &'static str,
    pub oldest: &'static str,
    pub user: &'static str,
    pub email: &'static str,
    pub roles: &'static str,
    pub created: &'static str,
    pub actions: &'static str,
    pub unverified: &'static str,
    pub first_page: &'static str,
    pub next_page: &'static str,
    pub pages: &'static str,
    pub none_title: &'static str,
    pub none: &'static str,
    pub no_match_title: &'static str,
    pub no_match: &'static str,
    pub clear: &'static str,
    pub(super) actions_for: &'static str,
    pub(super) shown_one: &'static str,
    pub(super) shown: &'static str,
}

pub struct User {
    pub new_title: &'static str,
    pub new_about: &'static str,
    pub new_password_help: &'static str,
    pub facts: &'static str,
    pub id: &'static str,
    pub created: &'static str,
    pub last_sign_in: &'static str,
    pub never: &'static str,
    pub profile: &'static str,
    pub roles: &'static str,
    pub roles_help: &'static str,
    pub role_not_yours: &'static str,
    pub no_roles_exist: &'static str,
    pub save_roles: &'static str,
    pub sessions: &'static str,
    pub no_sessions: &'static str,
    pub more_sessions: &'static str,
    pub end_sessions: &'static str,
    pub history: &'static str,
    pub no_history: &'static str,
    pub read_only: &'static str,
    pub me: &'static str,
    pub command: &'static str,
    pub command_about: &'static str,
    pub danger_about: &'static str,
    pub danger_me: &'static str,
    pub disabled_now: &'static str,
    pub(super) disable_one: &'static str,
    pub(super) enable_one: &'static str,
    pub(super) by: &'static str,
    pub(super) from: &'static str,
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
    pub(super) created: &'static str,
    pub(super) disabled: &'static str,
    pub(super) enabled: &'static str,
    pub roles_saved: &'static str,
    pub(super) sessions_ended: &'static str,
}

pub struct Ago {
    pub(super) now: &'static str,
    pub(super) minutes: &'static str,
    pub(super) hours: &'static str,
    pub(super) yesterday: &'static str,
    pub(super) days: &'static str,
}
