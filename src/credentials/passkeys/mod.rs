//! Passkeys: keys that somebody's device, or their password manager, keeps for them and uses only after it has checked
//! that it is they (WebAuthn Level 3). Owns `passkeys` and `passkey_challenges`; the only place that knows the library.

mod add;
mod ceremony;
mod keep;
mod prove;
mod store;

pub use add::{NewCredential, add, creation_options};
pub use ceremony::{Asked, purge};
pub(super) use keep::count;
pub use keep::{forget_since, list, of_user, remove, rename};
pub use passki::{AuthenticationChallenge, RegistrationChallenge};
use passki::{Passki, PasskiError, StoredPasskey};
pub use prove::{Assertion, Proof, prove, request_options};

use crate::access;
use crate::accounts;
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::ids::{PasskeyId, UserId};
use crate::platform::time::UnixTime;

/// How many somebody may have: more than anybody has devices.
pub const MOST: usize = 20;
const LONGEST_NAME: usize = 60;
/// What the device's dialog calls the installation.
const RELYING_PARTY: &str = "Vestibule";

/// A passkey as its owner sees it.
#[derive(Clone)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: PasskeyName,
    pub created_at: UnixTime,
    pub last_used_at: Option<UnixTime>,
    user: UserId,
    key: StoredPasskey,
}

impl Passkey {
    /// Whether a copy is kept elsewhere, so that a lost device does not mean a lost passkey.
    pub fn is_backed_up(&self) -> bool {
        self.key.bs
    }
}

/// What its owner calls a passkey: one to sixty characters, none of them a control character.
#[derive(Clone)]
pub struct PasskeyName(String);

impl PasskeyName {
    /// # Errors
    /// [`Refusal::Name`].
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let name = typed.trim();
        if name.is_empty() {
            return Err(Refusal::Name(BadName::None));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(Refusal::Name(BadName::Long(LONGEST_NAME)));
        }
        if name.chars().any(char::is_control) {
            return Err(Refusal::Name(BadName::Odd));
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with what a passkey was to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    None,
    /// More characters than this.
    Long(usize),
    /// Control characters.
    Odd,
}

/// Why something about a passkey was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    Account(accounts::Refusal),
    /// The challenge is unknown, over, answered already, or was somebody else's.
    Over,
    Rejected(Rejection),
    /// The credential is registered already.
    Taken,
    /// There are [`MOST`] of them.
    TooMany,
    NoSuchPasskey,
    /// A second factor is required here, and this is the last one.
    LastFactor,
    /// A name that can't be taken.
    Name(BadName),
    /// `PUBLIC_URL` is a bare address, and passkeys are made for a domain.
    NeedsDomain,
    Fault(Fault),
}

/// What was wrong with what a device answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It was made for another site, or on a page of another site.
    OtherSite,
    /// The device did not check that it is its owner who uses it.
    NotVerified,
    /// Its counter went back: there may be a copy of it.
    Copied,
    /// A kind of key that is not offered here.
    Unsupported,
    /// Nobody's here, or not theirs.
    Unknown,
    /// It can't be read, or the signature is wrong.
    Unsound,
}

impl Rejection {
    /// As it stands in the log.
    fn word(self) -> &'static str {
        match self {
            Self::OtherSite => "other_site",
            Self::NotVerified => "not_verified",
            Self::Copied => "counter",
            Self::Unsupported => "unsupported",
            Self::Unknown => "not_asked_for",
            Self::Unsound => "unsound",
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Taken(_) => Self::Taken,
            fault => Self::Fault(fault),
        }
    }
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<accounts::Refusal> for Refusal {
    fn from(refusal: accounts::Refusal) -> Self {
        Self::Account(refusal)
    }
}

impl From<PasskiError> for Refusal {
    fn from(error: PasskiError) -> Self {
        use PasskiError as E;
        Self::Rejected(match error {
            E::OriginMismatch { .. } | E::RpIdHashMismatch | E::CrossOriginNotAllowed => Rejection::OtherSite,
            E::UserNotPresent | E::UserVerificationRequired => Rejection::NotVerified,
            E::CounterRegression => Rejection::Copied,
            E::UnsupportedAlgorithm(_) | E::UnsupportedAttestationFormat(_) => Rejection::Unsupported,
            _ => Rejection::Unsound,
        })
    }
}

/// The library, set to this installation: the RP ID is the domain of `PUBLIC_URL`, and its origin the only one.
fn relying_party(app: &App) -> Result<Passki, Refusal> {
    let url = &app.config.public_url;
    let domain = url.domain().ok_or(Refusal::NeedsDomain)?;
    Ok(Passki::new(&domain, &[url.origin()], RELYING_PARTY))
}

/// The origin whose pages can use passkeys of this installation; `None` where it can have none.
pub fn place(app: &App) -> Option<String> {
    let url = &app.config.public_url;
    url.domain().map(|_| url.origin().to_owned())
}

/// What a device keeps to know whose a passkey is (WebAuthn section 5.4.3): no name, and nothing that tells who it is.
fn handle(user: &UserId) -> &[u8] {
    user.as_str().as_bytes()
}
