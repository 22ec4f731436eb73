//! The keys that sign and those that verify. They live in the database, sealed; each node holds them parsed. A new key is
//! published before it signs, and an old one verifies until the last token that it signed has expired, so that nobody
//! notices a rotation.

mod outlook;
mod rotation;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use jsonwebtoken::jwk::{Jwk, JwkSet};
pub use outlook::{Next, Outlook, next, outlook};
pub use rotation::{KeyInfo, Start, State, list, purge, rotate, rotate_when_due, settle};
use serde::Serialize;

use super::Refusal;
use super::claims::TYP;
use super::store::{self, KeyRow};
use super::verify::VerifiedTokens;
use crate::app::App;
use crate::platform::db::{Conn, Db, Fault};
use crate::platform::hex::hex;
use crate::platform::jwt::{Algorithm, PrivateKey, Signer, Unverified, Verifier};
use crate::platform::secret::{Purpose, RootKey, Seal, sha256};
use crate::platform::time::UnixTime;

/// Seconds that a client may keep the published keys; a new key is published at least as long before it signs.
pub const JWKS_MAX_AGE: u64 = 60;

/// How far the clocks of nodes may be apart: a key verifies so much longer than its last token counts.
const CLOCK_LEEWAY: Duration = Duration::from_secs(30);

/// Why the keys could not be had.
#[derive(Debug)]
pub enum Trouble {
    /// They were sealed with another `SECRET_KEY`.
    Sealed,
    Fault(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Fault(match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Sealed => Fault::Broken(trouble.to_string()),
        })
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sealed => f.write_str(
                "the signing keys in the database can't be opened: they were sealed with another SECRET_KEY; \
                 start with that one (or put its file back under the data folder)",
            ),
            Self::Fault(fault) => write!(f, "{fault}"),
        }
    }
}

/// The keys in force, swapped whole when they change.
pub struct KeyRing(ArcSwap<Keys>);

pub(super) struct Keys {
    /// Those that sign, each in its time; oldest first.
    signers: Vec<Turn>,
    verifiers: HashMap<String, Trusted>,
    /// Verifies tokens without a `kid`: those of HS256.
    shared: Option<Trusted>,
    /// What was verified by these keys is forgotten with them.
    pub(super) verified: VerifiedTokens,
    published: JwkSet,
    etag: String,
    /// The number of the last change that this node has seen.
    version: i64,
}

/// When a key signs.
struct Turn {
    from: UnixTime,
    until: Option<UnixTime>,
    signer: Signer,
}

/// A key whose tokens count.
pub(super) struct Trusted {
    pub(super) verifier: Verifier,
    /// From then on none does, whatever it says of itself: the key has retired, and its last token has expired.
    pub(super) until: UnixTime,
}

/// What keys are made and opened with.
struct Workshop {
    seal: Seal,
    hmac: Vec<u8>,
}

impl Workshop {
    fn new(root: &RootKey) -> Self {
        Self { seal: root.seal(Purpose::SigningKeys), hmac: root.hmac_key().to_vec() }
    }
}

impl KeyRing {
    /// Opens the keys as they are; which of them signs, and when, stands with them.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn load(db: &Db, root: &RootKey) -> Result<Self, Trouble> {
        let shop = Workshop::new(root);
        let keys = db.read(move |conn| {
            let version = store::keys_version(conn)?;
            assemble(&store::keys(conn)?, &shop, version)
        });
        Ok(Self(ArcSwap::new(Arc::new(keys.await?))))
    }

    /// As they are now; a request that began with these ends with these.
    pub(super) fn in_force(&self) -> Guard<Arc<Keys>> {
        self.0.load()
    }

    /// The public keys (RFC 7517 section 5) and their ETag. A shared secret is never among them.
    pub fn published(&self) -> (JwkSet, String) {
        let keys = self.0.load();
        (keys.published.clone(), keys.etag.clone())
    }
}

/// Whether the keys in a database, be it one that is only looked at, open with this root.
///
/// # Errors
/// [`Trouble`].
pub fn try_open(conn: &mut Conn, root: &RootKey) -> Result<(), Trouble> {
    assemble(&store::keys(conn)?, &Workshop::new(root), 0).map(drop)
}

/// Takes in keys that another process made, and lets go of those that were withdrawn.
///
/// # Errors
/// [`Trouble`]; the keys stay as they were, and the next look tries again.
pub async fn follow(app: &App) -> Result<(), Trouble> {
    let seen = app.keys.0.load().version;
    let shop = Workshop::new(app.root());
    let newer = app.db.read(move |conn| {
        let version = store::keys_version(conn)?;
        if version == seen {
            return Ok::<_, Trouble>(None);
        }
        assemble(&store::keys(conn)?, &shop, version).map(Some)
    });
    if let Some(keys) = newer.await? {
        app.keys.0.store(Arc::new(keys));
    }
    Ok(())
}

fn assemble(rows: &[KeyRow], shop: &Workshop, version: i64) -> Result<Keys, Trouble> {
    let mut keys = Keys {
        signers: Vec::new(),
        verifiers: HashMap::new(),
        shared: None,
        verified: VerifiedTokens::default(),
        published: JwkSet { keys: Vec::new() },
        etag: String::new(),
        version,
    };
    for row in rows {
        keys.add(row, shop)?;
    }
    let text = serde_json::to_vec(&keys.published).unwrap_or_default();
    keys.etag = hex(&sha256(&text)[..12]);
    Ok(keys)
}

impl Keys {
    /// The compact form of a token with these claims, by the key whose turn it is.
    pub(super) fn sign(&self, claims: &impl Serialize, at: UnixTime) -> Option<String> {
        let on_turn = |turn: &&Turn| turn.from <= at && turn.until.is_none_or(|until| at < until);
        // A clock that was set back is before every turn: the key that was not retired signs all the same.
        let in_force = || self.signers.iter().find(|turn| turn.until.is_none());
        let current = self.signers.iter().rev().find(on_turn).or_else(in_force);
        current.and_then(|turn| turn.signer.sign(claims))
    }

    /// Whether a key of that name, or the shared secret where there is none, is among our own.
    pub(super) fn trust(&self, kid: Option<&str>) -> bool {
        self.named(kid).is_some()
    }

    fn named(&self, kid: Option<&str>) -> Option<&Trusted> {
        kid.map_or(self.shared.as_ref(), |kid| self.verifiers.get(kid))
    }

    /// The key that a header names among our own, if it is of the header's algorithm.
    pub(super) fn named_by(&self, header: &Unverified) -> Option<&Trusted> {
        self.named(header.kid.as_deref()).filter(|trusted| header.agrees_with(&trusted.verifier))
    }

    /// Whether a header names one of them at all.
    pub(super) fn know(&self, header: &Unverified) -> bool {
        header.kid.as_ref().map_or(self.shared.is_some(), |kid| self.verifiers.contains_key(kid))
    }

    fn add(&mut self, row: &KeyRow, shop: &Workshop) -> Result<(), Trouble> {
        let broken = || Trouble::Fault(Fault::Broken(format!("the signing key {} is damaged", row.id)));
        let pkcs8 = shop.seal.open(&row.sealed, row.id.as_bytes()).ok_or(Trouble::Sealed)?;
        let own = Algorithm::parse(&row.algorithm).ok_or_else(broken)?;
        let until = row.last_token_expires().map_or(UnixTime::NEVER, |last| last.plus(CLOCK_LEEWAY));
        if own == Algorithm::Hs256 {
            let until = self.shared.as_ref().map_or(until, |other| other.until.max(until));
            self.shared = Some(Trusted { verifier: Verifier::shared_secret(&shop.hmac), until });
            self.add_turn(row, Signer::shared_secret(&shop.hmac, TYP).ok_or_else(broken)?);
            return Ok(());
        }
        let jwk: Jwk = serde_json::from_str(&row.public_jwk).map_err(|_| broken())?;
        let verifier = Verifier::asymmetric(own, &jwk).ok_or_else(broken)?;
        self.verifiers.insert(row.id.clone(), Trusted { verifier, until });
        self.published.keys.push(jwk);
        let private = PrivateKey::from_pkcs8(own, pkcs8);
        self.add_turn(row, Signer::asymmetric(&private, &row.id, TYP).ok_or_else(broken)?);
        Ok(())
    }

    /// A key that was retired before its turn came never signs.
    fn add_turn(&mut self, row: &KeyRow, signer: Signer) {
        if row.retired_at.is_none_or(|until| until > row.signs_from) {
            self.signers.push(Turn { from: row.signs_from, until: row.retired_at, signer });
        }
    }
}
