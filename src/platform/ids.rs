//! Identifiers made by the program: UUIDs of version 7 (RFC 9562), so that rows made together lie together, written as
//! 32 hexadecimal digits. To the outside they are opaque.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

use super::time::UnixTime;

fn fresh(now: UnixTime) -> String {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
    let id = Uuid::new_v7(Timestamp::from_unix(NoContext, millis / 1000, nanos));
    id.simple().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Text)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one, that sorts after those made before `now`.
            pub fn fresh(now: UnixTime) -> Self {
                Self(fresh(now))
            }

            /// One that came from outside: it names something only if a row says so. With a NUL in it, which no
            /// database text has, it names nothing.
            pub fn from_outside(text: impl Into<String>) -> Self {
                let text = text.into();
                if text.contains('\0') { Self(String::new()) } else { Self(text) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Without its text; `None` where it is none that was made here.
            pub fn bytes(&self) -> Option<[u8; 16]> {
                Uuid::try_parse(&self.0).ok().map(Uuid::into_bytes)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A person's account; never used again once it is gone.
    UserId
);
id!(
    /// A session: the `sid` of everything issued in it.
    SessionId
);
id!(
    /// A sign-in that waits for a second factor.
    AttemptId
);
id!(
    /// An entry of the audit log.
    EventId
);
id!(
    /// One access token: its `jti` (RFC 7519 section 4.1.7).
    TokenId
);
id!(
    /// One request, as it stands in answers, logs and the audit log.
    RequestId
);
id!(
    /// A passkey, as its owner sees it; the credential's own id is the device's.
    PasskeyId
);
id!(
    /// A token that was refused, as it is kept to be explained.
    RefusalId
);

id!(
    /// A role; never used again once it is gone. The two built-in ones are called `admin` and `user` here too.
    RoleId
);
id!(
    /// A letter in the outbox: also the first half of its `Message-ID`.
    LetterId
);
id!(
    /// A link and a code that went out by mail.
    CodeId
);
id!(
    /// A program's key to the API: the part of it that is no secret.
    ApiKeyId
);
id!(
    /// An invitation to make an account.
    InvitationId
);

id!(
    /// A file of users that was sent in.
    ImportId
);

impl TokenId {
    /// When the token was made, to the millisecond: finer than `iat`, which counts whole seconds.
    pub fn made_at(&self) -> Option<UnixTime> {
        let (seconds, nanos) = Uuid::try_parse(&self.0).ok()?.get_timestamp()?.to_unix();
        let millis = i64::try_from(seconds).ok()?.checked_mul(1000)?;
        Some(UnixTime::from_millis(millis + i64::from(nanos / 1_000_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_id_tells_its_millisecond_and_ids_sort_by_time() {
        let (early, late) = (UnixTime::from_millis(1_764_000_000_123), UnixTime::from_millis(1_764_000_000_124));
        assert_eq!(TokenId::fresh(early).made_at(), Some(early));
        assert!(UserId::fresh(early) < UserId::fresh(late));
        assert_eq!(TokenId::from_outside("nonsense").made_at(), None);
    }
}
