//! What a key is to be, as somebody asks for it, and what can be taken of that.

use std::time::Duration;

use super::{Refusal, Wrong};
use crate::access::{Permission, PermissionSet};
use crate::platform::time::UnixTime;

/// Characters of the longest name.
pub const LONGEST_NAME: usize = 60;
const DAY: Duration = Duration::from_secs(86_400);
const MOST_DAYS: u32 = 3660;
const NEVER: &str = "never";

/// A key that somebody asks for, as they typed it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: String,
    /// Words of permission.
    pub scope: Vec<String>,
    /// Days (`30d`), the last day on which it counts (`2027-01-31`, in UTC), or `never`.
    pub expires: String,
}

/// The same, found sound.
pub(super) struct NewKey {
    pub name: String,
    pub scope: PermissionSet,
    pub expires_at: UnixTime,
}

impl Draft {
    /// # Errors
    /// [`Refusal::Invalid`] with all that is wrong.
    pub(super) fn check(&self, now: UnixTime) -> Result<NewKey, Refusal> {
        let (name, scope, expires) = (name(&self.name), scope(&self.scope), expiry(self.expires.trim(), now));
        match (name, scope, expires) {
            (Ok(name), Ok(scope), Ok(expires_at)) => Ok(NewKey { name, scope, expires_at }),
            (name, scope, expires) => {
                let wrong = [name.err(), scope.err(), expires.err()];
                Err(Refusal::Invalid(wrong.into_iter().flatten().collect()))
            }
        }
    }
}

fn name(typed: &str) -> Result<String, Wrong> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Wrong::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Wrong::LongName);
    }
    if name.chars().any(char::is_control) { Err(Wrong::OddName) } else { Ok(name.to_owned()) }
}

fn scope(typed: &[String]) -> Result<PermissionSet, Wrong> {
    typed.iter().map(|word| Permission::parse(word).ok_or_else(|| Wrong::OddWord(word.clone()))).collect()
}

fn expiry(typed: &str, now: UnixTime) -> Result<UnixTime, Wrong> {
    if typed.is_empty() {
        return Err(Wrong::NoExpiry);
    }
    if typed == NEVER {
        return Ok(UnixTime::NEVER);
    }
    let latest = now.plus(DAY * MOST_DAYS);
    let moment = match typed.strip_suffix('d') {
        Some(days) => {
            now.plus(DAY * days.parse::<u32>().ok().filter(|days| *days <= MOST_DAYS).ok_or(Wrong::OddExpiry)?)
        }
        None => UnixTime::parse_day(typed).ok_or(Wrong::OddExpiry)?.plus(DAY),
    };
    if moment > now && moment <= latest { Ok(moment) } else { Err(Wrong::ExpiryOutOfReach) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_893_456_000);

    #[test]
    fn a_key_ends_after_days_or_with_a_day_or_never() {
        assert_eq!(expiry("30d", NOW), Ok(NOW.plus(DAY * 30)));
        assert_eq!(expiry("2030-01-01", NOW), Ok(NOW.plus(DAY)), "today is its last day");
        assert_eq!(expiry("never", NOW), Ok(UnixTime::NEVER));
        for (typed, wrong) in [
            ("", Wrong::NoExpiry),
            ("soon", Wrong::OddExpiry),
            ("d", Wrong::OddExpiry),
            ("-1d", Wrong::OddExpiry),
            ("99999d", Wrong::OddExpiry),
            ("2030-02-30", Wrong::OddExpiry),
            ("0d", Wrong::ExpiryOutOfReach),
            ("2029-12-31", Wrong::ExpiryOutOfReach),
            ("2099-01-01", Wrong::ExpiryOutOfReach),
        ] {
            assert_eq!(expiry(typed, NOW), Err(wrong), "{typed}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let draft =
            Draft { name: " ".into(), scope: vec!["users:read".into(), "Admin".into()], expires: "soon".into() };
        let Err(Refusal::Invalid(wrong)) = draft.check(NOW) else { panic!("it was taken") };
        assert_eq!(wrong, [Wrong::NoName, Wrong::OddWord("Admin".into()), Wrong::OddExpiry]);
    }
}
