//! What becomes of each row, as things stand at this moment: who is there already is kept, and a name that was made up here
//! gives way to somebody who has it.

use super::Desk;
use super::gifts::Gifts;
use super::settle::{Coming, Fate, Waiting};
use crate::accounts::{self, Arrival, Email, Present, Username};
use crate::platform::db::{Fault, Tx};
use crate::platform::time::UnixTime;
use crate::transfer::accept::{Accepted, Named};
use crate::transfer::verdict::Kind;

/// Names of the same stem that are tried.
const NAMESAKES: u32 = 99;

/// What was decided about a row.
pub(super) enum Decided {
    Over(Fate),
    /// To be written, with the others that come.
    Comes(Box<Coming>),
}

/// Which name somebody comes by.
enum Name {
    Free(Username),
    /// They are there, and why that is known.
    Kept(String),
    Refused(String),
}

impl Desk {
    /// Looks at rows in their order: who is twice among them comes once.
    pub(super) fn decide(
        &mut self,
        tx: &mut Tx,
        gifts: &mut Gifts,
        waiting: &[Waiting],
        now: UnixTime,
    ) -> Result<Vec<Decided>, Fault> {
        let usernames: Vec<&Username> = waiting.iter().map(|one| &one.new.username).collect();
        let emails: Vec<&Email> = waiting.iter().map(|one| &one.new.email).collect();
        let mut present = accounts::present(tx, &usernames, &emails)?;
        waiting.iter().map(|one| self.decide_one(tx, gifts, (&one.new, &mut present), now)).collect()
    }

    fn decide_one(
        &mut self,
        tx: &mut Tx,
        gifts: &mut Gifts,
        (new, present): (&Accepted, &mut Present),
        now: UnixTime,
    ) -> Result<Decided, Fault> {
        let username = match self.name(tx, new, present)? {
            Name::Free(username) => username,
            Name::Kept(why) => return Ok(Decided::Over(Fate { kind: Kind::Kept, detail: why })),
            Name::Refused(why) => return Ok(Decided::Over(Fate::refused(why))),
        };
        if let Some(why) = gifts.refuse(tx, &new.roles)? {
            return Ok(Decided::Over(Fate::refused(why)));
        }
        let roles = match gifts.of(tx, &new.roles, now)? {
            Ok(roles) => roles,
            Err(why) => return Ok(Decided::Over(Fate::refused(why))),
        };
        present.add(&username, &new.email);
        Ok(Decided::Comes(Box::new(coming(new, username, roles))))
    }

    /// An address is one person's, a name that was made up here may be another's too.
    fn name(&self, tx: &mut Tx, new: &Accepted, present: &mut Present) -> Result<Name, Fault> {
        let (username, email) = (&new.username, &new.email);
        if self.seen.has(email.as_str()) || present.has_email(email) {
            return Ok(Name::Kept(format!("the address {:?} is there already", email.as_str())));
        }
        if !self.is_taken(present, username) {
            return Ok(Name::Free(username.clone()));
        }
        if new.named == Named::AsThere {
            return Ok(Name::Kept(format!("the username {:?} is there already", username.as_str())));
        }
        let namesakes: Vec<Username> = (2..=NAMESAKES).map(|number| namesake(username, number)).collect();
        present.merge(accounts::present(tx, &namesakes.iter().collect::<Vec<_>>(), &[])?);
        Ok(match namesakes.into_iter().find(|name| !self.is_taken(present, name)) {
            Some(free) => Name::Free(free),
            None => {
                let stem = username.as_str();
                Name::Refused(format!("there are {NAMESAKES} people called {stem:?} already"))
            }
        })
    }

    fn is_taken(&self, present: &Present, username: &Username) -> bool {
        present.has_username(username) || self.seen.has(username.as_str())
    }
}

fn coming(new: &Accepted, username: Username, roles: Vec<accounts::Gift>) -> Coming {
    let mut notes = new.notes.clone();
    if username != new.username {
        notes.push(format!("{:?} was taken, so it became {:?}", new.username.as_str(), username.as_str()));
    }
    let arrival = Arrival {
        username,
        email: new.email.clone(),
        email_verified: new.email_verified,
        name: new.name.clone(),
        roles,
        standing: new.standing,
        created_at: new.created_at,
    };
    Coming { arrival, notes }
}

/// `alice-2` after `alice`, within the length of a username.
fn namesake(first: &Username, number: u32) -> Username {
    let mark = format!("-{number}");
    let stem: String = first.as_str().chars().take(Username::LONGEST - mark.len()).collect();
    Username::parse(&format!("{stem}{mark}")).unwrap_or_else(|_| unreachable!("a username and a number are one"))
}
