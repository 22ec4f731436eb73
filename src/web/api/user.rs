//! A user as programs see it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{Standing, User};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

#[derive(Serialize, ToSchema)]
pub struct UserJson {
    #[schema(value_type = String, example = "019aa5b0c1d27e5f8a9b0c1d2e3f4a5b")]
    id: UserId,
    #[schema(example = "alice")]
    username: String,
    #[schema(example = "alice@example.com")]
    email: String,
    email_verified: bool,
    name: Option<String>,
    roles: Vec<String>,
    /// Those of the roles that end, and when.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    roles_until: BTreeMap<String, UnixTime>,
    disabled: bool,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
}

impl From<User> for UserJson {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            email: user.email,
            email_verified: user.email_verified,
            name: user.name,
            roles: user.roles,
            roles_until: user.role_ends,
            disabled: user.standing == Standing::Disabled,
            created_at: user.created_at,
        }
    }
}
