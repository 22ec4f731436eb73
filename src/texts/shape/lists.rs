//! Long lists: what they are narrowed by, and what is done with many at once.

pub struct Lists {
    pub more_filters: &'static str,
    pub verified: &'static str,
    pub any: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub since: &'static str,
    pub before: &'static str,
    pub by_email: &'static str,
    pub by_email_back: &'static str,
    /// One or two letters.
    pub few_letters: &'static str,
    /// The database has no index for parts.
    pub beginning_only: &'static str,
    pub mend: &'static str,
    pub(in crate::texts) choose: &'static str,
    pub choose_all: &'static str,
    pub with_chosen: &'static str,
    pub role: &'static str,
    pub disable: Asked,
    pub enable: Asked,
    pub delete: Asked,
    pub end_sessions: Asked,
    pub add_role: Asked,
    pub remove_role: Asked,
    pub ask_more: &'static str,
    pub gone: &'static str,
    pub done: &'static str,
    pub partly_title: &'static str,
    pub(in crate::texts) partly: &'static str,
    pub back: &'static str,
    pub deletion: Deletion,
    pub sessions: EverySession,
}

/// Something to be done with many: its button, and the page that asks before.
pub struct Asked {
    pub button: &'static str,
    pub(in crate::texts) title_one: &'static str,
    pub(in crate::texts) title: &'static str,
    /// What will follow.
    pub about: &'static str,
}

/// One account that an administrator deletes.
pub struct Deletion {
    pub(in crate::texts) title: &'static str,
    pub(in crate::texts) button: &'static str,
    pub about: &'static str,
    pub follows: [&'static str; 4],
    pub kept: &'static str,
    pub done: &'static str,
}

/// Everybody's sessions.
pub struct EverySession {
    pub title: &'static str,
    pub about: &'static str,
    pub(in crate::texts) of_one: &'static str,
    pub everybody: &'static str,
    pub user: &'static str,
    pub device: &'static str,
    pub address: &'static str,
    pub started: &'static str,
    pub last_used: &'static str,
    pub here: &'static str,
    pub none_title: &'static str,
    pub none: &'static str,
    pub read_only: &'static str,
    pub(in crate::texts) end_one: &'static str,
    pub ended: &'static str,
}
