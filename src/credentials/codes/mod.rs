//! Links and codes that go out by mail: 256 random bits in the link, and for most a short code in the same mail to type in its
//! place. Both are stored hashed, count once, and not for long. A code counts only together with its slot (whose, and what for),
//! and for five tries; then a new one is needed.

mod store;

use std::time::Duration;

pub(super) use store::{Asked, asked, purge};

use crate::access::Origin;
use crate::app::App;
use crate::outbox::Secret;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{CodeId, SessionId, UserId};
use crate::platform::secret::{OpaqueToken, Purpose as Key, ShortCode, keyed_digest, same};
use crate::platform::time::UnixTime;

const TRIES: i64 = 5;
/// One mail for each slot in so long.
const APART: Duration = Duration::from_secs(60);

/// What a link or a code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    VerifyAddress,
    ChangeAddress,
    ResetPassword,
    /// To say of a sign-in that it was somebody else's.
    NotMe,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::VerifyAddress, Self::ChangeAddress, Self::ResetPassword, Self::NotMe];

    fn word(self) -> &'static str {
        match self {
            Self::VerifyAddress => "verify_address",
            Self::ChangeAddress => "change_address",
            Self::ResetPassword => "reset_password",
            Self::NotMe => "not_me",
        }
    }

    fn parse(word: &str) -> Result<Self, Fault> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.word() == word);
        found.ok_or_else(|| Fault::Broken("a code has an unknown purpose".into()))
    }

    /// How long a link and a code count.
    pub fn life(self) -> Duration {
        match self {
            Self::VerifyAddress | Self::ChangeAddress => Duration::from_secs(24 * 3600),
            Self::ResetPassword => Duration::from_secs(30 * 60),
            Self::NotMe => Duration::from_secs(7 * 86_400),
        }
    }

    /// Whether there is a code to type beside the link.
    fn has_code(self) -> bool {
        self != Self::NotMe
    }
}

/// What a code belongs to: there is one at a time. Links to a new password may be several, since older ones go on counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    purpose: Purpose,
    of: String,
}

impl Slot {
    /// By address, for who is not signed in.
    pub fn of_address(purpose: Purpose, address: &str) -> Self {
        Self { purpose, of: address.to_lowercase() }
    }

    pub fn of_user(purpose: Purpose, user: &UserId) -> Self {
        Self { purpose, of: user.as_str().to_owned() }
    }

    pub fn of_session(purpose: Purpose, session: &SessionId) -> Self {
        Self { purpose, of: session.as_str().to_owned() }
    }

    fn name(&self) -> String {
        format!("{} {}", self.purpose.word(), self.of)
    }
}

/// What somebody shows to be let through.
pub enum Shown {
    Link(OpaqueToken),
    Code(Slot, ShortCode),
}

/// For whom a link and a code are made, and where they go.
pub(super) struct Wanted<'a> {
    pub slot: Slot,
    pub address: &'a str,
    pub user: &'a UserId,
    pub session: Option<&'a SessionId>,
}

/// A link or a code that was found right and still counts.
pub struct Held {
    id: CodeId,
    pub(super) purpose: Purpose,
    pub(super) address: String,
    pub(super) user: UserId,
    pub(super) session: Option<SessionId>,
}

/// Makes a link and a code in place of those before, whose link goes on where it leads to a new password; `None` where those are less than a minute old.
pub(super) fn make(tx: &mut Tx, app: &App, wanted: &Wanted, origin: &Origin) -> Result<Option<Secret>, Fault> {
    let now = app.now();
    let slot = &wanted.slot;
    if !store::take_slot(tx, &slot.name(), slot.purpose, wanted.address, origin, (now, now.minus(APART)))? {
        return Ok(None);
    }
    fill(tx, app, wanted).map(Some)
}

/// Notes that somebody wants a link and a code for an address, whoever has it. The same work for every address.
pub(super) fn ask(tx: &mut Tx, app: &App, slot: &Slot, address: &str, origin: &Origin) -> Result<(), Fault> {
    let now = app.now();
    store::take_slot(tx, &slot.name(), slot.purpose, address, origin, (now, now.minus(APART))).map(drop)
}

/// Makes the link and the code that were asked for.
pub(super) fn fill(tx: &mut Tx, app: &App, wanted: &Wanted) -> Result<Secret, Fault> {
    let slot = wanted.slot.name();
    let secret = Secret { token: OpaqueToken::fresh(), code: wanted.slot.purpose.has_code().then(ShortCode::fresh) };
    let code = secret.code.as_ref().map(|code| digest(app, &slot, code));
    // They count from when they are made, which may be later than they were asked for.
    let span = (app.now(), app.now().plus(wanted.slot.purpose.life()));
    store::fill(tx, &slot, (wanted.user, wanted.session), (secret.token.digest(), code), span)?;
    Ok(secret)
}

/// Notes that nobody is there to make a link for; `false` where another node did already.
pub(super) fn settle_asked(tx: &mut Tx, asked: &Asked, now: UnixTime) -> Result<bool, Fault> {
    store::settle_asked(tx, &asked.id, now)
}

/// Looks whether what is shown still counts. A wrong code costs a try, so this has to be committed.
pub(super) fn look(tx: &mut Tx, app: &App, shown: &Shown, purposes: &[Purpose]) -> Result<Option<Held>, Fault> {
    let now = app.now();
    let held = match shown {
        Shown::Link(token) => store::by_token(tx, &token.digest(), now)?,
        Shown::Code(slot, code) => {
            let name = slot.name();
            // The try is taken before the code is compared, so that any number of guesses at once are five.
            let found = store::take_try(tx, &name, now)?;
            let right = found.filter(|(_, kept)| same(kept, &digest(app, &name, code)));
            match right {
                Some((held, _)) => {
                    store::give_back_try(tx, &held.id)?;
                    Some(held)
                }
                None => None,
            }
        }
    };
    Ok(held.filter(|held| purposes.contains(&held.purpose)))
}

/// What a link would do, without using it up.
pub(super) fn peek(conn: &mut Conn, link: &OpaqueToken, now: UnixTime) -> Result<Option<Held>, Fault> {
    store::by_token(conn, &link.digest(), now)
}

/// Uses it up: `false` where somebody was faster, or it ended meanwhile.
pub(super) fn consume(tx: &mut Tx, held: &Held, now: UnixTime) -> Result<bool, Fault> {
    store::consume(tx, &held.id, now)
}

/// Ends whatever links and codes somebody has, but for the way to undo a sign-in that was not theirs: whoever came in by stealth
/// would close it by changing the password.
pub(super) fn end_but_not_me(tx: &mut Tx, user: &UserId, now: UnixTime) -> Result<(), Fault> {
    store::end_all(tx, user, Some(Purpose::NotMe), now)
}

/// Ends whatever links and codes somebody has.
pub(super) fn end_all(tx: &mut Tx, user: &UserId, now: UnixTime) -> Result<(), Fault> {
    store::end_all(tx, user, None, now)
}

/// Ends the link and the code of a slot; `false` where there were none.
pub(super) fn end(tx: &mut Tx, slot: &Slot, now: UnixTime) -> Result<bool, Fault> {
    store::end(tx, &slot.name(), now)
}

/// The address that waits in a slot.
pub(super) fn address_in(conn: &mut Conn, slot: &Slot, now: UnixTime) -> Result<Option<String>, Fault> {
    store::address_in(conn, &slot.name(), now)
}

/// Forty bits can be tried out where the hash is known, so it has a key.
fn digest(app: &App, slot: &str, code: &ShortCode) -> [u8; 32] {
    keyed_digest(&app.derived_key(Key::MailCodes), format!("{slot}\n{}", code.reveal()).as_bytes())
}
