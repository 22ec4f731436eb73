//! Secrets of authenticator apps that come from elsewhere, or go there.

use std::collections::HashMap;

use totp_rs::Secret;

use super::{store, totp};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

/// The secret that an authenticator app shares with us: six digits, thirty seconds, SHA-1. No `Debug`: it is as good as the phone.
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// As short as RFC 4226 section 4 allows.
    const SHORTEST: usize = 16;
    const LONGEST: usize = 128;

    /// Base32, as apps show it.
    ///
    /// # Errors
    /// One sentence.
    pub fn from_base32(text: &str) -> Result<Self, String> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
        let secret = Secret::try_from_base32(plain.to_ascii_uppercase());
        Self::from_bytes(secret.map_err(|_| "the secret of the authenticator app is not base32")?.as_bytes())
    }

    /// # Errors
    /// One sentence.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        if !(Self::SHORTEST..=Self::LONGEST).contains(&bytes.len()) {
            return Err(format!(
                "the secret of the authenticator app has {} bytes: {} to {} are taken",
                bytes.len(),
                Self::SHORTEST,
                Self::LONGEST
            ));
        }
        Ok(Self(bytes.to_vec()))
    }

    pub fn to_base32(&self) -> String {
        Secret::from(self.0.clone()).to_base32()
    }
}

/// People who move in bring their authenticator apps along: they count as if they had set them up here.
///
/// # Errors
/// A [`Fault`].
pub fn move_in(tx: &mut Tx, app: &App, secrets: &[(&UserId, &TotpSecret)], now: UnixTime) -> Result<(), Fault> {
    let seal = totp::seal(app);
    let sealed =
        |(user, secret): &(&UserId, &TotpSecret)| ((*user).clone(), seal.close(&secret.0, user.as_str().as_bytes()));
    store::insert_confirmed(tx, secrets.iter().map(sealed).collect(), now)
}

/// The secrets of these, opened, for whoever moves out.
///
/// # Errors
/// A [`Fault`].
pub fn secrets_of(conn: &mut Conn, app: &App, users: &[UserId]) -> Result<HashMap<UserId, TotpSecret>, Fault> {
    let seal = totp::seal(app);
    let open = |(user, sealed): (UserId, Vec<u8>)| match seal.open(&sealed, user.as_str().as_bytes()) {
        Some(secret) => Ok((user, TotpSecret(secret))),
        None => Err(Fault::Broken("a secret of an authenticator app can't be opened".into())),
    };
    store::confirmed_of(conn, users)?.into_iter().map(open).collect()
}
