//! What can go wrong, as the outside knows it. What its page says stands in `texts`.

use actix_web::http::StatusCode;

use crate::texts::{Problem, Texts};

macro_rules! kinds {
    ($($name:ident = $slug:literal, $status:literal, $words:ident;)*) => {
        /// What can go wrong, as the outside knows it: each has a page at `/errors/SLUG`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($name,)* }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$name => $status,)* };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// Its title, what it means and what to do, in the language of these texts.
            pub fn words(self, t: &'static Texts) -> &'static Problem {
                match self { $(Self::$name => &t.problems.$words,)* }
            }
        }
    };
}

kinds! {
    BadRequest = "bad-request", 400, bad_request;
    CredentialsInQuery = "credentials-in-query", 400, credentials_in_query;
    Taken = "taken", 400, taken;
    NotAuthenticated = "not-authenticated", 401, not_authenticated;
    BadToken = "invalid-token", 401, bad_token;
    NotFresh = "insufficient-user-authentication", 401, not_fresh;
    BadCredentials = "invalid-credentials", 401, bad_credentials;
    FactorRequired = "second-factor-required", 401, factor_required;
    BadPasskey = "invalid-passkey", 400, bad_passkey;
    BadGrant = "invalid-grant", 400, bad_grant;
    BadCode = "invalid-code", 400, bad_code;
    BadTokenRequest = "invalid-token-request", 400, bad_token_request;
    Forbidden = "forbidden", 403, forbidden;
    SignupForbidden = "signup-forbidden", 403, signup_forbidden;
    CrossOrigin = "cross-origin", 403, cross_origin;
    NotFound = "not-found", 404, not_found;
    MethodNotAllowed = "method-not-allowed", 405, method_not_allowed;
    TooSlow = "request-timeout", 408, too_slow;
    Conflict = "conflict", 409, conflict;
    Changed = "changed-meanwhile", 412, changed;
    TooLarge = "too-large", 413, too_large;
    WrongMediaType = "unsupported-media-type", 415, wrong_media_type;
    Invalid = "validation", 422, invalid;
    TooManyTries = "too-many-tries", 429, too_many_tries;
    Internal = "internal", 500, internal;
    Busy = "busy", 503, busy;
    Unavailable = "unavailable", 503, unavailable;
    NoRoom = "no-room", 507, no_room;
}

impl Kind {
    /// OAuth's word for it (RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1), where nobody has a closer one.
    pub fn oauth(self) -> &'static str {
        match self {
            Self::BadCredentials => "invalid_grant",
            Self::NotAuthenticated => "invalid_client",
            Self::BadToken => "invalid_token",
            Self::Busy | Self::Unavailable | Self::TooManyTries => "temporarily_unavailable",
            Self::Internal => "server_error",
            _ => "invalid_request",
        }
    }
}
