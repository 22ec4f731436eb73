//! Roof: what browsers and programs reach. Each handler turns one request into one call of a use case, and its answer into
//! bytes. This file is the whole URL map.

mod accept;
mod admin;
mod admit;
mod api;
mod assets;
mod body;
mod chrome;
mod cookie;
mod cors;
mod curl;
mod device_cookie;
mod etag;
mod form;
mod headers;
mod key_row;
mod oauth;
pub mod openapi;
mod origin;
mod pages;
mod paging;
mod passkey_row;
mod qr;
mod query;
mod rail;
mod reference;
mod refuse;
mod route;
mod token_cookies;
mod trace;
mod upload;
mod who;

pub use admit::admit;
pub use body::LIMIT as BODY_LIMIT;
pub use cors::cors;
pub use query::bad_query;
pub use refuse::slugs as error_slugs;
pub use trace::trace;
pub use who::bearer_token;

use route::url_map;

url_map! {
    // Served to people: a session cookie is looked at. `page` is what a browser gets where programs use the path too.
    people {
        "/"                              => { page get: pages::home::enter, get: api::root::greet },
        "/signup"                        => { get: pages::signup::form, page post: pages::signup::submit, post: api::signup::sign_up },
        "/login"                         => { get: pages::login::form, page post: pages::login::submit, post: oauth::token::login },
        "/login/factor"                  => { get: pages::factor::form, post: pages::factor::submit },
        "/login/enrol"                   => { get: pages::factor::enrol_form, post: pages::factor::enrol },
        "/login/factor/passkey"          => { post: pages::passkey::factor_options },
        "/login/passkey"                 => { page post: pages::passkey::sign_in, post: oauth::passkey::passkey_login },
        "/login/passkey/options"         => { post: oauth::passkey::passkey_login_options },
        "/confirm/passkey"               => { post: pages::passkey::confirm },
        "/confirm/passkey/options"       => { post: pages::passkey::confirm_options },
        "/confirm"                       => { get: pages::confirm::form, post: pages::confirm::submit },
        "/logout"                        => { page post: pages::login::sign_out, post: api::signout::sign_out },
        "/setup"                         => { get: pages::setup::form, post: pages::setup::submit },
        "/forgot"                        => { get: pages::forgot::form, page post: pages::forgot::submit, post: api::forgot::forgot },
        "/reset"                         => { get: pages::reset::form, page post: pages::reset::submit, post: api::forgot::reset },
        "/verify"                        => { get: pages::verify::form, post: pages::verify::submit },
        "/not-me"                        => { get: pages::not_me::form, post: pages::not_me::submit },
        "/account"                       => { get: pages::account::show, post: pages::account::save },
        "/account/email"                 => { post: pages::address::change },
        "/account/email/confirm"         => { post: pages::address::confirm },
        "/account/email/keep"            => { post: pages::address::keep },
        "/account/email/resend"          => { post: pages::address::resend },
        "/account/sessions"              => { get: pages::sessions::show },
        "/account/sessions/end-others"   => { post: pages::sessions::end_others },
        "/account/sessions/{id}/end"     => { post: pages::sessions::end_one },
        "/account/activity"              => { get: pages::activity::show },
        "/account/data"                  => { get: api::data::download },
        "/account/delete"                => { get: pages::delete::form, post: pages::delete::submit },
        "/account/password"              => { get: pages::password::form, post: pages::password::submit },
        "/account/factors"               => { get: pages::factors::show },
        "/account/factors/totp"          => { post: pages::factors::start_totp },
        "/account/factors/totp/confirm"  => { post: pages::factors::confirm_totp },
        "/account/factors/totp/remove"   => { get: pages::factors::remove_totp_form, post: pages::factors::remove_totp },
        "/account/factors/codes"         => { post: pages::factors::renew_codes },
        "/account/factors/kept"          => { post: pages::codes::keep },
        "/account/api-keys"              => { get: pages::api_keys::show, post: pages::api_keys::make },
        "/account/api-keys/{id}/end"     => { get: pages::api_keys::ask_to_end, post: pages::api_keys::end },
        "/account/passkeys"              => { get: pages::passkeys::show },
        "/account/passkeys/{id}"         => { get: pages::passkeys::show_one, post: pages::passkeys::rename },
        "/account/passkeys/{id}/remove"  => { get: pages::passkeys::ask_to_remove, post: pages::passkeys::remove },
        "/users/me/passkeys"             => { get: api::passkeys::my_passkeys, post: api::passkeys::add_passkey },
        "/users/me/passkeys/options"     => { post: api::passkeys::passkey_options },
        "/users/me/passkeys/{id}"        => { patch: api::passkeys::rename_passkey, delete: api::passkeys::remove_passkey },
        "/docs"                          => { get: pages::docs::docs },
        "/redoc"                         => { get: pages::docs::reference },
        "/errors/{slug}"                 => { get: pages::problem::explain },
        "/admin"                         => { get: admin::overview::show },
        "/admin/users"                   => { get: admin::users_page::list_page, post: admin::user_new::create_page },
        "/admin/users/new"               => { get: admin::user_new::new_page },
        "/admin/users/export"            => { get: admin::exports::form_page, post: admin::exports::download_page },
        "/admin/users/import"            => { get: admin::imports_page::form_page, post: admin::imports_page::send_page },
        "/admin/users/import/{id}"       => { get: admin::imports_page::one_page },
        "/admin/users/import/{id}/run"   => { post: admin::imports_page::run_page },
        "/admin/users/import/{id}/discard" => { post: admin::imports_page::discard_page },
        "/admin/users/import/{id}/report" => { get: admin::imports_page::report },
        "/admin/users/bulk"              => { post: admin::users_bulk::bulk_page },
        "/admin/users/{id}"              => { get: admin::user::page, post: admin::user::edit_page },
        "/admin/users/{id}/delete"       => { get: admin::user_delete::ask, post: admin::user_delete::delete_page },
        "/admin/users/{id}/roles"        => { post: admin::user_roles::roles_page },
        "/admin/users/{id}/disable"      => { post: admin::user::disable_page },
        "/admin/users/{id}/enable"       => { post: admin::user::enable_page },
        "/admin/users/{id}/bypass"       => { post: admin::bypass::give_page },
        "/admin/users/{id}/sessions/end" => { post: admin::user::end_sessions_page },
        "/admin/users/{id}/reset-password" => { post: admin::user::reset_password_page },
        "/admin/sessions"                => { get: admin::sessions::page },
        "/admin/sessions/{id}/end"       => { post: admin::sessions::end_page },
        "/admin/invitations"             => { get: admin::invitations::list_page, post: admin::invite::invite_page },
        "/admin/invitations/new"         => { get: admin::invite::new_page },
        "/admin/invitations/{id}/withdraw" => { post: admin::invitations::withdraw_page },
        "/admin/users/{id}/why"          => { get: admin::user_why::page },
        "/admin/roles"                   => { get: admin::roles::list_page, post: admin::role::create_page },
        "/admin/roles/new"               => { get: admin::role::new_page },
        "/admin/roles/{id}"              => { get: admin::role::page, post: admin::role::edit_page },
        "/admin/roles/{id}/delete"       => { get: admin::role::delete_form, post: admin::role::delete_page },
        "/admin/permissions"             => { get: admin::permissions::page },
        "/admin/outbox"                  => { get: admin::outbox::page },
        "/admin/outbox/{id}/resend"      => { post: admin::outbox::resend_page },
        "/admin/api-keys"                => { get: admin::api_keys::page },
        "/admin/api-keys/{id}/end"       => { get: admin::api_keys::ask_to_end, post: admin::api_keys::end },
        "/admin/keys"                    => { get: admin::keys::page },
        "/admin/keys/rotate"             => { get: admin::keys::ask_to_rotate, post: admin::keys::rotate_page },
        "/admin/settings"                => { get: admin::settings::page },
        "/admin/health"                  => { get: admin::health::page },
        "/admin/refusals"                => { get: admin::refusals::page },
        "/admin/audit"                   => { get: admin::audit_page::show },
        "/admin/audit/check"             => { post: admin::audit_page::check },
        "/admin/audit/export"            => { get: admin::audit::export },
    }
    // Served to programs: a bearer token, or nothing.
    programs {
        "/token"                         => { post: oauth::token::token },
        "/refresh"                       => { post: oauth::token::refresh },
        "/users/me"                      => { get: api::me::me, patch: api::me::change_me, delete: api::me::delete_me },
        "/protected"                     => { get: api::me::protected },
        "/introspect"                    => { post: oauth::introspection::introspect },
        "/revoke"                        => { post: oauth::introspection::revoke },
        "/revocations"                   => { get: api::revocations::revocations },
        "/users/me/sessions"             => { get: api::sessions::my_sessions, delete: api::sessions::end_my_other_sessions },
        "/users/me/sessions/{id}"        => { delete: api::sessions::end_my_session },
        "/users/me/data"                 => { get: api::data::my_data },
        "/users/me/password"             => { post: api::password::change_my_password },
        "/users/me/factors"              => { get: api::factors::my_factors },
        "/users/me/totp"                 => { post: api::factors::start_totp, delete: api::factors::remove_totp },
        "/users/me/totp/confirm"         => { post: api::factors::confirm_totp },
        "/users/me/recovery-codes"       => { post: api::factors::renew_codes },
        "/api/users"                     => { get: admin::users::list, post: admin::user_new::create },
        "/api/users/bulk"                => { post: admin::users_bulk::change_many },
        "/api/users/{id}"                => { get: admin::user::get, patch: admin::user::edit, delete: admin::user_delete::delete_user },
        "/api/users/{id}/roles"          => { put: admin::user_roles::roles },
        "/api/users/{id}/disable"        => { post: admin::user::disable },
        "/api/users/{id}/enable"         => { post: admin::user::enable },
        "/api/users/{id}/bypass"         => { post: admin::bypass::give },
        "/api/users/{id}/sessions"       => { get: admin::user::sessions, delete: admin::user::end_sessions },
        "/api/users/{id}/reset-password" => { post: admin::user::reset_password },
        "/api/export"                    => { get: admin::exports::export_users },
        "/api/import"                    => { post: admin::imports::import_users },
        "/api/imports"                   => { get: admin::imports::imports },
        "/api/imports/{id}"              => { get: admin::imports::one_import, delete: admin::imports::discard_import },
        "/api/imports/{id}/run"          => { post: admin::imports::run_import },
        "/api/imports/{id}/rows"         => { get: admin::imports::import_rows },
        "/api/sessions"                  => { get: admin::sessions::list_sessions },
        "/api/sessions/{id}"             => { delete: admin::sessions::end_session },
        "/api/invitations"               => { get: admin::invitations::invitations, post: admin::invite::invite },
        "/api/invitations/{id}"          => { delete: admin::invitations::withdraw },
        "/api/users/{id}/permissions"    => { get: admin::user_roles::permissions },
        "/api/users/{id}/permissions/{permission}" => { get: admin::user_why::why },
        "/api/users/{id}/factors"        => { get: admin::user_factors::user_factors },
        "/api/roles"                     => { get: admin::roles::list_roles, post: admin::roles::create_role },
        "/api/roles/{id}"                => { get: admin::role::get_role, patch: admin::role::change_role, delete: admin::role::delete_role },
        "/api/permissions"               => { get: admin::permissions::list_permissions },
        "/api/outbox"                    => { get: admin::outbox::mails },
        "/api/outbox/{id}/resend"        => { post: admin::outbox::send_mail_now },
        "/api/api-keys"                  => { get: api::api_keys::api_keys_list, post: api::api_keys::make_api_key },
        "/api/api-keys/{id}"             => { delete: api::api_keys::end_api_key },
        "/api/keys"                      => { get: admin::keys::signing_keys },
        "/api/keys/rotate"               => { post: admin::keys::rotate_signing_keys },
        "/api/settings"                  => { get: admin::settings::settings_in_force },
        "/api/health-report"             => { get: admin::health::health_report },
        "/api/statistics"                => { get: admin::statistics::statistics },
        "/api/audit"                     => { get: admin::audit::audit_log },
        "/api/audit/check"               => { get: admin::audit_check::last_audit_check, post: admin::audit_check::check_audit },
        "/api/refusals"                  => { get: admin::refusals::latest },
        "/api/refusals/{id}"             => { get: admin::refusals::explain },
        "/.well-known/jwks.json"         => { get: oauth::wellknown::jwks },
        "/.well-known/oauth-authorization-server" => { get: oauth::wellknown::metadata },
        "/openapi.json"                  => { get: openapi::json },
        "/health"                        => { get: api::health::live },
        "/health/ready"                  => { get: api::health::ready },
        "/static/{hash}/{path:.*}"       => { get: assets::file },
        "/favicon.ico"                   => { get: assets::favicon },
    }
}
