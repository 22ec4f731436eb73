//! The keys that sign and those that verify. They live in the database, sealed; each node holds them parsed.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Serialize;

use super::claims::TYP;
use super::store::{self, KeyRow};
use crate::app::App;
use crate::platform::db::{Db, Fault};
use crate::platform::jwt::{Algorithm, PrivateKey, Signer, Unverified, Verifier};
use crate::platform::secret::{Purpose, RootKey, Seal};
use crate::platform::time::UnixTime;

/// Seconds that a client may keep the published keys.
pub const JWKS_MAX_AGE: u64 = 60;

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

/// A key as operators see it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyInfo {
    pub kid: String,
    pub algorithm: &'static str,
    pub created_at: UnixTime,
    /// Whether new tokens are signed with it.
    pub signs: bool,
}

/// The keys in force, swapped whole when they change.
pub struct KeyRing(ArcSwap<Keys>);

struct Keys {
    signer: Signer,
    verifiers: HashMap<String, Verifier>,
    /// Verifies tokens without a `kid`: those of HS256.
    shared: Option<Verifier>,
    published: JwkSet,
}

impl KeyRing {
    /// Loads the keys, and makes one where there is none for this algorithm.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn load(db: &Db, root: &RootKey, algorithm: Algorithm, now: UnixTime) -> Result<Self, Trouble> {
        let (seal, hmac) = (root.seal(Purpose::SigningKeys), root.hmac_key().to_vec());
        let keys = db.write(move |tx| {
            store::lock_keys(tx)?;
            let mut rows = store::keys(tx)?;
            if algorithm != Algorithm::Hs256 && !rows.iter().any(|row| row.algorithm == algorithm.name()) {
                let row = generate(algorithm, &seal, now)?;
                store::insert_key(tx, &row)?;
                rows.push(row);
            }
            assemble(&rows, &seal, &hmac, algorithm)
        });
        Ok(Self(ArcSwap::new(Arc::new(keys.await?))))
    }

    /// The compact form of a token with these claims.
    pub(super) fn sign(&self, claims: &impl Serialize, _at: UnixTime) -> Option<String> {
        self.0.load().signer.sign(claims)
    }

    /// Runs `check` with the key that a header names among our own.
    pub(super) fn with_verifier<T>(
        &self,
        header: &Unverified,
        check: impl FnOnce(&Verifier) -> Option<T>,
    ) -> Option<T> {
        let keys = self.0.load();
        let verifier = match &header.kid {
            Some(kid) => keys.verifiers.get(kid),
            None => keys.shared.as_ref(),
        };
        verifier.filter(|verifier| header.agrees_with(verifier)).and_then(check)
    }

    /// The public keys (RFC 7517 section 5). A shared secret is never among them.
    pub fn published(&self) -> JwkSet {
        self.0.load().published.clone()
    }
}

/// The keys as they stand in the database, oldest first.
///
/// # Errors
/// A [`Fault`].
pub async fn list(app: &App) -> Result<Vec<KeyInfo>, Fault> {
    let rows = app.db.read(store::keys).await?;
    let current = rows.iter().rposition(|row| row.algorithm == app.config.algorithm.name());
    let info = |(index, row): (usize, KeyRow)| {
        let algorithm = Algorithm::parse(&row.algorithm)?;
        let signs = Some(index) == current;
        Some(KeyInfo { kid: row.id, algorithm: algorithm.name(), created_at: row.created_at, signs })
    };
    Ok(rows.into_iter().enumerate().filter_map(info).collect())
}

fn generate(algorithm: Algorithm, seal: &Seal, now: UnixTime) -> Result<KeyRow, Fault> {
    let broken = || Fault::Broken(format!("no {} key could be made", algorithm.name()));
    let private = PrivateKey::generate(algorithm).ok_or_else(broken)?;
    let jwk = private.public_jwk().ok_or_else(broken)?;
    let id = jwk.common.key_id.clone().ok_or_else(broken)?;
    Ok(KeyRow {
        sealed: seal.close(private.pkcs8(), id.as_bytes()),
        id,
        algorithm: algorithm.name().to_owned(),
        public_jwk: serde_json::to_string(&jwk).map_err(|_| broken())?,
        created_at: now,
        signs_from: now,
        retired_at: None,
    })
}

fn assemble(rows: &[KeyRow], seal: &Seal, hmac: &[u8], algorithm: Algorithm) -> Result<Keys, Trouble> {
    let mut keys = Keys {
        signer: Signer::shared_secret(hmac, TYP),
        verifiers: HashMap::new(),
        shared: (algorithm == Algorithm::Hs256).then(|| Verifier::shared_secret(hmac)),
        published: JwkSet { keys: Vec::new() },
    };
    for row in rows {
        let broken = || Trouble::Fault(Fault::Broken(format!("the signing key {} is damaged", row.id)));
        let pkcs8 = seal.open(&row.sealed, row.id.as_bytes()).ok_or(Trouble::Sealed)?;
        let own = Algorithm::parse(&row.algorithm).ok_or_else(broken)?;
        let jwk: Jwk = serde_json::from_str(&row.public_jwk).map_err(|_| broken())?;
        keys.verifiers.insert(row.id.clone(), Verifier::asymmetric(own, &jwk).ok_or_else(broken)?);
        keys.published.keys.push(jwk);
        if own == algorithm {
            let private = PrivateKey::from_pkcs8(own, pkcs8);
            keys.signer = Signer::asymmetric(&private, &row.id, TYP).ok_or_else(broken)?;
        }
    }
    Ok(keys)
}
