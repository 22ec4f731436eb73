//! The document as the handlers' own annotations make it. Only a test does: a program that made it at run time would be two
//! megabytes larger, and no review would see what changes for those who call it.

use serde_json::Value;
use utoipa::openapi::security::{Flow, OAuth2, Password, Scopes, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response};
use utoipa::{Modify, OpenApi};

use super::super::{admin, api, oauth};
use super::document;
use crate::access::words;

#[derive(OpenApi)]
#[openapi(
    info(title = "Vestibule", description = "People sign in, programs get tokens, admins look after users."),
    paths(
        oauth::token::token, oauth::token::login, oauth::token::refresh, oauth::passkey::passkey_login_options, oauth::passkey::passkey_login, api::signout::sign_out,
        api::signup::sign_up, api::me::me, api::me::change_me, api::me::delete_me, api::password::change_my_password, api::forgot::forgot, api::forgot::reset, api::sessions::my_sessions,
        api::sessions::end_my_other_sessions, api::sessions::end_my_session, oauth::introspection::introspect, oauth::introspection::revoke,
        api::passkeys::my_passkeys, api::passkeys::passkey_options, api::passkeys::add_passkey, api::passkeys::rename_passkey,
        api::passkeys::remove_passkey, api::revocations::revocations, api::me::protected,
        admin::users::list, admin::user_new::create, admin::user::get, admin::user::edit, admin::user_roles::roles,
        admin::user::disable, admin::user::enable, admin::user::sessions, admin::user::end_sessions,
        admin::bypass::give, api::data::my_data, api::factors::my_factors, api::factors::start_totp, api::factors::confirm_totp, api::factors::remove_totp,
        api::factors::renew_codes,
        admin::invitations::invitations, admin::invite::invite, admin::invitations::withdraw,
        admin::user::reset_password, admin::outbox::mails, admin::outbox::send_mail_now,
        admin::imports::import_users, admin::imports::imports, admin::imports::one_import, admin::imports::run_import, admin::imports::discard_import, admin::imports::import_rows, admin::exports::export_users,
        admin::user_roles::permissions, admin::roles::list_roles, admin::roles::create_role, admin::role::get_role,
        admin::role::change_role, admin::role::delete_role, admin::permissions::list_permissions,
        admin::refusals::latest, admin::refusals::explain,
        admin::users_bulk::change_many, admin::user_delete::delete_user, admin::sessions::list_sessions, admin::sessions::end_session,
        api::api_keys::api_keys_list, api::api_keys::make_api_key, api::api_keys::end_api_key,
        admin::keys::signing_keys, admin::keys::rotate_signing_keys, admin::settings::settings_in_force, admin::health::health_report,
        admin::audit::audit_log, admin::statistics::statistics,
        admin::audit_check::last_audit_check, admin::audit_check::check_audit, admin::user_why::why, admin::user_factors::user_factors,
        api::root::greet, oauth::wellknown::jwks, oauth::wellknown::metadata, super::json,
        api::health::live, api::health::ready, api::health::seen, api::metrics::metrics,
    ),
    tags(
        (name = "Tokens", description = "Sign in, renew, sign out."),
        (name = "Account", description = "One's own account."),
        (name = "Second factors", description = "What is asked for beside the password."),
        (name = "Users", description = "Look after users; each call names the permission that it needs."),
        (name = "Import and export", description = "Users from files of other programs, and all users as a file."),
        (name = "API keys", description = "Keys of programs that ask in somebody's name."),
        (name = "Signing keys", description = "What access tokens are signed with."),
        (name = "Installation", description = "What it was started with, and what to mend."),
        (name = "Audit", description = "What happened, and how the installation is doing."),
        (name = "Roles", description = "Named sets of permissions, those of your own apps among them."),
        (name = "Discovery", description = "What clients and operators find out by themselves."),
    ),
    modifiers(&Authorize, &Refusals),
    components(schemas(ProblemJson)),
)]
struct Document;

/// What the Authorize button asks for: name and password, exchanged at `/token`.
struct Authorize;

impl Modify for Authorize {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes = Scopes::from_iter(words::ALL.map(|word| (word, "A permission, where you hold it.")));
        let flow = Flow::Password(Password::new("/token", scopes));
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("password", SecurityScheme::OAuth2(OAuth2::new([flow])));
    }
}

/// What is refused: RFC 9457, and beside it OAuth's words where tokens are given.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what `web::refuse` writes")]
struct ProblemJson {
    /// A path of the server that explains it.
    r#type: String,
    title: String,
    status: u16,
    /// One sentence.
    detail: String,
    request_id: String,
    /// Which fields, for 422.
    errors: Option<Vec<FieldProblemJson>>,
    /// OAuth's word (RFC 6749 section 5.2), where tokens are given.
    error: Option<String>,
    error_description: Option<String>,
}

#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "as above")]
struct FieldProblemJson {
    /// A JSON pointer.
    pointer: String,
    detail: String,
}

/// What every call can answer that takes a token, and the form of every refusal: said once, not at each of them.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let calls = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
            for call in calls.into_iter().flatten() {
                let takes_token = call.security.as_ref().is_some_and(|ways| !ways.is_empty());
                let mut also = Vec::new();
                if takes_token {
                    also.push(("401", "No token, one that does not count any more, or too old a proof."));
                }
                if takes_token && path.starts_with("/api/") {
                    also.push(("403", "Without the permission."));
                    if path.contains('{') {
                        also.push(("404", "There is none."));
                    }
                }
                for (status, description) in also {
                    let answer = || Response::new(description).into();
                    call.responses.responses.entry(status.to_owned()).or_insert_with(answer);
                }
                let media =
                    if oauth::answers_programs_at(path) { "application/json" } else { "application/problem+json" };
                for (status, answer) in &mut call.responses.responses {
                    if let RefOr::T(answer) = answer
                        && status.starts_with(['4', '5'])
                        && answer.content.is_empty()
                    {
                        let schema = Ref::from_schema_name("ProblemJson");
                        answer.content.insert(media.to_owned(), Content::new(Some(schema)).into());
                    }
                }
            }
        }
    }
}

#[test]
fn the_file_is_what_the_handlers_say() {
    let made: Value = serde_json::to_value(Document::openapi()).unwrap_or_else(|e| panic!("{e}"));
    if made != *document() {
        let file = std::env::temp_dir().join("openapi.json");
        let text = serde_json::to_string_pretty(&made).unwrap_or_else(|e| panic!("{e}"));
        std::fs::write(&file, text + "\n").unwrap_or_else(|e| panic!("{e}"));
        panic!(
            "the handlers say something else by now: `cp {} src/web/openapi/`, and look at the difference",
            file.display()
        );
    }
}
