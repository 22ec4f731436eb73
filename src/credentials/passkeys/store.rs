//! The tables `passkeys` and `passkey_challenges`.

use diesel::prelude::*;
use passki::StoredPasskey;

use super::ceremony::Asked;
use super::{Passkey, PasskeyName};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{PasskeyId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{passkey_challenges, passkeys};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = passkeys)]
struct Row {
    id: PasskeyId,
    user_id: UserId,
    credential_id: Vec<u8>,
    public_key: Vec<u8>,
    algorithm: i64,
    counter: i64,
    transports: String,
    backup: String,
    name: String,
    created_at: UnixTime,
    last_used_at: Option<UnixTime>,
}

/// May it be backed up, and is it: the two flags as one word.
const BACKUP: [(&str, bool, bool); 3] = [("never", false, false), ("possible", true, false), ("made", true, true)];

fn backup_word(key: &StoredPasskey) -> &'static str {
    BACKUP.iter().find(|(_, be, bs)| (*be, *bs) == (key.be, key.bs)).map_or("never", |(word, ..)| word)
}

impl TryFrom<Row> for Passkey {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let broken = |what: &str| Fault::Broken(format!("the {what} of the passkey {} means nothing", row.id));
        let backup = BACKUP.iter().find(|(word, ..)| *word == row.backup).ok_or_else(|| broken("backup"))?;
        let mut key = StoredPasskey::default();
        key.algorithm = i32::try_from(row.algorithm).map_err(|_| broken("algorithm"))?;
        key.counter = u32::try_from(row.counter).map_err(|_| broken("counter"))?;
        key.transports = serde_json::from_str(&row.transports).map_err(|_| broken("transports"))?;
        (key.be, key.bs) = (backup.1, backup.2);
        (key.credential_id, key.public_key) = (row.credential_id, row.public_key);
        Ok(Self {
            id: row.id,
            name: PasskeyName(row.name),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            user: row.user_id,
            key,
        })
    }
}

pub(super) fn insert(tx: &mut Tx, passkey: &Passkey) -> Result<(), Fault> {
    let key = &passkey.key;
    let row = Row {
        id: passkey.id.clone(),
        user_id: passkey.user.clone(),
        credential_id: key.credential_id.clone(),
        public_key: key.public_key.clone(),
        algorithm: key.algorithm.into(),
        counter: key.counter.into(),
        transports: serde_json::to_string(&key.transports).map_err(|why| Fault::Broken(why.to_string()))?,
        backup: backup_word(key).to_owned(),
        name: passkey.name.as_str().to_owned(),
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
    };
    on!(tx, c => diesel::insert_into(passkeys::table).values(&row).execute(c))?;
    Ok(())
}

/// Somebody's passkeys, the oldest first.
pub(super) fn of_user(conn: &mut Conn, user: &UserId) -> Result<Vec<Passkey>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        passkeys::table
            .filter(passkeys::user_id.eq(user))
            .order((passkeys::created_at, passkeys::id))
            .select(Row::as_select())
            .load(c)
    })?;
    rows.into_iter().map(Passkey::try_from).collect()
}

pub(super) fn count(conn: &mut Conn, user: &UserId) -> Result<usize, Fault> {
    let theirs = passkeys::table.filter(passkeys::user_id.eq(user));
    let number: i64 = on!(conn, c => theirs.count().get_result(c))?;
    Ok(usize::try_from(number).unwrap_or(0))
}

pub(super) fn find(conn: &mut Conn, user: &UserId, id: &PasskeyId) -> Result<Option<Passkey>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        passkeys::table.find(id).filter(passkeys::user_id.eq(user)).select(Row::as_select()).get_result(c).optional()
    })?;
    row.map(Passkey::try_from).transpose()
}

pub(super) fn by_credential(conn: &mut Conn, credential: &[u8]) -> Result<Option<Passkey>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        let named = passkeys::table.filter(passkeys::credential_id.eq(credential));
        named.select(Row::as_select()).get_result(c).optional()
    })?;
    row.map(Passkey::try_from).transpose()
}

/// Notes a use. `false` where the counter did not go up: it was used elsewhere meanwhile, or is gone. A counter that stays
/// at zero is none.
pub(super) fn use_key(tx: &mut Tx, id: &PasskeyId, key: &StoredPasskey, now: UnixTime) -> Result<bool, Fault> {
    let counter = i64::from(key.counter);
    let latest = passkeys::last_used_at.eq(now);
    let uses = (passkeys::counter.eq(counter), passkeys::backup.eq(backup_word(key)), latest);
    let changed = on!(tx, c => {
        let one = diesel::update(passkeys::table.find(id)).set(uses).into_boxed();
        match counter {
            0 => one.filter(passkeys::counter.eq(0)).execute(c),
            _ => one.filter(passkeys::counter.lt(counter)).execute(c),
        }
    })?;
    Ok(changed == 1)
}

pub(super) fn rename(tx: &mut Tx, id: &PasskeyId, name: &PasskeyName) -> Result<(), Fault> {
    on!(tx, c => diesel::update(passkeys::table.find(id)).set(passkeys::name.eq(name.as_str())).execute(c))?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx, id: &PasskeyId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(passkeys::table.find(id)).execute(c))?;
    Ok(())
}

pub(super) fn delete_since(tx: &mut Tx, user: &UserId, since: UnixTime) -> Result<(), Fault> {
    let later = passkeys::table.filter(passkeys::user_id.eq(user)).filter(passkeys::created_at.ge(since));
    on!(tx, c => diesel::delete(later).execute(c))?;
    Ok(())
}

pub(super) fn insert_challenge(
    tx: &mut Tx,
    digest: &[u8],
    asked: &Asked,
    state: &str,
    until: UnixTime,
) -> Result<(), Fault> {
    let row = (
        passkey_challenges::hash.eq(digest),
        passkey_challenges::purpose.eq(asked.word()),
        passkey_challenges::user_id.eq(asked.user()),
        passkey_challenges::state.eq(state),
        passkey_challenges::expires_at.eq(until),
    );
    on!(tx, c => diesel::insert_into(passkey_challenges::table).values(row).execute(c))?;
    Ok(())
}

/// What waits under this challenge, for this purpose and person; the row is gone then. Of two who come with one answer,
/// one deletes it.
pub(super) fn take_challenge(
    tx: &mut Tx,
    digest: &[u8],
    asked: &Asked,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let found: Option<(Option<UserId>, String)> = on!(tx, c => {
        passkey_challenges::table
            .find(digest)
            .filter(passkey_challenges::purpose.eq(asked.word()))
            .filter(passkey_challenges::expires_at.gt(now))
            .select((passkey_challenges::user_id, passkey_challenges::state))
            .get_result(c)
            .optional()
    })?;
    let Some((_, state)) = found.filter(|(user, _)| user.as_ref() == asked.user()) else { return Ok(None) };
    let deleted = on!(tx, c => diesel::delete(passkey_challenges::table.find(digest)).execute(c))?;
    Ok((deleted == 1).then_some(state))
}

/// Deletes some that are over, a few at a time so that nobody waits long; how many.
pub(super) fn purge_challenges(tx: &mut Tx, now: UnixTime) -> Result<usize, Fault> {
    let over = passkey_challenges::table.filter(passkey_challenges::expires_at.le(now)).limit(500);
    let hashes: Vec<Vec<u8>> = on!(tx, c => over.select(passkey_challenges::hash).load(c))?;
    let named = passkey_challenges::table.filter(passkey_challenges::hash.eq_any(&hashes));
    Ok(on!(tx, c => diesel::delete(named).execute(c))?)
}
