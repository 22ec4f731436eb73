//! What can go wrong, as the pages of errors explain it.

/// One kind of error.
pub struct Problem {
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub mend: &'static str,
}

/// Every kind there is.
pub struct Problems {
    pub bad_request: Problem,
    pub credentials_in_query: Problem,
    pub taken: Problem,
    pub not_authenticated: Problem,
    pub bad_token: Problem,
    pub not_fresh: Problem,
    pub bad_credentials: Problem,
    pub factor_required: Problem,
    pub bad_passkey: Problem,
    pub bad_grant: Problem,
    pub bad_code: Problem,
    pub bad_token_request: Problem,
    pub forbidden: Problem,
    pub signup_forbidden: Problem,
    pub cross_origin: Problem,
    pub not_found: Problem,
    pub method_not_allowed: Problem,
    pub conflict: Problem,
    pub changed: Problem,
    pub too_slow: Problem,
    pub too_large: Problem,
    pub wrong_media_type: Problem,
    pub invalid: Problem,
    pub too_many_tries: Problem,
    pub internal: Problem,
    pub busy: Problem,
    pub unavailable: Problem,
    pub no_room: Problem,
}
