//! From what a file says to an account that could be here. What does not fit our rules is made to fit where nobody is
//! misled by it, and noted; anything else is refused.

use super::record::{Record, RoleNames, cut};
use crate::accounts::{self, Email, LONGEST_NAME, RoleName, Standing, Username, display_name};
use crate::credentials::Hashed;
use crate::credentials::factors::TotpSecret;
use crate::platform::time::UnixTime;

/// More than anybody has.
const MOST_ROLES: usize = 100;

/// Somebody who can be taken as they are here.
pub(super) struct Accepted {
    pub username: Username,
    /// Whether it was made up here: then another may be.
    pub named: Named,
    pub email: Email,
    pub email_verified: bool,
    pub name: Option<String>,
    /// Nobody has looked at yet whether they exist, and may be given.
    pub roles: Vec<String>,
    pub standing: Standing,
    pub created_at: UnixTime,
    pub password: Option<Hashed>,
    pub totp: Option<TotpSecret>,
    /// What is different from the file.
    pub notes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    AsThere,
    Anew,
}

/// # Errors
/// One sentence: why this row can't be taken.
pub(super) fn accept(record: Record, now: UnixTime) -> Result<Accepted, String> {
    let mut notes = record.notes;
    if record.roles.as_ref().is_some_and(|roles| roles.len() > MOST_ROLES) {
        return Err(format!("there are more than {MOST_ROLES} roles"));
    }
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (username, email) = (said(record.username), said(record.email));
    let email = match (&email, &username) {
        (Some(email), _) => email,
        (None, Some(username)) if username.contains('@') => {
            notes.push("the username served as address".into());
            username
        }
        (None, _) => return Err("there is no email address".into()),
    };
    let email = Email::parse(email).map_err(|_| format!("{:?} is no email address", cut(email)))?;
    let (username, named) = username_of(username.as_deref(), &email, &mut notes)?;
    let name = record.name.map_or(Ok(None), |name| name_of(&name, &mut notes))?;
    let roles = roles_of(record.roles, record.role_names, &mut notes);
    Ok(Accepted {
        username,
        named,
        email,
        email_verified: record.email_verified,
        name,
        roles,
        standing: if record.disabled { Standing::Disabled } else { Standing::Active },
        created_at: record.created_at.transpose()?.unwrap_or(now),
        password: record.password.transpose()?.map(Hashed::moved_in),
        totp: record.totp.transpose()?,
        notes,
    })
}

/// Theirs where it is one here, else the nearest: before an `@` only what stands there, a hyphen for what may not be.
fn username_of(said: Option<&str>, email: &Email, notes: &mut Vec<String>) -> Result<(Username, Named), String> {
    if let Some(Ok(username)) = said.map(Username::parse) {
        return Ok((username, Named::AsThere));
    }
    let from = said.unwrap_or(email.as_str());
    let stem = from.split_once('@').map_or(from, |(before, _)| before);
    let username =
        Username::parse(&fitting(stem)).map_err(|_| format!("no username can be made of {:?}", cut(from)))?;
    notes.push(match said {
        Some(said) => format!("the username {:?} became {:?}", cut(said), username.as_str()),
        None => format!("the username {:?} was taken from the address", username.as_str()),
    });
    Ok((username, Named::Anew))
}

fn fitting(stem: &str) -> String {
    let mut made = String::new();
    for c in stem.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || (['.', '_', '-'].contains(&c) && !made.is_empty()) => made.push(c),
            _ if made.is_empty() || made.ends_with('-') => {}
            _ => made.push('-'),
        }
    }
    made.chars().take(Username::LONGEST).collect::<String>().trim_end_matches('-').to_owned()
}

fn name_of(said: &str, notes: &mut Vec<String>) -> Result<Option<String>, String> {
    let mut name: String = said.trim().chars().filter(|c| !c.is_control()).collect();
    if name.chars().count() < said.trim().chars().count() {
        notes.push("control characters were taken out of the name".into());
    }
    if let Some((end, _)) = name.char_indices().nth(LONGEST_NAME) {
        name.truncate(end);
        notes.push(format!("the name was cut to {LONGEST_NAME} characters"));
    }
    display_name(&name).map_err(|_| format!("{:?} is no name", cut(said)))
}

/// In order. The name of a role of others is made to fit as a username is, and in small letters.
fn roles_of(said: Option<Vec<String>>, names: RoleNames, notes: &mut Vec<String>) -> Vec<String> {
    let mut fit = |role: String| match names == RoleNames::Ours || RoleName::parse(&role).is_ok() {
        true => role,
        false => {
            let made = fitting(&role).to_lowercase();
            notes.push(format!("the role {:?} became {made:?}", cut(&role)));
            made
        }
    };
    let said = said.unwrap_or_else(|| vec![accounts::USER.to_owned()]);
    let mut roles: Vec<String> = said.into_iter().map(&mut fit).collect();
    roles.sort();
    roles.dedup();
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(username: &str, email: &str) -> Result<String, String> {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let record = Record { username: text(username), email: text(email), ..Record::default() };
        accept(record, UnixTime::from_millis(0)).map(|accepted| accepted.username.as_str().to_owned())
    }

    #[test]
    fn a_username_that_does_not_fit_is_made_to_fit() {
        for (said, made) in [
            ("alice", "alice"),
            ("alice@corp.example", "alice"),
            ("Alice  van der Berg", "Alice-van-der-Berg"),
            ("-.alice", "alice"),
            ("jörg müller", "j-rg-m-ller"),
            ("<b>bold</b>", "b-bold-b"),
            ("", "somebody"),
        ] {
            assert_eq!(accepted(said, "somebody@example.com").as_deref(), Ok(made), "{said:?}");
        }
        assert!(accepted(&"x".repeat(300), "x@example.com").is_ok_and(|made| made.len() == 64));
        assert!(accepted("李", "x@example.com").is_err_and(|why| why.contains("no username")));
    }

    #[test]
    fn an_address_is_what_nobody_can_do_without() {
        assert!(accepted("alice", "").is_err_and(|why| why.contains("no email address")));
        assert!(accepted("alice", "nowhere").is_err_and(|why| why.contains("nowhere")));
        assert_eq!(accepted("alice@example.com", "").as_deref(), Ok("alice"));
    }
}
