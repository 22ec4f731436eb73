use crate::texts::shape::{Problem, Problems};

pub(super) const PROBLEMS: Problems = Problems {
    bad_request: Problem {
        title: "Bad request",
        meaning: "The request could not be read: broken JSON, a repeated field, two Authorization headers, or something in the wrong place.",
        mend: "Compare the request with the reference at /redoc. The detail says what was wrong.",
    },
    credentials_in_query: Problem {
        title: "Credentials in the URL",
        meaning: "A password or token stood in the query string, where logs, proxies and browser histories keep it.",
        mend: "Send credentials in the body, and tokens in the Authorization header. Change the password or end the session: it may have been recorded.",
    },
    taken: Problem {
        title: "Already registered",
        meaning: "Somebody has this username or email address already. Upper and lower case make no difference.",
        mend: "Choose another one, or sign in if it is yours.",
    },
    not_authenticated: Problem {
        title: "Not authenticated",
        meaning: "The route is for somebody who is signed in, and the request carried no access token.",
        mend: "Get a token from /token and send it as 'Authorization: Bearer TOKEN'.",
    },
    bad_token: Problem {
        title: "Invalid token",
        meaning: "The access token is not one of ours, was changed, has expired, or its session was ended.",
        mend: "Get a new one with the refresh token at /refresh, or sign in again.",
    },
    not_fresh: Problem {
        title: "Fresh token required",
        meaning: "What was asked for is dangerous, and the proof of who you are is older than 15 minutes.",
        mend: "Sign in again, then send the request with the new token.",
    },
    bad_credentials: Problem {
        title: "Sign-in failed",
        meaning: "Username and password do not go together, or the account may not sign in.",
        mend: "Check both. If you are sure, ask whoever runs this installation.",
    },
    factor_required: Problem {
        title: "Second factor required",
        meaning: "The password was right, and a second factor is asked for: a code of an authenticator app, or a recovery code.",
        mend: "Send the same request again with the code as 'otp', or POST /token with just 'mfa_token' and 'otp'.",
    },
    bad_passkey: Problem {
        title: "Passkey not accepted",
        meaning: "What the device answered was not asked for here, came too late or twice, or does not hold against the key that is known.",
        mend: "Begin again. If it stays, remove the passkey and add a new one.",
    },
    bad_grant: Problem {
        title: "Invalid grant",
        meaning: "The refresh token is unknown, has expired, was used before, or belongs to a session that was ended.",
        mend: "Sign in again.",
    },
    bad_code: Problem {
        title: "Link or code not valid",
        meaning: "The link or the code from a mail is wrong or incomplete, was used already, or is too old. A changed password ends them too.",
        mend: "Ask for a new mail. A code can be tried five times, and only the newest mail’s counts.",
    },
    bad_token_request: Problem {
        title: "Invalid token request",
        meaning: "A parameter of the token request is missing, or names something that is not offered.",
        mend: "See RFC 6749 section 4.3 and 6, and the reference at /redoc.",
    },
    forbidden: Problem {
        title: "Not allowed",
        meaning: "You are signed in, but do not hold the permission that this needs.",
        mend: "Ask an administrator for a role that has it.",
    },
    signup_forbidden: Problem {
        title: "Sign-up is not open",
        meaning: "Nobody makes their own account in this installation.",
        mend: "Ask an administrator to make one for you.",
    },
    cross_origin: Problem {
        title: "Cross-origin request refused",
        meaning: "Another site tried to change something here through your browser.",
        mend: "If the site is yours, add its origin to CORS_ORIGINS.",
    },
    not_found: Problem {
        title: "Not found",
        meaning: "There is nothing at this address, or it is gone.",
        mend: "Check the address.",
    },
    method_not_allowed: Problem {
        title: "Method not allowed",
        meaning: "The address exists, but does not take this method.",
        mend: "The Allow header of the answer names those that it takes.",
    },
    conflict: Problem {
        title: "Not possible now",
        meaning: "The request contradicts how things stand: the last administrator can't be disabled, for one.",
        mend: "The detail says what stands in the way.",
    },
    changed: Problem {
        title: "Changed meanwhile",
        meaning: "The request named, in If-Match, the state that it wanted to change, and that is not how things stand any more: somebody was faster.",
        mend: "Get it again, look at what is different, and send the change with the new ETag.",
    },
    too_slow: Problem {
        title: "Request timed out",
        meaning: "The body did not come within half a minute, or a part of a file that is sent in did not.",
        mend: "Send the request again, over a better connection if there is one.",
    },
    too_large: Problem {
        title: "Too large",
        meaning: "The body is larger than 64 KB, or a file of users larger than 1 GB.",
        mend: "Send less. A file can be split, or read by the command line, which has no limit.",
    },
    wrong_media_type: Problem {
        title: "Unsupported media type",
        meaning: "The body is neither JSON nor a form.",
        mend: "Send application/json or application/x-www-form-urlencoded, and say so in Content-Type.",
    },
    invalid: Problem {
        title: "Invalid values",
        meaning: "Some values can't be taken. Each is named with what is wrong with it.",
        mend: "Correct them and send the request again.",
    },
    too_many_tries: Problem {
        title: "Too many tries",
        meaning: "There were too many tries from this address, or for this name, whether or not there is such an account. It is how guessing is kept slow.",
        mend: "Wait for the time in Retry-After. A browser in which you have signed in before is not held up by what others try.",
    },
    internal: Problem {
        title: "Internal error",
        meaning: "Something failed that should not. It was logged with the id of your request.",
        mend: "Try again. If it stays, tell whoever runs this installation the request id.",
    },
    busy: Problem {
        title: "Too busy",
        meaning: "More people are signing in at this moment than the machine can check passwords for.",
        mend: "Try again after the time in Retry-After.",
    },
    unavailable: Problem {
        title: "Not available",
        meaning: "The database can't be reached or can't write. Nothing that was confirmed is lost.",
        mend: "Try again after the time in Retry-After.",
    },
    no_room: Problem {
        title: "No room",
        meaning: "The disk that files of users are kept on while they are gone through is nearly full.",
        mend: "Whoever runs this installation makes room under its data folder. Until then, send a smaller file.",
    },
};
