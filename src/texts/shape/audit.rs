//! The audit log on a page.

pub struct Audit {
    pub title: &'static str,
    pub about: &'static str,
    pub export: &'static str,
    pub filters: &'static str,
    pub subject: &'static str,
    pub actor: &'static str,
    pub person_hint: &'static str,
    pub kind: &'static str,
    pub any_kind: &'static str,
    pub(in crate::texts) all_of: &'static str,
    /// What the word before the dot stands for; one that is not here stands for itself.
    pub(in crate::texts) groups: &'static [(&'static str, &'static str)],
    pub from: &'static str,
    pub to: &'static str,
    pub address: &'static str,
    pub request: &'static str,
    pub session: &'static str,
    pub clear: &'static str,
    pub entries: &'static str,
    pub no_match_title: &'static str,
    pub no_match: &'static str,
    pub none_title: &'static str,
    pub none: &'static str,
    pub when: &'static str,
    pub number: &'static str,
    pub hash: &'static str,
    pub no_hash: &'static str,
    pub open_user: &'static str,
    pub refusal: &'static str,
    pub(in crate::texts) proven_one: &'static str,
    pub(in crate::texts) proven_many: &'static str,
    pub(in crate::texts) proven_none: &'static str,
    pub(in crate::texts) checkpoints_none: &'static str,
    pub(in crate::texts) checkpoints_one: &'static str,
    pub(in crate::texts) checkpoints_many: &'static str,
    pub checked: &'static str,
    pub check: &'static str,
    pub unproven_title: &'static str,
    pub unproven: &'static str,
    pub broken_title: &'static str,
    pub broken: &'static str,
    pub(in crate::texts) kept_for: &'static str,
    pub kept_always: &'static str,
}

impl Audit {
    pub fn all_of(&self, group: &str) -> String {
        self.all_of.replace("{}", group)
    }

    pub fn group(&self, word: &str) -> String {
        let known = self.groups.iter().find(|(first, _)| *first == word);
        known.map_or(word, |(_, name)| *name).to_owned()
    }

    /// That entries from one to another are as they were recorded.
    pub fn proven(&self, from: &i64, to: &i64) -> String {
        match to - from {
            ..0 => self.proven_none.to_owned(),
            0 => self.proven_one.replace("{}", &to.to_string()),
            _ => self.proven_many.replace("{from}", &from.to_string()).replace("{to}", &to.to_string()),
        }
    }

    pub fn checkpoints(&self, agreed: &usize) -> String {
        match agreed {
            0 => self.checkpoints_none.to_owned(),
            1 => self.checkpoints_one.to_owned(),
            many => self.checkpoints_many.replace("{}", &many.to_string()),
        }
    }

    /// How long entries are kept, in days; nothing where it is for ever.
    pub fn kept(&self, days: Option<u64>) -> String {
        days.map_or_else(|| self.kept_always.to_owned(), |days| self.kept_for.replace("{}", &days.to_string()))
    }
}
