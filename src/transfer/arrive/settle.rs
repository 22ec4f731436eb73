//! Writing those that come, together. Of somebody who makes an account of the same name at that moment the unique indexes know;
//! who was slower here is decided about once more.

use super::decide::Decided;
use super::gifts::Gifts;
use super::{Desk, Mode};
use crate::access::PermissionSet;
use crate::accounts::{self, Arrival, User};
use crate::audit::{Event, Fact};
use crate::credentials::factors::{self, TotpSecret};
use crate::credentials::{self, Hashed};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::transfer::accept::Accepted;
use crate::transfer::format::Format;
use crate::transfer::verdict::Kind;

/// What became of somebody, and why.
pub(super) struct Fate {
    pub kind: Kind,
    pub detail: String,
}

impl Fate {
    pub fn refused(why: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, detail: why.into() }
    }

    fn made(notes: &[String]) -> Self {
        let kind = if notes.is_empty() { Kind::Imported } else { Kind::Converted };
        Self { kind, detail: notes.join("; ") }
    }
}

/// Somebody who waits to be taken, and their place among the rows.
pub(super) struct Waiting {
    at: usize,
    pub new: Accepted,
}

/// Somebody who is about to be written.
pub(super) struct Coming {
    pub arrival: Arrival,
    /// What is different from the file.
    pub notes: Vec<String>,
}

/// What became of all, in the order of the rows, and what the log says.
pub(super) struct Settled {
    pub fates: Vec<Fate>,
    pub events: Vec<Event>,
}

/// Rows with their places, as far as it is known what became of them.
#[derive(Default)]
struct Known {
    fates: Vec<(usize, Fate)>,
    events: Vec<(usize, Event)>,
}

impl Desk {
    /// Decides and writes until nobody waits. Whoever took a name meanwhile has committed, so the next look sees them.
    pub(super) fn settle(
        &mut self,
        tx: &mut Tx,
        held: PermissionSet,
        rows: Vec<Result<Accepted, String>>,
    ) -> Result<Settled, Fault> {
        let now = self.app.now();
        let (mut known, mut waiting) = sorted(rows);
        let mut gifts = Gifts::new(held, self.wish.new_roles);
        while !waiting.is_empty() {
            let mut coming = Vec::new();
            let decided = self.decide(tx, &mut gifts, &waiting, now)?;
            for (one, decided) in waiting.drain(..).zip(decided) {
                match decided {
                    Decided::Over(fate) => known.fates.push((one.at, fate)),
                    Decided::Comes(comes) => coming.push((one, *comes)),
                }
            }
            waiting = self.write(tx, coming, &mut known, now)?;
        }
        known.fates.sort_by_key(|(at, _)| *at);
        known.events.sort_by_key(|(at, _)| *at);
        let events = gifts.events.into_iter().chain(known.events.into_iter().map(|(_, event)| event)).collect();
        Ok(Settled { fates: known.fates.into_iter().map(|(_, fate)| fate).collect(), events })
    }

    /// Gives back whose name or address somebody took between the look and this.
    fn write(
        &mut self,
        tx: &mut Tx,
        coming: Vec<(Waiting, Coming)>,
        known: &mut Known,
        now: UnixTime,
    ) -> Result<Vec<Waiting>, Fault> {
        let arrivals: Vec<Arrival> = coming.iter().map(|(_, comes)| comes.arrival.clone()).collect();
        let users = accounts::arrive(tx, &arrivals, now)?;
        let came = users.iter().zip(&coming).filter_map(|(user, (one, _))| Some((&user.as_ref()?.id, &one.new)));
        self.furnish(tx, &came.collect::<Vec<_>>(), now)?;
        let mut slower = Vec::new();
        for ((one, comes), user) in coming.into_iter().zip(users) {
            let Some(user) = user else {
                slower.push(one);
                continue;
            };
            if self.wish.mode == Mode::Check {
                self.seen.remember(&user.email);
                self.seen.remember(&user.username);
            }
            known.events.push((one.at, told(&user, self.format)));
            known.fates.push((one.at, Fate::made(&comes.notes)));
        }
        Ok(slower)
    }

    /// Gives those who came what they sign in by.
    fn furnish(&self, tx: &mut Tx, came: &[(&UserId, &Accepted)], now: UnixTime) -> Result<(), Fault> {
        let hashes: Vec<(&UserId, &Hashed)> =
            came.iter().filter_map(|(user, new)| Some((*user, new.password.as_ref()?))).collect();
        credentials::move_in(tx, &hashes, now)?;
        let secrets: Vec<(&UserId, &TotpSecret)> =
            came.iter().filter_map(|(user, new)| Some((*user, new.totp.as_ref()?))).collect();
        factors::move_in(tx, &self.app, &secrets, now)
    }
}

/// Rows that are none, and those that are to be decided about.
fn sorted(rows: Vec<Result<Accepted, String>>) -> (Known, Vec<Waiting>) {
    let (mut known, mut waiting) = (Known::default(), Vec::with_capacity(rows.len()));
    for (at, row) in rows.into_iter().enumerate() {
        match row {
            Ok(new) => waiting.push(Waiting { at, new }),
            Err(why) => known.fates.push((at, Fate::refused(why))),
        }
    }
    (known, waiting)
}

fn told(user: &User, format: Format) -> Event {
    let event = Event::new(Fact::UserImported).about(&user.id, &user.username);
    event.with("roles", user.roles.clone()).with("from", format.name())
}
