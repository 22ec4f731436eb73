//! Taking rows, each alone: what goes wrong with one undoes nothing of another.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::accept::{Accepted, Named};
use super::format::Format;
use super::record::cut_to;
use super::verdict::{Kind, Verdict};
use crate::access::{PermissionSet, words};
use crate::accounts::{self, Arrival, Refusal, RoleName, User, Username, as_looked_up};
use crate::app::App;
use crate::audit::{Event, Fact};
use crate::credentials::{self, Hashed, factors};
use crate::platform::db::{Fault, Tx};
use crate::platform::time::UnixTime;

/// Names of the same stem that are tried.
const NAMESAKES: u32 = 99;
/// Names that a check remembers; what is twice in a file beyond them, only the import finds.
const REMEMBERED: usize = 2_000_000;

/// What becomes of a role that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewRoles {
    /// Whoever has it is refused.
    Refuse,
    /// It is made, and allows nothing yet.
    Create,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything is tried, and undone again.
    Check,
    Import,
}

/// How a file is to be taken.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub new_roles: NewRoles,
    pub mode: Mode,
}

/// A row with its number, and who it is about.
pub(super) struct Numbered {
    pub row: u64,
    pub who: String,
    pub accepted: Result<Accepted, String>,
}

/// What all rows of a file share.
pub(super) struct Desk {
    pub app: App,
    pub wish: Wish,
    pub format: Format,
    seen: Seen,
}

/// Who stood in the file before, for a check that leaves nothing behind by which to know them.
#[derive(Default)]
struct Seen {
    names: HashSet<u64>,
    hash: RandomState,
}

impl Seen {
    fn key(&self, name: &str) -> u64 {
        self.hash.hash_one(as_looked_up(name))
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&self.key(name))
    }

    fn remember(&mut self, name: &str) {
        if self.names.len() < REMEMBERED {
            self.names.insert(self.key(name));
        }
    }
}

/// Why a try ended.
enum Stop {
    Refused(Refusal),
    /// It would have gone well.
    OnlyTried,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

/// What became of somebody: the kind, why, and what the log says.
struct Fate(Kind, String, Vec<Event>);

impl Fate {
    fn refused(why: impl Into<String>) -> Self {
        Self(Kind::Refused, why.into(), Vec::new())
    }
}

/// What the caller holds, and which sets of roles they were found to be allowed to give.
struct Granting {
    held: PermissionSet,
    asked: HashMap<Vec<String>, Option<String>>,
}

impl Desk {
    pub fn new(app: &App, wish: Wish, format: Format) -> Self {
        Self { app: app.clone(), wish, format, seen: Seen::default() }
    }

    /// Takes some rows in the name of somebody who holds this.
    ///
    /// # Errors
    /// A [`Fault`], which undoes all of them.
    pub fn take(
        &mut self,
        tx: &mut Tx,
        held: PermissionSet,
        rows: Vec<Numbered>,
    ) -> Result<(Vec<Verdict>, Vec<Event>), Fault> {
        let (mut verdicts, mut events) = (Vec::with_capacity(rows.len()), Vec::new());
        let mut granting = Granting { held, asked: HashMap::new() };
        let now = self.app.now();
        for Numbered { row, who, accepted } in rows {
            let Fate(verdict, detail, told) = match accepted {
                Ok(accepted) => self.one(tx, &mut granting, accepted, now)?,
                Err(why) => Fate::refused(why),
            };
            verdicts.push(Verdict { row, verdict, who, detail: readable(&detail) });
            events.extend(told);
        }
        Ok((verdicts, events))
    }

    fn one(&mut self, tx: &mut Tx, granting: &mut Granting, new: Accepted, now: UnixTime) -> Result<Fate, Fault> {
        // Before any statement sees it: what is no name, a text with a NUL for one, would fail all that share its transaction.
        if let Some(role) = new.arrival.roles.iter().find(|role| RoleName::parse(role).is_err()) {
            return Ok(Fate::refused(no_role(role)));
        }
        if let Some(why) = granting.refuses(tx, &new.arrival.roles)? {
            return Ok(Fate::refused(why));
        }
        let Accepted { mut arrival, named, password, totp, mut notes } = new;
        let hash = password.map(Hashed::moved_in);
        let first = arrival.username.as_str().to_owned();
        for namesake in 1..=NAMESAKES {
            let tried = self.try_once(tx, &arrival, (hash.as_ref(), totp.as_ref()), now);
            let made = match tried {
                Ok(events) => events,
                Err(Stop::OnlyTried) => Vec::new(),
                Err(Stop::Refused(Refusal::UsernameTaken | Refusal::EmailTaken)) => {
                    if let Some(why) = self.there(tx, &arrival, named)? {
                        return Ok(Fate(Kind::Kept, why, Vec::new()));
                    }
                    arrival.username = next_namesake(&first, namesake + 1);
                    continue;
                }
                Err(Stop::Refused(refusal)) => return of_refusal(refusal),
            };
            if arrival.username.as_str() != first {
                notes.push(format!("{first:?} was taken, so it became {:?}", arrival.username.as_str()));
            }
            let kind = if notes.is_empty() { Kind::Imported } else { Kind::Converted };
            return Ok(Fate(kind, notes.join("; "), made));
        }
        Ok(Fate::refused(format!("there are {NAMESAKES} people called {first:?} already")))
    }

    fn try_once(
        &mut self,
        tx: &mut Tx,
        arrival: &Arrival,
        (hash, totp): (Option<&Hashed>, Option<&factors::TotpSecret>),
        now: UnixTime,
    ) -> Result<Vec<Event>, Stop> {
        if self.seen.has(arrival.email.as_str()) {
            return Err(Refusal::EmailTaken.into());
        }
        if self.seen.has(arrival.username.as_str()) {
            return Err(Refusal::UsernameTaken.into());
        }
        let (app, wish, format) = (&self.app, self.wish, self.format);
        let made = tx.alone(|tx| {
            let mut events = match wish.new_roles {
                NewRoles::Create => make_roles(tx, &arrival.roles, now)?,
                NewRoles::Refuse => Vec::new(),
            };
            let user = accounts::arrive(tx, arrival, now)?;
            if let Some(hash) = hash {
                credentials::set(tx, &user.id, hash, now)?;
            }
            if let Some(secret) = totp {
                factors::move_in(tx, app, &user.id, secret, now)?;
            }
            events.push(told(&user, format));
            if wish.mode == Mode::Check { Err(Stop::OnlyTried) } else { Ok(events) }
        });
        if matches!(made, Err(Stop::OnlyTried)) {
            self.seen.remember(arrival.email.as_str());
            self.seen.remember(arrival.username.as_str());
        }
        made
    }

    /// How it is known that they are there: an address is one person's, a name that was made up here may be another's too.
    fn there(&self, tx: &mut Tx, arrival: &Arrival, named: Named) -> Result<Option<String>, Fault> {
        let (email, username) = (arrival.email.as_str(), arrival.username.as_str());
        if self.seen.has(email) || accounts::by_login(tx, email)?.is_some() {
            return Ok(Some(format!("the address {email:?} is there already")));
        }
        Ok((named == Named::AsThere).then(|| format!("the username {username:?} is there already")))
    }
}

impl Granting {
    /// Why the caller may not give these roles.
    fn refuses(&mut self, tx: &mut Tx, roles: &[String]) -> Result<Option<String>, Fault> {
        if let Some(known) = self.asked.get(roles) {
            return Ok(known.clone());
        }
        let more = roles.iter().any(|role| role != accounts::USER);
        let why = if more && !self.held.holds(words::ROLES_WRITE) {
            Some(format!("giving roles ({}) needs the permission {}", roles.join(", "), words::ROLES_WRITE))
        } else {
            match accounts::may_grant(tx, &self.held, roles) {
                Ok(()) => None,
                // Said when it is given; not kept, since it may be made meanwhile.
                Err(Refusal::UnknownRole(_)) => return Ok(None),
                Err(Refusal::Fault(fault)) => return Err(fault),
                Err(_) => Some(format!("you do not hold all that these roles allow: {}", roles.join(", "))),
            }
        };
        self.asked.insert(roles.to_vec(), why.clone());
        Ok(why)
    }
}

/// Sees to it that these roles are there. What can be no name of one is refused when it is given.
fn make_roles(tx: &mut Tx, roles: &[String], now: UnixTime) -> Result<Vec<Event>, Fault> {
    let mut events = Vec::new();
    for name in roles.iter().filter_map(|role| RoleName::parse(role).ok()) {
        events.extend(accounts::ensure_role(tx, &name, now)?);
    }
    Ok(events)
}

/// What a file says stands in some sentences: no line breaks, no NUL, and not for pages.
fn readable(detail: &str) -> String {
    const LONGEST: usize = 500;
    cut_to(detail, LONGEST)
}

fn told(user: &User, format: Format) -> Event {
    let event = Event::new(Fact::UserImported).about(&user.id, &user.username);
    event.with("roles", user.roles.clone()).with("from", format.name())
}

fn of_refusal(refusal: Refusal) -> Result<Fate, Fault> {
    match refusal {
        Refusal::UnknownRole(role) => Ok(Fate::refused(no_role(&role))),
        Refusal::Fault(fault) => Err(fault),
        _ => Ok(Fate::refused("this account can't be made")),
    }
}

fn no_role(name: &str) -> String {
    format!("there is no role called {:?}", super::record::cut(name))
}

/// `alice-2` after `alice`, within the length of a username.
fn next_namesake(first: &str, number: u32) -> Username {
    let mark = format!("-{number}");
    let stem: String = first.chars().take(64 - mark.len()).collect();
    Username::parse(&format!("{stem}{mark}")).unwrap_or_else(|_| unreachable!("a username and a number are one"))
}
