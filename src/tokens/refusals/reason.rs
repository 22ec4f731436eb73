//! The reasons for which a token is refused.

use crate::platform::jwt::{BadHeader, BadJws};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// Why a token is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it stands in the table, in the log and in JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

reasons! {
    /// There was an Authorization header, and no bearer token in it.
    NotBearer = "not_bearer",
    TooLong = "too_long",
    /// No JWS in compact form.
    Malformed = "malformed",
    WrongType = "wrong_type",
    CriticalExtension = "critical_extension",
    BringsKey = "brings_key",
    /// It names none of our keys.
    UnknownKey = "unknown_key",
    /// The last token of its key has expired by now, whatever this one says.
    KeyRetired = "key_retired",
    /// Not the one that belongs to the key.
    WrongAlgorithm = "wrong_algorithm",
    BadSignature = "bad_signature",
    /// Signed by a key of ours, and not what we sign.
    UnreadableClaims = "unreadable_claims",
    WrongIssuer = "wrong_issuer",
    WrongAudience = "wrong_audience",
    /// The claim `type` says something else.
    WrongKind = "wrong_kind",
    NotYetValid = "not_yet_valid",
    Expired = "expired",
    /// Its session ended or it is stale; which of the two is found out when it is written down.
    Ended = "ended",
    SessionEnded = "session_ended",
    /// Nobody ended the session: it was not used for too long, or grew too old.
    SessionOver = "session_over",
    /// Its user's roles are others by now.
    Stale = "stale",
    NotFresh = "not_fresh",
    CsrfMissing = "csrf_missing",
    CsrfMismatch = "csrf_mismatch",
    /// A refresh token; why, is found out when it is written down.
    RefreshDead = "refresh_dead",
    RefreshUnknown = "refresh_unknown",
    RefreshExpired = "refresh_expired",
    RefreshReused = "refresh_reused",
    RefreshOtherClient = "refresh_other_client",
    /// It begins as an API key does, and is none: cut, or mistyped.
    KeyMalformed = "api_key_malformed",
    /// No such API key is known, or its secret is another.
    KeyUnknown = "api_key_unknown",
    /// The API key has expired or was ended, or its owner may not act.
    KeyOver = "api_key_over",
}

impl From<BadHeader> for Reason {
    fn from(bad: BadHeader) -> Self {
        match bad {
            BadHeader::NotJws => Self::Malformed,
            BadHeader::Type => Self::WrongType,
            BadHeader::Critical => Self::CriticalExtension,
            BadHeader::BringsKey => Self::BringsKey,
            BadHeader::Algorithm => Self::WrongAlgorithm,
        }
    }
}

impl From<BadJws> for Reason {
    fn from(bad: BadJws) -> Self {
        match bad {
            BadJws::Signature => Self::BadSignature,
            BadJws::Claims => Self::UnreadableClaims,
        }
    }
}
