//! The tables `totp_secrets` and `recovery_codes`.

use diesel::prelude::*;

use super::RecoveryCodes;
use super::recovery::Kind;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::{recovery_codes, totp_secrets};

/// `false` where a confirmed one stands there: it stays.
pub(super) fn put_unconfirmed(tx: &mut Tx, user: &UserId, sealed: &[u8], now: UnixTime) -> Result<bool, Fault> {
    let row = (
        totp_secrets::user_id.eq(user),
        totp_secrets::sealed.eq(sealed),
        totp_secrets::created_at.eq(now),
        totp_secrets::last_step.eq(0),
    );
    let waiting = totp_secrets::table.find(user).filter(totp_secrets::confirmed_at.is_null());
    on!(tx, c => diesel::delete(waiting).execute(c))?;
    Ok(on!(tx, c => diesel::insert_into(totp_secrets::table).values(row).on_conflict_do_nothing().execute(c))? > 0)
}

pub(super) fn unconfirmed(conn: &mut Conn, user: &UserId) -> Result<Option<Vec<u8>>, Fault> {
    let theirs = totp_secrets::table.find(user).filter(totp_secrets::confirmed_at.is_null());
    Ok(on!(conn, c => theirs.select(totp_secrets::sealed).get_result(c).optional())?)
}

pub(super) fn confirmed(conn: &mut Conn, user: &UserId) -> Result<Option<Vec<u8>>, Fault> {
    let theirs = totp_secrets::table.find(user).filter(totp_secrets::confirmed_at.is_not_null());
    Ok(on!(conn, c => theirs.select(totp_secrets::sealed).get_result(c).optional())?)
}

pub(super) fn confirmed_at(conn: &mut Conn, user: &UserId) -> Result<Option<UnixTime>, Fault> {
    let at: Option<Option<UnixTime>> =
        on!(conn, c => totp_secrets::table.find(user).select(totp_secrets::confirmed_at).get_result(c).optional())?;
    Ok(at.flatten())
}

/// Secrets, sealed, that were confirmed elsewhere.
pub(super) fn insert_confirmed(tx: &mut Tx, secrets: Vec<(UserId, Vec<u8>)>, now: UnixTime) -> Result<(), Fault> {
    let row = |(user, sealed): (UserId, Vec<u8>)| {
        (
            totp_secrets::user_id.eq(user),
            totp_secrets::sealed.eq(sealed),
            totp_secrets::created_at.eq(now),
            totp_secrets::confirmed_at.eq(Some(now)),
            totp_secrets::last_step.eq(0),
        )
    };
    let rows: Vec<_> = secrets.into_iter().map(row).collect();
    if !rows.is_empty() {
        on!(tx, c => diesel::insert_into(totp_secrets::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn confirmed_of(conn: &mut Conn, users: &[UserId]) -> Result<Vec<(UserId, Vec<u8>)>, Fault> {
    let theirs = totp_secrets::table
        .filter(totp_secrets::user_id.eq_any(users.iter().map(UserId::as_str)))
        .filter(totp_secrets::confirmed_at.is_not_null());
    Ok(on!(conn, c => theirs.select((totp_secrets::user_id, totp_secrets::sealed)).load(c))?)
}

/// `false` where it was confirmed meanwhile.
pub(super) fn confirm(tx: &mut Tx, user: &UserId, step: i64, now: UnixTime) -> Result<bool, Fault> {
    let waiting = totp_secrets::table.find(user).filter(totp_secrets::confirmed_at.is_null());
    let change = (totp_secrets::confirmed_at.eq(now), totp_secrets::last_step.eq(step));
    Ok(on!(tx, c => diesel::update(waiting).set(change).execute(c))? > 0)
}

/// `false` where a code of this step, or of a later one, was taken already.
pub(super) fn take_step(tx: &mut Tx, user: &UserId, step: i64) -> Result<bool, Fault> {
    let earlier = totp_secrets::table.find(user).filter(totp_secrets::last_step.lt(step));
    Ok(on!(tx, c => diesel::update(earlier).set(totp_secrets::last_step.eq(step)).execute(c))? > 0)
}

pub(super) fn delete_totp(tx: &mut Tx, user: &UserId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(totp_secrets::table.find(user)).execute(c))?;
    Ok(())
}

/// What a code is: its kind, when it was made, and until when it counts.
pub(super) struct NewCode {
    pub kind: Kind,
    pub created_at: UnixTime,
    pub expires_at: Option<UnixTime>,
}

pub(super) fn insert_code(tx: &mut Tx, digest: &[u8], user: &UserId, new: &NewCode) -> Result<(), Fault> {
    let row = (
        recovery_codes::hash.eq(digest),
        recovery_codes::user_id.eq(user),
        recovery_codes::kind.eq(new.kind.word()),
        recovery_codes::created_at.eq(new.created_at),
        recovery_codes::expires_at.eq(new.expires_at),
    );
    on!(tx, c => diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    Ok(())
}

/// `false` where it is none of theirs, or was used up, or is too old.
pub(super) fn take_code(tx: &mut Tx, digest: &[u8], user: &UserId, kind: Kind, now: UnixTime) -> Result<bool, Fault> {
    let good = recovery_codes::table
        .find(digest)
        .filter(recovery_codes::user_id.eq(user))
        .filter(recovery_codes::kind.eq(kind.word()))
        .filter(recovery_codes::used_at.is_null())
        .filter(recovery_codes::expires_at.is_null().or(recovery_codes::expires_at.gt(now)));
    Ok(on!(tx, c => diesel::update(good).set(recovery_codes::used_at.eq(now)).execute(c))? > 0)
}

pub(super) fn forget_codes(tx: &mut Tx, user: &UserId, kind: Kind) -> Result<(), Fault> {
    let theirs = recovery_codes::user_id.eq(user).and(recovery_codes::kind.eq(kind.word()));
    on!(tx, c => diesel::delete(recovery_codes::table.filter(theirs)).execute(c))?;
    Ok(())
}

pub(super) fn forget_since(tx: &mut Tx, user: &UserId, since: UnixTime) -> Result<(), Fault> {
    let totp = totp_secrets::table.find(user).filter(totp_secrets::created_at.ge(since));
    let codes =
        recovery_codes::table.filter(recovery_codes::user_id.eq(user)).filter(recovery_codes::created_at.ge(since));
    on!(tx, c => diesel::delete(totp).execute(c))?;
    on!(tx, c => diesel::delete(codes).execute(c))?;
    Ok(())
}

pub(super) fn keep_codes(tx: &mut Tx, user: &UserId, now: UnixTime) -> Result<(), Fault> {
    let theirs =
        recovery_codes::table.filter(recovery_codes::user_id.eq(user)).filter(recovery_codes::kept_at.is_null());
    on!(tx, c => diesel::update(theirs).set(recovery_codes::kept_at.eq(now)).execute(c))?;
    Ok(())
}

pub(super) fn standing(conn: &mut Conn, user: &UserId) -> Result<RecoveryCodes, Fault> {
    let unused: Vec<Option<UnixTime>> = on!(conn, c => {
        recovery_codes::table
            .filter(recovery_codes::user_id.eq(user))
            .filter(recovery_codes::kind.eq(Kind::Recovery.word()))
            .filter(recovery_codes::used_at.is_null())
            .select(recovery_codes::kept_at)
            .load(c)
    })?;
    Ok(RecoveryCodes { left: unused.len(), kept_at: unused.first().copied().flatten() })
}
