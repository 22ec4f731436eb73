//! Signing in and up.

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

pub struct Factor {
    pub title: &'static str,
    pub about: &'static str,
    pub code: &'static str,
    pub code_help: &'static str,
    pub go_on: &'static str,
    pub lost: &'static str,
    pub start_again: &'static str,
    pub over: &'static str,
    pub enrol_title: &'static str,
    pub enrol_about: &'static str,
    pub begin: &'static str,
    pub scan: &'static str,
    pub scan_alt: &'static str,
    pub type_instead: &'static str,
    pub first_code: &'static str,
    pub first_code_help: &'static str,
    pub try_again: &'static str,
    pub confirm: &'static str,
}

pub struct Codes {
    pub title: &'static str,
    pub about: &'static str,
    pub kept: &'static str,
    pub go_on: &'static str,
}

pub struct Confirm {
    pub title: &'static str,
    pub about: &'static str,
    pub go_on: &'static str,
}

/// What the meter beside a new password says.
pub struct Strength {
    pub short: &'static str,
    pub own: &'static str,
    pub easy: &'static str,
    pub fair: &'static str,
    pub good: &'static str,
}
