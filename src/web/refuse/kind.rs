//! What can go wrong, as the outside knows it, with the text of its page.

use actix_web::http::StatusCode;

macro_rules! kinds {
    ($($name:ident = $slug:literal, $status:literal, $title:literal, $meaning:literal, $mend:literal;)*) => {
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

            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }

            pub fn mend(self) -> &'static str {
                match self { $(Self::$name => $mend,)* }
            }
        }
    };
}

kinds! {
    BadRequest = "bad-request", 400, "Bad request",
        "The request could not be read: broken JSON, a repeated field, two Authorization headers, or something in the wrong place.",
        "Compare the request with the reference at /redoc. The detail says what was wrong.";
    CredentialsInQuery = "credentials-in-query", 400, "Credentials in the URL",
        "A password or token stood in the query string, where logs, proxies and browser histories keep it.",
        "Send credentials in the body, and tokens in the Authorization header. Change the password or end the session: it may have been recorded.";
    Taken = "taken", 400, "Already registered",
        "Somebody has this username or email address already. Upper and lower case make no difference.",
        "Choose another one, or sign in if it is yours.";
    NotAuthenticated = "not-authenticated", 401, "Not authenticated",
        "The route is for somebody who is signed in, and the request carried no access token.",
        "Get a token from /token and send it as 'Authorization: Bearer TOKEN'.";
    BadToken = "invalid-token", 401, "Invalid token",
        "The access token is not one of ours, was changed, has expired, or its session was ended.",
        "Get a new one with the refresh token at /refresh, or sign in again.";
    NotFresh = "insufficient-user-authentication", 401, "Fresh token required",
        "What was asked for is dangerous, and the proof of who you are is older than 15 minutes.",
        "Sign in again, then send the request with the new token.";
    BadCredentials = "invalid-credentials", 401, "Sign-in failed",
        "Username and password do not go together, or the account may not sign in.",
        "Check both. If you are sure, ask whoever runs this installation.";
    FactorRequired = "second-factor-required", 401, "Second factor required",
        "The password was right, and a second factor is asked for: a code of an authenticator app, or a recovery code.",
        "Send the same request again with the code as 'otp', or POST /token with just 'mfa_token' and 'otp'.";
    BadPasskey = "invalid-passkey", 400, "Passkey not accepted",
        "What the device answered was not asked for here, came too late or twice, or does not hold against the key that is known.",
        "Begin again. If it stays, remove the passkey and add a new one.";
    BadGrant = "invalid-grant", 400, "Invalid grant",
        "The refresh token is unknown, has expired, was used before, or belongs to a session that was ended.",
        "Sign in again.";
    BadCode = "invalid-code", 400, "Link or code not valid",
        "The link or the code from a mail is wrong or incomplete, was used already, or is too old. A changed password ends them too.",
        "Ask for a new mail. A code can be tried five times; the newest mail is the one that counts.";
    BadTokenRequest = "invalid-token-request", 400, "Invalid token request",
        "A parameter of the token request is missing, or names something that is not offered.",
        "See RFC 6749 section 4.3 and 6, and the reference at /redoc.";
    Forbidden = "forbidden", 403, "Not allowed",
        "You are signed in, but do not hold the permission that this needs.",
        "Ask an administrator for a role that has it.";
    SignupForbidden = "signup-forbidden", 403, "Sign-up is not open",
        "Nobody makes their own account in this installation.",
        "Ask an administrator to make one for you.";
    CrossOrigin = "cross-origin", 403, "Cross-origin request refused",
        "Another site tried to change something here through your browser.",
        "If the site is yours, add its origin to CORS_ORIGINS.";
    NotFound = "not-found", 404, "Not found",
        "There is nothing at this address, or it is gone.",
        "Check the address.";
    MethodNotAllowed = "method-not-allowed", 405, "Method not allowed",
        "The address exists, but does not take this method.",
        "The Allow header of the answer names those that it takes.";
    TooSlow = "request-timeout", 408, "Request timed out",
        "The body did not come within half a minute, or a part of a file that is sent in did not.",
        "Send the request again, over a better connection if there is one.";
    Conflict = "conflict", 409, "Not possible now",
        "The request contradicts how things stand: the last administrator can't be disabled, for one.",
        "The detail says what stands in the way.";
    Changed = "changed-meanwhile", 412, "Changed meanwhile",
        "The request named, in If-Match, the state that it wanted to change, and that is not how things stand any more: somebody was faster.",
        "Get it again, look at what is different, and send the change with the new ETag.";
    TooLarge = "too-large", 413, "Too large",
        "The body is larger than 64 KB, or a file of users larger than 1 GB.",
        "Send less. A file can be split, or read by the command line, which has no limit.";
    WrongMediaType = "unsupported-media-type", 415, "Unsupported media type",
        "The body is neither JSON nor a form.",
        "Send application/json or application/x-www-form-urlencoded, and say so in Content-Type.";
    Invalid = "validation", 422, "Invalid values",
        "Some values can't be taken. Each is named with what is wrong with it.",
        "Correct them and send the request again.";
    TooManyTries = "too-many-tries", 429, "Too many tries",
        "There were too many tries from this address, or for this name, whether or not there is such an account. It is how guessing is kept slow.",
        "Wait for the time in Retry-After. A browser in which you have signed in before is not held up by what others try.";
    Internal = "internal", 500, "Internal error",
        "Something failed that should not. It was logged with the id of your request.",
        "Try again. If it stays, tell whoever runs this installation the request id.";
    Busy = "busy", 503, "Too busy",
        "More people are signing in at this moment than the machine can check passwords for.",
        "Try again after the time in Retry-After.";
    Unavailable = "unavailable", 503, "Not available",
        "The database can't be reached or can't write. Nothing that was confirmed is lost.",
        "Try again after the time in Retry-After.";
    NoRoom = "no-room", 507, "No room",
        "The disk that files of users are kept on while they are gone through is nearly full.",
        "Whoever runs this installation makes room under its data folder. Until then, send a smaller file.";
}
