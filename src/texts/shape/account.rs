//! One's own account.

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
}

pub struct Sessions {
    pub title: &'static str,
    pub about: &'static str,
    pub manage: &'static str,
    pub only_here: &'static str,
    pub(in crate::texts) elsewhere_one: &'static str,
    pub(in crate::texts) elsewhere_many: &'static str,
    pub here: &'static str,
    pub living: &'static str,
    pub no_more: &'static str,
    pub started: &'static str,
    pub last_used: &'static str,
    pub(in crate::texts) end_one: &'static str,
    pub end_others: &'static str,
    pub end_others_about: &'static str,
    pub reused_one: &'static str,
    pub reused_many: &'static str,
    pub reused_mend: &'static str,
    pub over: &'static str,
    pub over_about: &'static str,
    pub signed_out: &'static str,
    pub ended_by_you: &'static str,
    pub ended_by_admin: &'static str,
    pub ended_by_app: &'static str,
    pub account_disabled: &'static str,
    pub password_set: &'static str,
    pub token_reused: &'static str,
    pub idle: &'static str,
    pub aged: &'static str,
    pub ended_somehow: &'static str,
    pub unknown_device: &'static str,
    pub(in crate::texts) device: &'static str,
}

pub struct Factors {
    pub title: &'static str,
    pub about: &'static str,
    pub manage: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    pub none: &'static str,
    pub some: &'static str,
    pub required: &'static str,
    pub app: &'static str,
    pub app_about: &'static str,
    pub since: &'static str,
    pub set_up: &'static str,
    pub remove: &'static str,
    pub remove_title: &'static str,
    pub remove_about: &'static str,
    pub codes: &'static str,
    pub codes_about: &'static str,
    pub codes_none: &'static str,
    pub codes_unkept: &'static str,
    pub codes_new: &'static str,
    pub(in crate::texts) codes_left_one: &'static str,
    pub(in crate::texts) codes_left: &'static str,
}

pub struct PasswordTexts {
    pub title: &'static str,
    pub about: &'static str,
    pub heading: &'static str,
    pub heading_about: &'static str,
    pub current: &'static str,
    pub new: &'static str,
    pub change: &'static str,
}

pub struct Activity {
    pub title: &'static str,
    pub about: &'static str,
    pub show: &'static str,
    pub none: &'static str,
}

pub struct Data {
    pub title: &'static str,
    pub about: &'static str,
    pub download: &'static str,
}

pub struct Delete {
    pub title: &'static str,
    pub about: &'static str,
    pub take_along: &'static str,
    pub download: &'static str,
    pub type_name: &'static str,
    pub not_the_name: &'static str,
    pub delete: &'static str,
    pub heading: &'static str,
    pub heading_about: &'static str,
}
