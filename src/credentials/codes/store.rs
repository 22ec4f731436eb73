//! The table `mail_codes`.

use diesel::prelude::*;

use super::{Held, Purpose, TRIES};
use crate::access::Origin;
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{CodeId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::mail_codes;

/// Somebody wants a link and a code; nobody looked yet whose the address is.
pub struct Asked {
    pub(super) id: CodeId,
    pub(in crate::credentials) address: String,
    pub(in crate::credentials) origin: Origin,
}

type HeldRow = (CodeId, String, String, Option<UserId>, Option<SessionId>);

fn held((id, purpose, address, user, session): HeldRow) -> Result<Option<Held>, Fault> {
    let purpose = Purpose::parse(&purpose)?;
    Ok(user.map(|user| Held { id, purpose, address, user, session }))
}

/// Empties a slot for a new link and code; `false` where what is in it counts, and was asked for later than
/// `since` for the same address.
pub(super) fn take_slot(
    tx: &mut Tx,
    slot: &str,
    purpose: Purpose,
    address: &str,
    origin: &Origin,
    (now, since): (UnixTime, UnixTime),
) -> Result<bool, Fault> {
    let fresh = || {
        (
            mail_codes::purpose.eq(purpose.word()),
            mail_codes::address.eq(address),
            mail_codes::user_id.eq(None::<UserId>),
            mail_codes::session_id.eq(None::<SessionId>),
            mail_codes::token_hash.eq(None::<Vec<u8>>),
            mail_codes::code_hash.eq(None::<Vec<u8>>),
            mail_codes::languages.eq(&origin.languages),
            mail_codes::source.eq(&origin.address),
            mail_codes::request_id.eq(&origin.request_id),
            mail_codes::asked_at.eq(now),
            mail_codes::made_at.eq(None::<UnixTime>),
            mail_codes::expires_at.eq(now.plus(purpose.life())),
            mail_codes::tries_left.eq(TRIES),
            mail_codes::used_at.eq(None::<UnixTime>),
        )
    };
    let over = mail_codes::used_at.is_not_null();
    // Who mistyped an address need not wait to mend it.
    let of_addresses = [Purpose::ChangeAddress, Purpose::VerifyAddress].map(Purpose::word);
    let mended = mail_codes::purpose.eq_any(of_addresses).and(mail_codes::address.ne(address));
    let again = mail_codes::asked_at.le(since).or(mended).or(over);
    if purpose == Purpose::ResetPassword {
        set_aside(tx, slot, since, now)?;
    }
    // With another id, so that a proof that was found before does not use up what comes into the slot now.
    let anew = (mail_codes::id.eq(CodeId::fresh(now)), fresh());
    let emptied = on!(tx, c => {
        diesel::update(mail_codes::table).filter(mail_codes::slot.eq(slot)).filter(again).set(anew).execute(c)
    })?;
    if emptied == 1 {
        return Ok(true);
    }
    let first = (mail_codes::id.eq(CodeId::fresh(now)), mail_codes::slot.eq(slot), fresh());
    let made = on!(tx, c => {
        diesel::insert_into(mail_codes::table).values(first).on_conflict_do_nothing().execute(c)
    })?;
    Ok(made == 1)
}

/// Whoever asks again and again for somebody else would make each mail worthless before it is read, so what is in the slot
/// goes on counting by its link, in a slot of its own; by its code no more. Whether or not it leads anywhere, this is the same
/// work.
fn set_aside(tx: &mut Tx, slot: &str, since: UnixTime, now: UnixTime) -> Result<(), Fault> {
    let apart = (
        mail_codes::slot.eq(mail_codes::slot.concat(" ").concat(CodeId::fresh(now).as_str().to_owned())),
        mail_codes::code_hash.eq(None::<Vec<u8>>),
        mail_codes::tries_left.eq(0),
    );
    on!(tx, c => {
        diesel::update(mail_codes::table)
            .filter(mail_codes::slot.eq(slot))
            .filter(mail_codes::asked_at.le(since))
            .filter(mail_codes::made_at.is_not_null())
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::expires_at.gt(now))
            .set(apart)
            .execute(c)
    })?;
    Ok(())
}

pub(super) fn fill(
    tx: &mut Tx,
    slot: &str,
    (user, session): (&UserId, Option<&SessionId>),
    (token, code): (Vec<u8>, Option<[u8; 32]>),
    (now, until): (UnixTime, UnixTime),
) -> Result<(), Fault> {
    let made = (
        mail_codes::user_id.eq(Some(user)),
        mail_codes::session_id.eq(session),
        mail_codes::token_hash.eq(Some(token)),
        mail_codes::code_hash.eq(code.map(|code| code.to_vec())),
        mail_codes::made_at.eq(Some(now)),
        mail_codes::expires_at.eq(until),
    );
    on!(tx, c => diesel::update(mail_codes::table).filter(mail_codes::slot.eq(slot)).set(made).execute(c))?;
    Ok(())
}

pub(in crate::credentials) fn asked(conn: &mut Conn, limit: i64) -> Result<Vec<Asked>, Fault> {
    let rows: Vec<(CodeId, String, String, String, RequestId)> = on!(conn, c => {
        mail_codes::table
            .filter(mail_codes::made_at.is_null())
            .order(mail_codes::id)
            .limit(limit)
            .select((
                mail_codes::id,
                mail_codes::address,
                mail_codes::languages,
                mail_codes::source,
                mail_codes::request_id,
            ))
            .load(c)
    })?;
    let asked = |(id, address, languages, source, request_id)| Asked {
        id,
        address,
        origin: Origin { request_id, address: source, user_agent: String::new(), languages, device: None },
    };
    Ok(rows.into_iter().map(asked).collect())
}

pub(super) fn settle_asked(tx: &mut Tx, id: &CodeId, now: UnixTime) -> Result<bool, Fault> {
    let settled = on!(tx, c => {
        diesel::update(mail_codes::table.find(id))
            .filter(mail_codes::made_at.is_null())
            .set(mail_codes::made_at.eq(Some(now)))
            .execute(c)
    })?;
    Ok(settled == 1)
}

pub(super) fn by_token(conn: &mut Conn, token: &[u8], now: UnixTime) -> Result<Option<Held>, Fault> {
    let row: Option<HeldRow> = on!(conn, c => {
        mail_codes::table
            .filter(mail_codes::token_hash.eq(token))
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::expires_at.gt(now))
            .select((
                mail_codes::id,
                mail_codes::purpose,
                mail_codes::address,
                mail_codes::user_id,
                mail_codes::session_id,
            ))
            .get_result(c)
            .optional()
    })?;
    row.map_or(Ok(None), held)
}

/// What is in the slot, and the code's digest, for one try less; `None` where no try is left.
pub(super) fn take_try(tx: &mut Tx, slot: &str, now: UnixTime) -> Result<Option<(Held, Vec<u8>)>, Fault> {
    let row: Option<(HeldRow, Option<Vec<u8>>)> = on!(tx, c => {
        diesel::update(mail_codes::table)
            .filter(mail_codes::slot.eq(slot))
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::expires_at.gt(now))
            .filter(mail_codes::tries_left.gt(0))
            .set(mail_codes::tries_left.eq(mail_codes::tries_left - 1))
            .returning((
                (
                    mail_codes::id,
                    mail_codes::purpose,
                    mail_codes::address,
                    mail_codes::user_id,
                    mail_codes::session_id,
                ),
                mail_codes::code_hash,
            ))
            .get_result(c)
            .optional()
    })?;
    let Some((row, Some(code))) = row else { return Ok(None) };
    Ok(held(row)?.map(|held| (held, code)))
}

pub(super) fn give_back_try(tx: &mut Tx, id: &CodeId) -> Result<(), Fault> {
    let more = mail_codes::tries_left.eq(mail_codes::tries_left + 1);
    on!(tx, c => diesel::update(mail_codes::table.find(id)).set(more).execute(c))?;
    Ok(())
}

pub(super) fn consume(tx: &mut Tx, id: &CodeId, now: UnixTime) -> Result<bool, Fault> {
    let used = on!(tx, c => {
        diesel::update(mail_codes::table.find(id))
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::token_hash.is_not_null())
            .filter(mail_codes::expires_at.gt(now))
            .set(mail_codes::used_at.eq(Some(now)))
            .execute(c)
    })?;
    Ok(used == 1)
}

pub(super) fn end_all(tx: &mut Tx, user: &UserId, but: Option<Purpose>, now: UnixTime) -> Result<(), Fault> {
    let living = diesel::update(mail_codes::table)
        .filter(mail_codes::user_id.eq(user))
        .filter(mail_codes::purpose.ne(but.map_or("", Purpose::word)))
        .filter(mail_codes::used_at.is_null())
        .set(mail_codes::used_at.eq(Some(now)));
    on!(tx, c => living.execute(c))?;
    Ok(())
}

pub(super) fn end(tx: &mut Tx, slot: &str, now: UnixTime) -> Result<bool, Fault> {
    let ended = on!(tx, c => {
        diesel::update(mail_codes::table)
            .filter(mail_codes::slot.eq(slot))
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::expires_at.gt(now))
            .set(mail_codes::used_at.eq(Some(now)))
            .execute(c)
    })?;
    Ok(ended == 1)
}

pub(super) fn address_in(conn: &mut Conn, slot: &str, now: UnixTime) -> Result<Option<String>, Fault> {
    Ok(on!(conn, c => {
        mail_codes::table
            .filter(mail_codes::slot.eq(slot))
            .filter(mail_codes::used_at.is_null())
            .filter(mail_codes::expires_at.gt(now))
            .select(mail_codes::address)
            .get_result(c)
            .optional()
    })?)
}

/// Forgets what no longer counts.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    let delete = move |tx: &mut Tx| {
        on!(tx, c => diesel::delete(mail_codes::table.filter(mail_codes::expires_at.lt(now))).execute(c))?;
        Ok::<_, Fault>(())
    };
    app.db.write(delete).await
}
