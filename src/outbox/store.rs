//! The table `outbox`.

use diesel::prelude::*;

use super::desk::Entry;
use super::letter::{Kind, Letter, State};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::LetterId;
use crate::platform::time::UnixTime;
use crate::schema::outbox;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub(super) struct Row {
    pub id: LetterId,
    pub kind: String,
    pub recipient: String,
    pub languages: String,
    pub about: String,
    pub sealed: Option<Vec<u8>>,
    pub state: String,
    pub tries: i64,
    pub posted_at: UnixTime,
    pub due_at: UnixTime,
    pub expires_at: UnixTime,
    pub settled_at: Option<UnixTime>,
    pub last_error: Option<String>,
}

impl Row {
    fn entry(self) -> Result<Entry, Fault> {
        let kind = Kind::parse(&self.kind).ok_or_else(Entry::broken)?;
        let state = State::parse(&self.state).ok_or_else(Entry::broken)?;
        Ok(Entry {
            can_be_sent: self.sealed.is_some() || !kind.has_secret(),
            id: self.id,
            kind,
            to: self.recipient,
            state,
            tries: self.tries,
            posted_at: self.posted_at,
            due_at: self.due_at,
            settled_at: self.settled_at,
            last_error: self.last_error,
        })
    }
}

pub(super) fn insert(
    tx: &mut Tx,
    id: LetterId,
    letter: &Letter,
    sealed: Option<Vec<u8>>,
    now: UnixTime,
) -> Result<(), Fault> {
    let row = Row {
        id,
        kind: letter.kind.word().to_owned(),
        recipient: letter.to.clone(),
        languages: letter.languages.clone(),
        about: serde_json::to_string(&letter.about).map_err(|error| Fault::Broken(error.to_string()))?,
        sealed,
        state: State::Waiting.word().to_owned(),
        tries: 0,
        posted_at: now,
        due_at: now,
        expires_at: now.plus(letter.lives),
        settled_at: None,
        last_error: None,
    };
    on!(tx, c => diesel::insert_into(outbox::table).values(&row).execute(c))?;
    Ok(())
}

pub(super) fn next_due(conn: &mut Conn, now: UnixTime) -> Result<Option<Row>, Fault> {
    Ok(on!(conn, c => {
        outbox::table
            .select(Row::as_select())
            .filter(outbox::state.eq(State::Waiting.word()))
            .filter(outbox::due_at.le(now))
            .order(outbox::due_at)
            .limit(1)
            .get_result(c)
            .optional()
    })?)
}

/// Makes those due that were never tried and are due only beyond `at_once`, or however often and beyond `paused`.
pub(super) fn hasten(tx: &mut Tx, now: UnixTime, at_once: UnixTime, paused: UnixTime) -> Result<(), Fault> {
    let untried = outbox::tries.eq(0).and(outbox::due_at.gt(at_once));
    let waiting = outbox::table.filter(outbox::state.eq(State::Waiting.word()));
    on!(tx, c => {
        diesel::update(waiting.filter(untried.or(outbox::due_at.gt(paused)))).set(outbox::due_at.eq(now)).execute(c)
    })?;
    Ok(())
}

/// Whether this node was first: a letter that another one has claimed has a try more.
pub(super) fn claim(tx: &mut Tx, id: &LetterId, tries: i64, until: UnixTime) -> Result<bool, Fault> {
    let claimed = on!(tx, c => {
        diesel::update(outbox::table.find(id))
            .filter(outbox::state.eq(State::Waiting.word()))
            .filter(outbox::tries.eq(tries))
            .set((outbox::tries.eq(tries + 1), outbox::due_at.eq(until)))
            .execute(c)
    })?;
    Ok(claimed == 1)
}

pub(super) fn sent(tx: &mut Tx, id: &LetterId, tries: i64, now: UnixTime) -> Result<(), Fault> {
    let done = (
        outbox::state.eq(State::Sent.word()),
        outbox::sealed.eq(None::<Vec<u8>>),
        outbox::settled_at.eq(Some(now)),
        outbox::last_error.eq(None::<String>),
    );
    on!(tx, c => diesel::update(outbox::table.find(id)).filter(outbox::tries.eq(tries)).set(done).execute(c))?;
    Ok(())
}

pub(super) fn try_later(tx: &mut Tx, id: &LetterId, tries: i64, next: UnixTime, why: &str) -> Result<(), Fault> {
    let later = (outbox::due_at.eq(next), outbox::last_error.eq(Some(why)));
    on!(tx, c => diesel::update(outbox::table.find(id)).filter(outbox::tries.eq(tries)).set(later).execute(c))?;
    Ok(())
}

pub(super) fn failed(tx: &mut Tx, id: &LetterId, tries: i64, now: UnixTime, why: &str) -> Result<(), Fault> {
    let given_up = (
        outbox::state.eq(State::Failed.word()),
        outbox::sealed.eq(None::<Vec<u8>>),
        outbox::settled_at.eq(Some(now)),
        outbox::last_error.eq(Some(why)),
    );
    on!(tx, c => diesel::update(outbox::table.find(id)).filter(outbox::tries.eq(tries)).set(given_up).execute(c))?;
    Ok(())
}

pub(super) fn forget(tx: &mut Tx, before: UnixTime) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(outbox::table.filter(outbox::settled_at.lt(before))).execute(c))?;
    Ok(())
}

/// One more than `limit`, so that the caller sees whether there are more.
pub(super) fn list(conn: &mut Conn, after: Option<&LetterId>, limit: usize) -> Result<Vec<Entry>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = outbox::table.select(Row::as_select()).order(outbox::id.desc()).limit(limit).into_boxed();
        if let Some(after) = after {
            query = query.filter(outbox::id.lt(after));
        }
        query.load(c)
    })?;
    rows.into_iter().map(Row::entry).collect()
}

/// Letters posted since then that were given up, or tried so often in vain.
pub(super) fn count_unsent(conn: &mut Conn, since: UnixTime, tries: i64) -> Result<i64, Fault> {
    let given_up = outbox::state.eq(State::Failed.word());
    let in_vain = outbox::state.eq(State::Waiting.word()).and(outbox::tries.ge(tries));
    Ok(on!(conn, c => {
        outbox::table.filter(outbox::posted_at.gt(since)).filter(given_up.or(in_vain)).count().get_result(c)
    })?)
}

/// How many wait, as far as that many.
pub(super) fn count_waiting(conn: &mut Conn, most: i64) -> Result<usize, Fault> {
    let ids: Vec<LetterId> = on!(conn, c => {
        outbox::table
            .filter(outbox::state.eq(State::Waiting.word()))
            .order((outbox::state, outbox::due_at))
            .select(outbox::id)
            .limit(most)
            .load(c)
    })?;
    Ok(ids.len())
}

pub(super) fn find(conn: &mut Conn, id: &LetterId) -> Result<Option<Entry>, Fault> {
    let row: Option<Row> = on!(conn, c => outbox::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    row.map(Row::entry).transpose()
}

/// Not where its link went out, or was given up, a moment ago. A try that is going on settles nothing any more.
pub(super) fn send_now(tx: &mut Tx, id: &LetterId, now: UnixTime) -> Result<bool, Fault> {
    let without_link: Vec<&str> = Kind::ALL.iter().filter(|kind| !kind.has_secret()).map(|kind| kind.word()).collect();
    let again =
        (outbox::state.eq(State::Waiting.word()), outbox::due_at.eq(now), outbox::settled_at.eq(None::<UnixTime>));
    let changed = on!(tx, c => {
        diesel::update(outbox::table.find(id))
            .filter(outbox::sealed.is_not_null().or(outbox::kind.eq_any(without_link)))
            .set(again)
            .execute(c)
    })?;
    let longer = outbox::expires_at.eq(now.plus(Letter::LIVES));
    on!(tx, c => {
        diesel::update(outbox::table.find(id)).filter(outbox::sealed.is_null()).set(longer).execute(c)
    })?;
    Ok(changed == 1)
}
