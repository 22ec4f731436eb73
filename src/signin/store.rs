//! The table `sign_in_attempts`.

use diesel::prelude::*;

use super::attempt::{Goal, Waiting};
use crate::access::Amr;
use crate::credentials::Verified;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{AttemptId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::sign_in_attempts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = sign_in_attempts)]
struct Row {
    user_id: UserId,
    amr: String,
    password_digest: Option<Vec<u8>>,
    goal: String,
}

impl TryFrom<Row> for Waiting {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let goal: Goal =
            serde_json::from_str(&row.goal).map_err(|e| Fault::Broken(format!("a sign-in's goal: {e}")))?;
        Ok(Self {
            user: row.user_id,
            amr: Amr::from_text(&row.amr),
            password: row.password_digest.map(Verified::from_digest),
            goal,
        })
    }
}

/// An attempt's id, and the digest of what its holder has.
type Key<'a> = (&'a AttemptId, &'a [u8]);

pub(super) fn insert(
    tx: &mut Tx,
    (id, digest): Key,
    waiting: &Waiting,
    (tries, until): (i64, UnixTime),
) -> Result<(), Fault> {
    let goal = serde_json::to_string(&waiting.goal).map_err(|e| Fault::Broken(format!("a sign-in's goal: {e}")))?;
    let row = (
        sign_in_attempts::id.eq(id),
        sign_in_attempts::holder_hash.eq(digest),
        sign_in_attempts::user_id.eq(&waiting.user),
        sign_in_attempts::amr.eq(waiting.amr.to_text()),
        sign_in_attempts::password_digest.eq(waiting.password.as_ref().map(Verified::digest)),
        sign_in_attempts::goal.eq(goal),
        sign_in_attempts::tries_left.eq(tries),
        sign_in_attempts::expires_at.eq(until),
    );
    on!(tx, c => diesel::insert_into(sign_in_attempts::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, (id, digest): Key, now: UnixTime) -> Result<Option<Waiting>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        sign_in_attempts::table
            .find(id)
            .filter(sign_in_attempts::holder_hash.eq(digest))
            .filter(sign_in_attempts::tries_left.gt(0))
            .filter(sign_in_attempts::expires_at.gt(now))
            .select(Row::as_select())
            .get_result(c)
            .optional()
    })?;
    row.map(Waiting::try_from).transpose()
}

/// `None` where it is over, or nobody's.
pub(super) fn take_try(tx: &mut Tx, (id, digest): Key, now: UnixTime) -> Result<Option<Waiting>, Fault> {
    let waiting = sign_in_attempts::table
        .find(id)
        .filter(sign_in_attempts::holder_hash.eq(digest))
        .filter(sign_in_attempts::tries_left.gt(0))
        .filter(sign_in_attempts::expires_at.gt(now));
    let one_less = sign_in_attempts::tries_left.eq(sign_in_attempts::tries_left - 1);
    let row: Option<Row> = on!(tx, c => {
        diesel::update(waiting).set(one_less).returning(Row::as_returning()).get_result(c).optional()
    })?;
    row.map(Waiting::try_from).transpose()
}

pub(super) fn give_back_try(tx: &mut Tx, id: &AttemptId) -> Result<(), Fault> {
    let one_more = sign_in_attempts::tries_left.eq(sign_in_attempts::tries_left + 1);
    on!(tx, c => diesel::update(sign_in_attempts::table.find(id)).set(one_more).execute(c))?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx, id: &AttemptId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(sign_in_attempts::table.find(id)).execute(c))?;
    Ok(())
}

pub(super) fn delete_expired(tx: &mut Tx, now: UnixTime) -> Result<(), Fault> {
    let over = sign_in_attempts::table.filter(sign_in_attempts::expires_at.le(now));
    on!(tx, c => diesel::delete(over).execute(c))?;
    Ok(())
}
