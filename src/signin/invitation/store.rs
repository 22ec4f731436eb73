//! The table `invitations`.

use diesel::prelude::*;

use super::{Invitation, Open, State};
use crate::access::Caller;
use crate::accounts;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{InvitationId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::invitations;

#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations)]
struct Row {
    id: InvitationId,
    email: Option<String>,
    roles: String,
    invited_by: UserId,
    created_at: UnixTime,
    expires_at: UnixTime,
    uses_left: i64,
    used: i64,
    withdrawn_at: Option<UnixTime>,
    key_session_id: Option<SessionId>,
}

impl Row {
    fn state(&self, now: UnixTime) -> State {
        match self {
            Self { withdrawn_at: Some(_), .. } => State::Withdrawn,
            Self { uses_left: ..=0, .. } => State::Used,
            Self { expires_at, .. } if *expires_at <= now => State::Expired,
            _ => State::Open,
        }
    }

    fn roles(&self) -> Result<Vec<String>, Fault> {
        serde_json::from_str(&self.roles).map_err(|e| Fault::Broken(format!("an invitation's roles: {e}")))
    }
}

pub(super) fn insert(tx: &mut Tx, new: &Invitation, by: &Caller, digest: Vec<u8>) -> Result<(), Fault> {
    let roles = serde_json::to_string(&new.roles).map_err(|e| Fault::Broken(format!("an invitation's roles: {e}")))?;
    let row = (
        invitations::id.eq(&new.id),
        invitations::token_hash.eq(digest),
        invitations::email.eq(&new.email),
        invitations::email_folded.eq(new.email.as_deref().map(accounts::as_looked_up)),
        invitations::roles.eq(roles),
        invitations::invited_by.eq(&by.user),
        invitations::key_session_id.eq(by.by_key.as_ref().map(|_| &by.session)),
        invitations::created_at.eq(new.created_at),
        invitations::expires_at.eq(new.expires_at),
        invitations::uses_left.eq(new.uses_left),
        invitations::used.eq(new.used),
    );
    on!(tx, c => diesel::insert_into(invitations::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn by_token(conn: &mut Conn, digest: &[u8], now: UnixTime) -> Result<Option<Open>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        invitations::table
            .filter(invitations::token_hash.eq(digest))
            .select(Row::as_select())
            .get_result(c)
            .optional()
    })?;
    let found = row.filter(|row| row.state(now) == State::Open);
    let open = |row: Row| {
        Ok(Open {
            roles: row.roles()?,
            id: row.id,
            email: row.email,
            invited_by: row.invited_by,
            by_key: row.key_session_id,
        })
    };
    found.map(open).transpose()
}

/// `false` where none of its uses is left.
pub(super) fn take(tx: &mut Tx, id: &InvitationId, now: UnixTime) -> Result<bool, Fault> {
    let open = invitations::table
        .find(id)
        .filter(invitations::uses_left.gt(0))
        .filter(invitations::expires_at.gt(now))
        .filter(invitations::withdrawn_at.is_null());
    let one = (invitations::uses_left.eq(invitations::uses_left - 1), invitations::used.eq(invitations::used + 1));
    Ok(on!(tx, c => diesel::update(open).set(one).execute(c))? == 1)
}

pub(super) fn find(conn: &mut Conn, id: &InvitationId, now: UnixTime) -> Result<Option<Invitation>, Fault> {
    let row: Option<Row> =
        on!(conn, c => invitations::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    Ok(with_hosts(conn, row.into_iter().collect(), now)?.pop())
}

pub(super) fn list(
    conn: &mut Conn,
    after: Option<&InvitationId>,
    limit: i64,
    now: UnixTime,
) -> Result<Vec<Invitation>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query =
            invitations::table.select(Row::as_select()).order(invitations::id.desc()).limit(limit).into_boxed();
        if let Some(after) = after {
            query = query.filter(invitations::id.lt(after));
        }
        query.load(c)
    })?;
    with_hosts(conn, rows, now)
}

fn with_hosts(conn: &mut Conn, rows: Vec<Row>, now: UnixTime) -> Result<Vec<Invitation>, Fault> {
    let ids: Vec<UserId> = rows.iter().map(|row| row.invited_by.clone()).collect();
    let names = accounts::usernames(conn, &ids)?;
    let invitation = |row: Row| {
        Ok(Invitation {
            state: row.state(now),
            roles: row.roles()?,
            invited_by: names.get(&row.invited_by).cloned().unwrap_or_default(),
            id: row.id,
            email: row.email,
            created_at: row.created_at,
            expires_at: row.expires_at,
            uses_left: row.uses_left,
            used: row.used,
        })
    };
    rows.into_iter().map(invitation).collect()
}

pub(super) fn withdraw(tx: &mut Tx, id: &InvitationId, now: UnixTime) -> Result<bool, Fault> {
    let open = invitations::table.find(id).filter(invitations::withdrawn_at.is_null());
    let change = invitations::withdrawn_at.eq(Some(now));
    Ok(on!(tx, c => diesel::update(open).set(change).execute(c))? == 1)
}

/// Those to an address that are open.
pub(super) fn open_to(conn: &mut Conn, email: &str, now: UnixTime) -> Result<Vec<Invitation>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        invitations::table
            .filter(invitations::email_folded.eq(accounts::as_looked_up(email)))
            .filter(invitations::uses_left.gt(0))
            .filter(invitations::expires_at.gt(now))
            .filter(invitations::withdrawn_at.is_null())
            .select(Row::as_select())
            .load(c)
    })?;
    with_hosts(conn, rows, now)
}

pub(super) fn delete_expired(tx: &mut Tx, until: UnixTime) -> Result<(), Fault> {
    let over = invitations::table.filter(invitations::expires_at.le(until));
    on!(tx, c => diesel::delete(over).execute(c))?;
    Ok(())
}
