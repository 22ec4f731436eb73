//! How our own types stand in a column.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Text};

use crate::platform::ids::{
    ApiKeyId, AttemptId, CodeId, EventId, ImportId, InvitationId, LetterId, PasskeyId, RefusalId, RequestId, RoleId,
    SessionId, TokenId, UserId,
};
use crate::platform::time::UnixTime;

impl<DB: Backend> ToSql<BigInt, DB> for UnixTime
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_raw().to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for UnixTime
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self::from_millis)
    }
}

macro_rules! stored_as_text {
    ($($id:ty),*) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $id
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $id
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(bytes).map(Self::from_outside)
            }
        }
    )*};
}

stored_as_text!(
    UserId,
    SessionId,
    AttemptId,
    EventId,
    TokenId,
    RequestId,
    PasskeyId,
    RefusalId,
    LetterId,
    CodeId,
    InvitationId,
    RoleId,
    ImportId
);
stored_as_text!(ApiKeyId);
