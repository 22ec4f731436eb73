//! Every word that a page says, in each language, as plain typed data: a text that one language lacks does not compile.
//! Texts with a variable part keep the raw pattern private and are read through a method.

mod api_keys;
pub mod audit;
mod de;
pub mod device;
pub mod doctor;
mod en;
mod events;
mod findings;
mod language;
mod lists;
mod meanings;
mod reasons;
pub mod refusals;
mod refused;
mod roles;
mod sentence;
mod shape;
mod wrong;

pub use de::DE;
pub use en::EN;
pub use events::event;
pub use findings::{Words as FindingWords, finding};
pub use language::{Language, negotiate};
pub use meanings::meaning;
pub use sentence::Sentence;

use shape::*;
pub use shape::{Asked, Problem};

pub struct Texts {
    pub words: Words,
    pub chrome: ChromeTexts,
    pub fields: Fields,
    pub login: Login,
    pub signup: Signup,
    pub setup: Setup,
    pub account: Account,
    pub sessions: Sessions,
    pub error: ErrorTexts,
    pub overview: Overview,
    pub users: Users,
    pub user: User,
    pub refusals: Refusals,
    pub docs: Docs,
    pub factor: Factor,
    pub codes: Codes,
    pub factors: Factors,
    pub confirm: Confirm,
    pub password: PasswordTexts,
    pub activity: Activity,
    pub data: Data,
    pub delete: Delete,
    pub bypass: Bypass,
    pub notices: Notices,
    /// What is about mail: its pages, and the letters themselves.
    pub mail: Mail,
    ago: Ago,
    pub passkeys: Passkeys,
    pub roles: Roles,
    pub strength: Strength,
    /// Moving in and out.
    pub transfer: Transfer,
    pub lists: Lists,
    pub api_keys: ApiKeys,
    pub signing_keys: SigningKeys,
    pub settings: SettingsTexts,
    pub health: Health,
    pub curl: CurlTexts,
    pub invitations: Invitations,
    pub audit: Audit,
    pub dashboard: Dashboard,
    /// What can go wrong, each kind of it.
    pub problems: Problems,
    /// Why a request was refused.
    pub refused: Refused,
    /// What is wrong with a value.
    pub wrong: WrongTexts,
}

impl Texts {
    /// How long ago something was. Clocks differ a little, so a moment in the future is now.
    pub fn ago(&self, seconds: i64) -> String {
        let (pattern, number) = match seconds {
            ..60 => (self.ago.now, 0),
            60..3_600 => (self.ago.minutes, seconds / 60),
            3_600..86_400 => (self.ago.hours, seconds / 3_600),
            86_400..172_800 => (self.ago.yesterday, 1),
            _ => (self.ago.days, seconds / 86_400),
        };
        fill(pattern, &number.to_string())
    }

    pub fn disable_one(&self, username: &str) -> String {
        fill(self.user.disable_one, username)
    }
    pub fn enable_one(&self, username: &str) -> String {
        fill(self.user.enable_one, username)
    }
    pub fn by(&self, who: &str) -> String {
        fill(self.user.by, who)
    }
    pub fn from(&self, address: &str) -> String {
        fill(self.user.from, address)
    }
    pub fn end_one(&self, client: &str) -> String {
        fill(self.sessions.end_one, client)
    }
    pub fn remove_passkey(&self, name: &str) -> String {
        fill(self.passkeys.remove_one, name)
    }
    /// Where passkeys work, for somebody who came another way.
    pub fn elsewhere(&self, origin: &str) -> String {
        fill(self.passkeys.elsewhere, origin)
    }
    /// In how many places somebody is signed in, one of them here.
    pub fn signed_in(&self, places: usize) -> String {
        let elsewhere = places.saturating_sub(1);
        let pattern = match elsewhere {
            0 => self.sessions.only_here,
            1 => self.sessions.elsewhere_one,
            _ => self.sessions.elsewhere_many,
        };
        fill(pattern, &elsewhere.to_string())
    }
    pub fn device(&self, program: &str, system: &str) -> String {
        // The system's name is one of ours, so the program's is filled in last.
        fill(&self.sessions.device.replacen("{system}", system, 1), program)
    }
    pub fn codes_left(&self, left: usize) -> String {
        let pattern = if left == 1 { self.factors.codes_left_one } else { self.factors.codes_left };
        fill(pattern, &left.to_string())
    }
    pub fn actions_for(&self, username: &str) -> String {
        fill(self.users.actions_for, username)
    }
    pub fn shown(&self, rows: usize) -> String {
        let pattern = if rows == 1 { self.users.shown_one } else { self.users.shown };
        fill(pattern, &rows.to_string())
    }
    pub fn user_created(&self, username: &str) -> String {
        fill(self.notices.created, username)
    }
    pub fn user_disabled(&self, username: &str) -> String {
        fill(self.notices.disabled, username)
    }
    pub fn user_enabled(&self, username: &str) -> String {
        fill(self.notices.enabled, username)
    }
    pub fn user_sessions_ended(&self, username: &str) -> String {
        fill(self.notices.sessions_ended, username)
    }
}

fn fill(pattern: &str, value: &str) -> String {
    pattern.replace("{}", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_people_say_it() {
        let said = [-5, 0, 59, 60, 3_599, 3_600, 86_399, 86_400, 172_799, 172_800].map(|seconds| EN.ago(seconds));
        let expected = [
            "just now",
            "just now",
            "just now",
            "1 min ago",
            "59 min ago",
            "about 1 h ago",
            "about 23 h ago",
            "yesterday",
            "yesterday",
            "2 days ago",
        ];
        assert_eq!(said, expected);
        assert_eq!(DE.ago(7_200), "vor etwa 2 Std.");
    }

    #[test]
    fn a_name_is_put_in_as_it_is() {
        assert_eq!(EN.disable_one("alice"), "Disable alice");
        assert_eq!(DE.disable_one("alice"), "alice sperren");
        assert_eq!(EN.disable_one("{}"), "Disable {}");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(EN.shown(1), "1 user shown");
        assert_eq!(EN.shown(0), "0 users shown");
    }
}
