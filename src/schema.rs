//! The tables, as both databases have them after migration; `tests/schema.rs` compares.

diesel::table! {
    users (id) {
        id -> Text,
        username -> Text,
        username_folded -> Text,
        email -> Text,
        email_folded -> Text,
        email_verified_at -> Nullable<BigInt>,
        name -> Nullable<Text>,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        name_folded -> Nullable<Text>,
    }
}

diesel::table! {
    roles (id) {
        id -> Text,
        name -> Text,
        description -> Text,
        changed_in -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> Text,
        permission -> Text,
    }
}

diesel::table! {
    user_roles (user_id, role_id) {
        user_id -> Text,
        role_id -> Text,
        until -> Nullable<BigInt>,
    }
}

diesel::table! {
    passwords (user_id) {
        user_id -> Text,
        hash -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    totp_secrets (user_id) {
        user_id -> Text,
        sealed -> Binary,
        created_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (hash) {
        hash -> Binary,
        user_id -> Text,
        kind -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        kept_at -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> Text,
        holder_hash -> Binary,
        user_id -> Text,
        amr -> Text,
        password_digest -> Nullable<Binary>,
        goal -> Text,
        tries_left -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Text,
        user_id -> Text,
        credential_id -> Binary,
        public_key -> Binary,
        algorithm -> BigInt,
        counter -> BigInt,
        transports -> Text,
        backup -> Text,
        name -> Text,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    passkey_challenges (hash) {
        hash -> Binary,
        purpose -> Text,
        user_id -> Nullable<Text>,
        state -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        cookie_hash -> Nullable<Binary>,
        client_id -> Text,
        user_agent -> Text,
        address -> Text,
        created_at -> BigInt,
        last_used_at -> BigInt,
        authenticated_at -> BigInt,
        idle_until -> BigInt,
        expires_at -> BigInt,
        tokens_until -> BigInt,
        ended_at -> Nullable<BigInt>,
        end_reason -> Nullable<Text>,
        amr -> Text,
    }
}

diesel::table! {
    revocations (seq) {
        seq -> BigInt,
        session_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        before -> BigInt,
        expires_at -> BigInt,
        role -> Nullable<Text>,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> Text,
        scope -> Text,
        client_id -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        used_by -> Nullable<Text>,
        successor -> Nullable<Binary>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        session_id -> Text,
        user_id -> Text,
        name -> Text,
        scope -> Text,
        hash -> Binary,
        created_at -> BigInt,
        refused_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (id) {
        id -> Text,
        algorithm -> Text,
        sealed -> Binary,
        public_jwk -> Text,
        created_at -> BigInt,
        signs_from -> BigInt,
        token_life -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refused_tokens (id) {
        id -> Text,
        request_id -> Text,
        at -> BigInt,
        token -> Text,
        reason -> Text,
        found -> Nullable<Text>,
        kid -> Nullable<Text>,
        alg -> Nullable<Text>,
        typ -> Nullable<Text>,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        token_id -> Nullable<Text>,
        issued_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        address -> Text,
        route -> Text,
    }
}

diesel::table! {
    budgets (key) {
        key -> Binary,
        empty_at -> BigInt,
        stopped_until -> BigInt,
        noted_until -> BigInt,
    }
}

diesel::table! {
    devices (hash, user_id) {
        hash -> Binary,
        user_id -> Text,
        first_seen_at -> BigInt,
        last_seen_at -> BigInt,
    }
}

diesel::table! {
    audit_log (seq) {
        seq -> BigInt,
        id -> Text,
        at -> BigInt,
        kind -> Text,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        subject_name -> Nullable<Text>,
        session_id -> Nullable<Text>,
        address -> Text,
        request_id -> Text,
        detail -> Text,
        hash -> Nullable<Binary>,
    }
}

diesel::table! {
    audit_chain (id) {
        id -> Text,
        seq -> BigInt,
        hash -> Nullable<Binary>,
    }
}

diesel::table! {
    audit_cuts (seq) {
        seq -> BigInt,
        hash -> Nullable<Binary>,
        cut_at -> BigInt,
        signature -> Binary,
    }
}

diesel::table! {
    audit_checks (id) {
        id -> Text,
        checked_at -> BigInt,
        from_seq -> BigInt,
        to_seq -> BigInt,
        checkpoints -> BigInt,
        finding -> Nullable<Text>,
    }
}

diesel::table! {
    statistics (span, name, starts_at) {
        span -> Text,
        name -> Text,
        starts_at -> BigInt,
        value -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        kind -> Text,
        recipient -> Text,
        languages -> Text,
        about -> Text,
        sealed -> Nullable<Binary>,
        state -> Text,
        tries -> BigInt,
        posted_at -> BigInt,
        due_at -> BigInt,
        expires_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    mail_codes (id) {
        id -> Text,
        slot -> Text,
        purpose -> Text,
        address -> Text,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        token_hash -> Nullable<Binary>,
        code_hash -> Nullable<Binary>,
        languages -> Text,
        source -> Text,
        request_id -> Text,
        asked_at -> BigInt,
        made_at -> Nullable<BigInt>,
        expires_at -> BigInt,
        tries_left -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    imports (id) {
        id -> Text,
        created_at -> BigInt,
        actor_id -> Text,
        actor_name -> Text,
        permissions -> Text,
        address -> Text,
        request_id -> Text,
        file_name -> Text,
        bytes -> BigInt,
        format -> Text,
        new_roles -> Text,
        state -> Text,
        bytes_done -> BigInt,
        rows_done -> BigInt,
        imported -> BigInt,
        converted -> BigInt,
        kept -> BigInt,
        refused -> BigInt,
        finished_at -> Nullable<BigInt>,
        failure -> Nullable<Text>,
        session_id -> Nullable<Text>,
        key_id -> Nullable<Text>,
        key_name -> Nullable<Text>,
    }
}

diesel::table! {
    import_lines (import_id, number) {
        import_id -> Text,
        number -> BigInt,
        verdict -> Text,
        who -> Text,
        detail -> Text,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        token_hash -> Binary,
        email -> Nullable<Text>,
        email_folded -> Nullable<Text>,
        roles -> Text,
        invited_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        uses_left -> BigInt,
        used -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        key_session_id -> Nullable<Text>,
    }
}

diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(user_roles -> roles (role_id));
diesel::joinable!(role_permissions -> roles (role_id));
diesel::joinable!(sessions -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, roles, user_roles, role_permissions, sessions, passwords);
