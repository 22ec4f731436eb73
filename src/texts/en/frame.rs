use crate::texts::shape::*;

pub(super) const WORDS: Words = Words {
    sign_in: "Sign in",
    sign_up: "Sign up",
    sign_out: "Sign out",
    create: "Create",
    save: "Save",
    disable: "Disable",
    enable: "Enable",
    end: "End",
    search: "Search",
    open: "Open",
    more: "More",
    cancel: "Cancel",
    show: "Show",
    hide: "Hide",
};

pub(super) const CHROME: ChromeTexts = ChromeTexts {
    skip: "Skip to content",
    menu: "Menu",
    sections: "Sections",
    administration: "Administration",
    developers: "For developers",
    account: "Account",
    overview: "Overview",
    users: "Users",
    refusals: "Refused tokens",
    try_api: "Try the API",
    check_these: "Please check",
};

pub(super) const FIELDS: Fields = Fields {
    username: "Username",
    username_or_email: "Username or email",
    username_help: "2 to 64 letters, digits, dots, dashes or underscores. It begins with a letter or digit.",
    username_fixed: "Usernames never change here, because apps know people by them.",
    email: "Email",
    password: "Password",
    password_help: "At least 8 characters. A few words that have nothing to do with each other are easy to remember and hard to guess.",
    password_again: "Please type the password again: it is never sent back to this page.",
    show_password: "Show password",
    hide_password: "Hide password",
    name: "Name",
    name_help: "How people see you, in any script. Leave it empty to go by your username.",
    optional: "optional",
};

pub(super) const ERROR: ErrorTexts = ErrorTexts {
    home: "Go to the start page",
    status: "Error",
    request: "Request",
    request_about: "If you ask for help, send this number along. It leads to what happened.",
    problem_kind: "Kind of error",
    meaning: "What it means",
    mend: "What you can do",
    machine: "In answers to programs",
    machine_about: "This is the “type” of the JSON error, with the content type application/problem+json.",
};

pub(super) const DOCS: Docs = Docs {
    title: "Try the API",
    about: "Press Authorize, sign in, and call any route from here.",
    no_script: "Trying things out needs JavaScript. Everything can be read without it in the",
    reference: "API reference",
    version: "Version",
    routes: "Routes",
    contents: "Contents",
    permission: "Needs",
    parameters: "Parameters",
    body: "Body",
    required: "required",
    answers: "Answers",
    example: "Example",
};

pub(super) const NOTICES: Notices = Notices {
    saved: "Saved.",
    signed_out: "You are signed out.",
    session_ended: "That session has ended.",
    others_ended: "You are signed out everywhere else.",
    password_changed: "Your password was changed, and every other session ended.",
    factor_added: "Your second factor is set up.",
    factor_removed: "Your second factor was removed.",
    account_deleted: "Your account was deleted.",
    created: "{} can sign in now.",
    disabled: "{} is disabled. Every session and token has ended.",
    enabled: "{} is enabled and can sign in again.",
    roles_saved: "Roles saved. They count at once.",
    sessions_ended: "{} is signed out everywhere.",
};

pub(super) const AGO: Ago = Ago {
    now: "just now",
    minutes: "{} min ago",
    hours: "about {} h ago",
    yesterday: "yesterday",
    days: "{} days ago",
};
