//! JSON Web Signatures (RFC 7515) with keys that know their own algorithm. What jsonwebtoken leaves unchecked in the
//! header is refused here; claims are none of this module's business (see `tokens::verify`).

mod canonical;
mod presented;
mod sign;
mod verify;

pub use presented::{Presented, harmless, presented};
pub use sign::{PrivateKey, Signer};
pub use verify::{BadHeader, BadJws, Unverified, Verifier, claims_of_verified, read_header};

/// What signs access tokens. `none` has no word here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    Es256,
    EdDsa,
    Rs256,
    Hs256,
}

impl Algorithm {
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Hs256];

    /// As it stands in the header (RFC 7518 section 3.1, RFC 8037 section 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    fn raw(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
        }
    }
}

/// jsonwebtoken panics at its first use where no provider, or more than one, was compiled in: settle it first.
pub fn install_provider() {
    // An error says that it is installed already.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}
