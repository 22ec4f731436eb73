//! The table `refused_tokens`, and what `refresh_tokens` tells of one that gave nothing.

use diesel::prelude::*;

use super::Reason;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{RefusalId, RequestId, SessionId, TokenId, UserId};
use crate::platform::jwt::Presented;
use crate::platform::time::UnixTime;
use crate::schema::{refresh_tokens, refused_tokens};

/// A refusal as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: RefusalId,
    pub request_id: RequestId,
    pub at: UnixTime,
    pub kind: Kind,
    pub reason: Reason,
    /// What stood there in place of what is expected.
    pub found: Option<String>,
    /// What the token said of itself; proven only where `user` is known.
    pub presented: Presented,
    pub user: Option<UserId>,
    pub session: Option<SessionId>,
    pub token: Option<TokenId>,
    pub issued_at: Option<UnixTime>,
    pub expires_at: Option<UnixTime>,
    pub address: String,
    pub route: String,
}

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Access,
    Refresh,
    ApiKey,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::ApiKey => "api_key",
        }
    }

    fn parse(word: &str) -> Self {
        [Self::Refresh, Self::ApiKey].into_iter().find(|kind| kind.word() == word).unwrap_or(Self::Access)
    }
}

/// Each has its own share of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Accounts,
    Strangers,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = refused_tokens)]
struct Row {
    id: RefusalId,
    request_id: RequestId,
    at: UnixTime,
    token: String,
    reason: String,
    found: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    typ: Option<String>,
    user_id: Option<UserId>,
    session_id: Option<SessionId>,
    token_id: Option<TokenId>,
    issued_at: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    address: String,
    route: String,
}

impl From<&Kept> for Row {
    fn from(kept: &Kept) -> Self {
        let kept = kept.clone();
        Self {
            id: kept.id,
            request_id: kept.request_id,
            at: kept.at,
            token: kept.kind.word().to_owned(),
            reason: kept.reason.word().to_owned(),
            found: kept.found,
            kid: kept.presented.kid,
            alg: kept.presented.alg,
            typ: kept.presented.typ,
            user_id: kept.user,
            session_id: kept.session,
            token_id: kept.token,
            issued_at: kept.issued_at,
            expires_at: kept.expires_at,
            address: kept.address,
            route: kept.route,
        }
    }
}

fn kept(row: Row) -> Result<Kept, Fault> {
    let unknown = || Fault::Broken(format!("a token was refused for an unknown reason: {}", row.reason));
    Ok(Kept {
        reason: Reason::parse(&row.reason).ok_or_else(unknown)?,
        kind: Kind::parse(&row.token),
        id: row.id,
        request_id: row.request_id,
        at: row.at,
        found: row.found,
        presented: Presented { kid: row.kid, alg: row.alg, typ: row.typ },
        user: row.user_id,
        session: row.session_id,
        token: row.token_id,
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        address: row.address,
        route: row.route,
    })
}

/// Writes it down; once, however often it is tried.
pub(super) fn insert(tx: &mut Tx, refusal: &Kept) -> Result<(), Fault> {
    let row = Row::from(refusal);
    on!(tx, c => diesel::insert_into(refused_tokens::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The latest refusal under a request id: a proxy may give one id to several requests.
pub(super) fn find(conn: &mut Conn, request_id: &RequestId) -> Result<Option<Kept>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        refused_tokens::table
            .filter(refused_tokens::request_id.eq(request_id))
            .order(refused_tokens::id.desc())
            .select(Row::as_select())
            .first(c)
            .optional()
    })?;
    row.map(kept).transpose()
}

/// The newest first, from below that id.
pub(super) fn latest(conn: &mut Conn, below: Option<&str>, limit: i64) -> Result<Vec<Kept>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query =
            refused_tokens::table.select(Row::as_select()).order(refused_tokens::id.desc()).limit(limit).into_boxed();
        if let Some(id) = below {
            query = query.filter(refused_tokens::id.lt(id));
        }
        query.load(c)
    })?;
    rows.into_iter().map(kept).collect()
}

/// When the row was written that has so many newer ones in its room.
pub(super) fn newest_but(conn: &mut Conn, room: Room, many: i64) -> Result<Option<UnixTime>, Fault> {
    Ok(on!(conn, c => {
        let rows = refused_tokens::table.order(refused_tokens::at.desc()).offset(many).limit(1).select(refused_tokens::at);
        match room {
            Room::Accounts => rows.filter(refused_tokens::user_id.is_not_null()).first(c).optional(),
            Room::Strangers => rows.filter(refused_tokens::user_id.is_null()).first(c).optional(),
        }
    })?)
}

/// Deletes up to so many rows of a room, and says how many those were.
pub(super) fn delete_before(tx: &mut Tx, room: Room, moment: UnixTime, most: usize) -> Result<usize, Fault> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let ids: Vec<RefusalId> = on!(tx, c => {
        let rows = refused_tokens::table
            .filter(refused_tokens::at.lt(moment))
            .order(refused_tokens::at)
            .limit(most)
            .select(refused_tokens::id);
        match room {
            Room::Accounts => rows.filter(refused_tokens::user_id.is_not_null()).load(c),
            Room::Strangers => rows.filter(refused_tokens::user_id.is_null()).load(c),
        }
    })?;
    let over = refused_tokens::id.eq_any(ids.iter().map(RefusalId::as_str));
    Ok(on!(tx, c => diesel::delete(refused_tokens::table.filter(over)).execute(c))?)
}

/// What is known of a refresh token that gave nothing.
pub(super) struct DeadRefresh {
    pub session: SessionId,
    pub issued_at: UnixTime,
    pub expires_at: UnixTime,
    pub used_at: Option<UnixTime>,
}

pub(super) fn refresh_token(conn: &mut Conn, digest: &[u8]) -> Result<Option<DeadRefresh>, Fault> {
    let row: Option<(SessionId, UnixTime, UnixTime, Option<UnixTime>)> = on!(conn, c => {
        refresh_tokens::table
            .find(digest)
            .select((
                refresh_tokens::session_id,
                refresh_tokens::issued_at,
                refresh_tokens::expires_at,
                refresh_tokens::used_at,
            ))
            .get_result(c)
            .optional()
    })?;
    Ok(row.map(|(session, issued_at, expires_at, used_at)| DeadRefresh { session, issued_at, expires_at, used_at }))
}
