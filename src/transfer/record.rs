//! A user as a file tells of them. Nothing of it is believed yet; `accept` decides what can be taken.

use crate::credentials::ForeignHash;
use crate::credentials::factors::TotpSecret;
use crate::platform::time::UnixTime;

/// What a file says of one person. A value that can't be read says why.
#[derive(Default)]
pub(super) struct Record {
    pub username: Option<String>,
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    /// `None` where the file knows no roles.
    pub roles: Option<Vec<String>>,
    pub disabled: bool,
    pub password: Option<Result<ForeignHash, String>>,
    pub totp: Option<Result<TotpSecret, String>>,
    pub created_at: Option<Result<UnixTime, String>>,
    /// What could not come along, or came otherwise.
    pub notes: Vec<String>,
}

/// One row of a file, or why it is none.
pub(super) type Row = Result<Record, String>;

impl Record {
    /// An empty text stands for no password.
    pub fn with_password(mut self, hash: Option<&str>) -> Self {
        self.password = hash.filter(|hash| !hash.trim().is_empty()).map(ForeignHash::parse);
        self
    }

    pub fn with_totp(mut self, base32: Option<&str>) -> Self {
        self.totp = base32.filter(|secret| !secret.trim().is_empty()).map(TotpSecret::from_base32);
        self
    }

    pub fn created(mut self, text: Option<&str>) -> Self {
        let read = |text: &str| {
            UnixTime::parse(text).ok_or_else(|| format!("{:?} is no time such as 2026-11-22T08:15:00Z", cut(text)))
        };
        self.created_at = text.filter(|text| !text.trim().is_empty()).map(read);
        self
    }

    /// Of a program that knows no role of ours: what it gives, and `user` beside.
    pub fn with_roles_of_others(mut self, roles: impl IntoIterator<Item = String>) -> Self {
        self.roles = Some(roles.into_iter().chain([crate::accounts::USER.to_owned()]).collect());
        self
    }

    /// Who it is, as far as the file says.
    pub fn who(&self) -> String {
        let named = [&self.username, &self.email].into_iter().flatten().find(|name| !name.trim().is_empty());
        named.map_or_else(String::new, |name| cut(name))
    }
}

/// A name out of two halves; none where both are empty.
pub(super) fn joined(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let name = [first, last].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (!name.is_empty()).then(|| name.join(" "))
}

/// As much of a text from outside as a report holds, on one line.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 100;
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = line.take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() { format!("{short}…") } else { short }
}
