//! The table `api_keys`.

use diesel::prelude::*;

use super::{ApiKey, State};
use crate::access::PermissionSet;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{ApiKeyId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::api_keys;
use crate::sessions::Session;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub(super) struct Row {
    pub id: ApiKeyId,
    pub session_id: SessionId,
    pub user_id: UserId,
    pub name: String,
    pub scope: String,
    pub hash: Vec<u8>,
    pub created_at: UnixTime,
    /// When it was last written down that it was sent in vain.
    pub refused_at: UnixTime,
}

impl Row {
    pub fn seen(&self, username: String, session: &Session, state: State) -> ApiKey {
        let used = session.last_used_at > session.created_at;
        ApiKey {
            id: self.id.clone(),
            name: self.name.clone(),
            owner: self.user_id.clone(),
            username,
            scope: PermissionSet::from_scope(&self.scope),
            session: session.id.clone(),
            created_at: self.created_at,
            expires_at: Some(session.ends_at()).filter(|at| *at < UnixTime::NEVER),
            last_used_at: used.then_some(session.last_used_at),
            address: session.address.clone(),
            state,
        }
    }
}

pub(super) fn insert(tx: &mut Tx, row: &Row) -> Result<(), Fault> {
    on!(tx, c => diesel::insert_into(api_keys::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, id: &ApiKeyId) -> Result<Option<Row>, Fault> {
    Ok(on!(conn, c => api_keys::table.find(id).select(Row::as_select()).get_result(c).optional())?)
}

pub(super) fn sessions_of(conn: &mut Conn, user: &UserId) -> Result<Vec<SessionId>, Fault> {
    Ok(on!(conn, c => api_keys::table.filter(api_keys::user_id.eq(user)).select(api_keys::session_id).load(c))?)
}

/// By their sessions, whose ids go by time.
pub(super) fn newest(
    conn: &mut Conn,
    owner: Option<&UserId>,
    after: Option<&SessionId>,
    limit: usize,
) -> Result<Vec<Row>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on!(conn, c => {
        let mut query =
            api_keys::table.select(Row::as_select()).order(api_keys::session_id.desc()).limit(limit).into_boxed();
        if let Some(owner) = owner {
            query = query.filter(api_keys::user_id.eq(owner));
        }
        if let Some(after) = after {
            query = query.filter(api_keys::session_id.lt(after));
        }
        query.load(c)
    })?)
}

/// `false` where it was written down since `before` already.
pub(super) fn note_refusal(tx: &mut Tx, id: &ApiKeyId, now: UnixTime, before: UnixTime) -> Result<bool, Fault> {
    let due = api_keys::table.find(id).filter(api_keys::refused_at.le(before));
    Ok(on!(tx, c => diesel::update(due).set(api_keys::refused_at.eq(now)).execute(c))? > 0)
}
