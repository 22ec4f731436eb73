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
    /// Whose rules the names of roles keep.
    pub role_names: RoleNames,
    pub disabled: bool,
    pub password: Option<Result<ForeignHash, String>>,
    pub totp: Option<Result<TotpSecret, String>>,
    pub created_at: Option<Result<UnixTime, String>>,
    /// What could not come along, or came otherwise.
    pub notes: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum RoleNames {
    #[default]
    Ours,
    /// They are made to fit.
    Others,
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
        let read =
            |text: &str| moment(text).ok_or_else(|| format!("{:?} is no time such as 2026-11-22T08:15:00Z", cut(text)));
        self.created_at = text.filter(|text| !text.trim().is_empty()).map(read);
        self
    }

    /// Of a program that knows no role of ours: what it gives, and `user` beside.
    pub fn with_roles_of_others(mut self, roles: impl IntoIterator<Item = String>) -> Self {
        self.role_names = RoleNames::Others;
        self.roles = Some(roles.into_iter().chain([crate::accounts::USER.to_owned()]).collect());
        self
    }

    /// Who it is, as far as the file says.
    pub fn who(&self) -> String {
        let named = [&self.username, &self.email].into_iter().flatten().find(|name| !name.trim().is_empty());
        named.map_or_else(String::new, |name| cut(name))
    }
}

/// Reads RFC 3339, and what databases make of it: a space for the `T`, an offset in hours or none, which is UTC.
pub(super) fn moment(text: &str) -> Option<UnixTime> {
    let whole = text.trim().replacen(' ', "T", 1);
    let (date, clock) = whole.split_once(['T', 't'])?;
    let at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let (clock, offset) = clock.split_at(at);
    let offset = match (offset.len(), offset.split_at_checked(3)) {
        (0, _) => "Z".to_owned(),
        (3, _) => format!("{offset}:00"),
        (5, Some((hours, minutes))) => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    UnixTime::parse(&format!("{date}T{clock}{offset}"))
}

/// A name out of two halves; none where both are empty.
pub(super) fn joined(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let name = [first, last].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (!name.is_empty()).then(|| name.join(" "))
}

/// As much of a text from outside as a report holds, on one line.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 100;
    cut_to(text, LONGEST)
}

/// The same, longer.
pub(super) fn cut_to(text: &str, longest: usize) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = line.take(longest).collect();
    if text.chars().nth(longest).is_some() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_however_a_database_writes_it() {
        let noon = UnixTime::parse("2024-02-29T12:00:00Z");
        for same in [
            "2024-02-29T12:00:00Z",
            "2024-02-29 12:00:00+00",
            "2024-02-29T14:00:00.000000+02:00",
            "2024-02-29 07:00:00-0500",
            "2024-02-29T12:00:00",
        ] {
            assert_eq!(moment(same), noon, "{same}");
        }
        for wrong in ["", "2024-02-30T12:00:00Z", "2024-02-29", "soon", "2024-02-29T25:00:00Z", "2024-02-29T12:00:00é+"]
        {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
