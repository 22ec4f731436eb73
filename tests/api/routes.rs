//! Every route, as nobody, as somebody and as the administrator.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{TestApp, spawn_app};

/// Who asks for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// A program, with a bearer token; described in the OpenAPI document.
    Program,
    /// A file that anybody may have.
    File,
    /// Somebody at a browser, with a cookie.
    Page,
}

use Face::{File, Page, Program};

/// A route, and the status that each of the three gets. A page's 303 leads to the sign-in page for nobody, and elsewhere
/// for somebody.
pub type Route = (Face, &'static str, &'static str, &'static str, [u16; 3]);

/// `{id}` stands for somebody new. A body that begins with `{` is JSON, any other a form.
pub const ROUTES: &[Route] = &[
    (Program, "GET", "/", "", [200, 200, 200]),
    (Program, "POST", "/signup", "{}", [422, 422, 422]),
    (Program, "POST", "/login", "{}", [400, 400, 400]),
    (Program, "POST", "/login/passkey/options", "{}", [200, 200, 200]),
    (Program, "POST", "/login/passkey", "{}", [422, 422, 422]),
    (Program, "POST", "/token", "grant_type=password", [400, 400, 400]),
    (Program, "POST", "/refresh", "{}", [401, 401, 401]),
    (Program, "GET", "/users/me", "", [401, 200, 200]),
    (Program, "PATCH", "/users/me", r#"{"name": "Somebody"}"#, [401, 200, 200]),
    (Program, "GET", "/users/me/sessions", "", [401, 200, 200]),
    (Program, "DELETE", "/users/me/sessions/{id}", "", [401, 404, 404]),
    (Program, "POST", "/users/me/password", "{}", [401, 422, 422]),
    (Program, "GET", "/users/me/data", "", [401, 200, 200]),
    (Program, "GET", "/users/me/factors", "", [401, 200, 200]),
    (Program, "POST", "/users/me/totp", "", [401, 200, 200]),
    (Program, "POST", "/users/me/totp/confirm", "{}", [401, 422, 422]),
    (Program, "DELETE", "/users/me/totp", "", [401, 409, 409]),
    (Program, "POST", "/users/me/recovery-codes", "", [401, 409, 409]),
    (Program, "POST", "/forgot", "{}", [422, 422, 422]),
    (Program, "POST", "/reset", "{}", [422, 422, 422]),
    (Program, "GET", "/users/me/passkeys", "", [401, 200, 200]),
    (Program, "POST", "/users/me/passkeys", "{}", [401, 422, 422]),
    (Program, "POST", "/users/me/passkeys/options", "", [401, 200, 200]),
    (Program, "PATCH", "/users/me/passkeys/{id}", r#"{"name": "Phone"}"#, [401, 404, 404]),
    (Program, "DELETE", "/users/me/passkeys/{id}", "", [401, 404, 404]),
    (Program, "GET", "/protected", "", [401, 200, 200]),
    (Program, "POST", "/introspect", "token=x", [401, 200, 200]),
    (Program, "POST", "/revoke", "token=x", [401, 200, 200]),
    (Program, "GET", "/revocations", "", [401, 403, 200]),
    (Program, "GET", "/api/users", "", [401, 403, 200]),
    (Program, "POST", "/api/users", r#"{"username": "zoe", "email": "zoe@example.com"}"#, [401, 403, 201]),
    (Program, "GET", "/api/export", "", [401, 403, 200]),
    (Program, "POST", "/api/import", "", [401, 403, 422]),
    (Program, "GET", "/metrics", "", [200, 200, 200]),
    (Program, "GET", "/health/seen", "", [404, 404, 404]),
    (Program, "GET", "/api/imports", "", [401, 403, 200]),
    (Program, "GET", "/api/imports/{id}", "", [401, 403, 404]),
    (Program, "DELETE", "/api/imports/{id}", "", [401, 403, 404]),
    (Program, "POST", "/api/imports/{id}/run", "", [401, 403, 404]),
    (Program, "GET", "/api/imports/{id}/rows", "", [401, 403, 404]),
    (Page, "GET", "/admin/users/export", "", [303, 403, 200]),
    (Page, "POST", "/admin/users/export", "format=jsonl", [303, 403, 200]),
    (Page, "GET", "/admin/users/import", "", [303, 403, 200]),
    (Page, "POST", "/admin/users/import", "", [303, 403, 422]),
    (Page, "GET", "/admin/users/import/{id}", "", [303, 403, 404]),
    (Page, "POST", "/admin/users/import/{id}/run", "", [303, 403, 404]),
    (Page, "POST", "/admin/users/import/{id}/discard", "", [303, 403, 404]),
    (Page, "GET", "/admin/users/import/{id}/report", "", [303, 403, 404]),
    (Program, "GET", "/api/users/{id}", "", [401, 403, 200]),
    (Program, "PATCH", "/api/users/{id}", r#"{"name": "Zoe"}"#, [401, 403, 200]),
    (Program, "DELETE", "/api/users/{id}", "", [401, 403, 204]),
    (Program, "POST", "/api/users/bulk", r#"{"action": "enable", "ids": ["nobody"]}"#, [401, 403, 200]),
    (Program, "GET", "/api/sessions", "", [401, 403, 200]),
    (Program, "DELETE", "/api/sessions/{id}", "", [401, 403, 404]),
    (Program, "PUT", "/api/users/{id}/roles", r#"{"roles": []}"#, [401, 403, 200]),
    (Program, "POST", "/api/users/{id}/disable", "", [401, 403, 200]),
    (Program, "POST", "/api/users/{id}/enable", "", [401, 403, 200]),
    (Program, "POST", "/api/users/{id}/bypass", "", [401, 403, 409]),
    (Program, "GET", "/api/users/{id}/sessions", "", [401, 403, 200]),
    (Program, "DELETE", "/api/users/{id}/sessions", "", [401, 403, 204]),
    (Program, "POST", "/api/users/{id}/reset-password", "", [401, 403, 202]),
    (Program, "GET", "/api/invitations", "", [401, 403, 200]),
    (Program, "POST", "/api/invitations", "{}", [401, 403, 201]),
    (Program, "DELETE", "/api/invitations/{id}", "", [401, 403, 404]),
    (Program, "GET", "/api/users/{id}/permissions", "", [401, 403, 200]),
    (Program, "GET", "/api/users/{id}/permissions/{permission}", "", [401, 403, 200]),
    (Program, "GET", "/api/users/{id}/factors", "", [401, 403, 200]),
    (Program, "GET", "/api/roles", "", [401, 403, 200]),
    (Program, "POST", "/api/roles", r#"{"name": "clerk", "permissions": []}"#, [401, 403, 201]),
    (Program, "GET", "/api/roles/{id}", "", [401, 403, 404]),
    (Program, "PATCH", "/api/roles/{id}", "{}", [401, 403, 404]),
    (Program, "DELETE", "/api/roles/{id}", "", [401, 403, 404]),
    (Program, "GET", "/api/permissions", "", [401, 403, 200]),
    (Program, "GET", "/api/outbox", "", [401, 403, 200]),
    (Program, "POST", "/api/outbox/{id}/resend", "", [401, 403, 404]),
    (Program, "GET", "/api/api-keys", "", [401, 200, 200]),
    (Program, "POST", "/api/api-keys", r#"{"name": "job", "scope": [], "expires": "30d"}"#, [401, 201, 201]),
    (Program, "DELETE", "/api/api-keys/{id}", "", [401, 404, 404]),
    (Program, "GET", "/api/keys", "", [401, 403, 200]),
    (Program, "POST", "/api/keys/rotate", "{}", [401, 403, 200]),
    (Program, "GET", "/api/settings", "", [401, 403, 200]),
    (Program, "GET", "/api/health-report", "", [401, 403, 200]),
    (Program, "GET", "/api/refusals", "", [401, 403, 200]),
    (Program, "GET", "/api/audit", "", [401, 403, 200]),
    (Program, "POST", "/api/audit/check", "", [401, 403, 200]),
    (Program, "GET", "/api/audit/check", "", [401, 403, 200]),
    (Program, "GET", "/api/statistics", "", [401, 403, 200]),
    (Program, "GET", "/api/refusals/{id}", "", [401, 403, 404]),
    (Program, "GET", "/.well-known/jwks.json", "", [200, 200, 200]),
    (Program, "GET", "/.well-known/oauth-authorization-server", "", [200, 200, 200]),
    (Program, "GET", "/openapi.json", "", [200, 200, 200]),
    (Program, "GET", "/health", "", [200, 200, 200]),
    (Program, "GET", "/health/ready", "", [200, 200, 200]),
    (File, "GET", "/static/{hash}/{path:.*}", "", [200, 200, 200]),
    (File, "GET", "/favicon.ico", "", [200, 200, 200]),
    (Page, "GET", "/", "", [303, 303, 303]),
    (Page, "GET", "/signup", "", [200, 200, 200]),
    (Page, "POST", "/signup", "username=", [422, 422, 422]),
    (Page, "GET", "/login", "", [200, 303, 303]),
    (Page, "POST", "/login", "username=", [401, 401, 401]),
    (Page, "GET", "/login/factor", "", [303, 303, 303]),
    (Page, "POST", "/login/factor", "otp=123456", [303, 303, 303]),
    (Page, "GET", "/login/enrol", "", [303, 303, 303]),
    (Page, "POST", "/login/enrol", "code=123456", [303, 303, 303]),
    (Page, "GET", "/confirm", "", [303, 200, 200]),
    (Page, "POST", "/confirm", "password=", [303, 400, 400]),
    (Page, "GET", "/setup", "", [404, 404, 404]),
    (Page, "POST", "/setup", "code=", [404, 404, 404]),
    (Page, "GET", "/forgot", "", [200, 200, 200]),
    (Page, "POST", "/forgot", "email=", [422, 422, 422]),
    (Page, "GET", "/reset", "", [200, 200, 200]),
    (Page, "POST", "/reset", "code=", [404, 404, 404]),
    (Page, "GET", "/verify", "", [404, 404, 404]),
    (Page, "POST", "/verify", "code=", [404, 404, 404]),
    (Page, "GET", "/not-me", "", [404, 404, 404]),
    (Page, "POST", "/not-me", "code=", [404, 404, 404]),
    (Page, "POST", "/account/email", "email=somebody@example.com", [303, 303, 303]),
    (Page, "POST", "/account/email/confirm", "code=", [303, 400, 400]),
    (Page, "POST", "/account/email/keep", "", [303, 303, 303]),
    (Page, "POST", "/account/email/resend", "", [303, 303, 303]),
    (Page, "GET", "/account", "", [303, 200, 200]),
    (Page, "POST", "/account", "name=Somebody", [303, 303, 303]),
    (Page, "POST", "/login/passkey", "credential=", [422, 422, 422]),
    (Page, "POST", "/login/factor/passkey", "attempt=x", [401, 401, 401]),
    (Page, "POST", "/confirm/passkey", "credential=", [303, 422, 422]),
    (Page, "POST", "/confirm/passkey/options", "", [303, 200, 200]),
    (Page, "GET", "/account/sessions", "", [303, 200, 200]),
    (Page, "POST", "/account/sessions/{id}/end", "", [303, 303, 303]),
    (Page, "POST", "/account/sessions/end-others", "", [303, 303, 303]),
    (Page, "GET", "/account/activity", "", [303, 200, 200]),
    (Page, "GET", "/account/data", "", [303, 200, 200]),
    (Page, "GET", "/account/delete", "", [303, 200, 200]),
    (Page, "POST", "/account/delete", "username=", [303, 422, 422]),
    (Page, "GET", "/account/password", "", [303, 200, 200]),
    (Page, "POST", "/account/password", "current_password=", [303, 400, 400]),
    (Page, "GET", "/account/factors", "", [303, 200, 200]),
    (Page, "POST", "/account/factors/totp", "", [303, 200, 200]),
    (Page, "POST", "/account/factors/totp/confirm", "code=123456", [303, 400, 400]),
    (Page, "GET", "/account/factors/totp/remove", "", [303, 200, 200]),
    (Page, "POST", "/account/factors/totp/remove", "", [303, 409, 409]),
    (Page, "POST", "/account/factors/codes", "", [303, 409, 409]),
    (Page, "POST", "/account/factors/kept", "kept=yes", [303, 303, 303]),
    (Page, "GET", "/account/api-keys", "", [303, 200, 200]),
    (Page, "POST", "/account/api-keys", "name=", [303, 422, 422]),
    (Page, "GET", "/account/api-keys/{id}/end", "", [303, 404, 404]),
    (Page, "POST", "/account/api-keys/{id}/end", "", [303, 404, 404]),
    (Page, "GET", "/account/passkeys", "", [303, 200, 200]),
    (Page, "GET", "/account/passkeys/{id}", "", [303, 404, 404]),
    (Page, "POST", "/account/passkeys/{id}", "name=Phone", [303, 404, 404]),
    (Page, "GET", "/account/passkeys/{id}/remove", "", [303, 404, 404]),
    (Page, "POST", "/account/passkeys/{id}/remove", "", [303, 404, 404]),
    (Page, "GET", "/docs", "", [200, 200, 200]),
    (Page, "GET", "/redoc", "", [200, 200, 200]),
    (Page, "GET", "/errors/{slug}", "", [200, 200, 200]),
    (Page, "GET", "/admin", "", [303, 403, 200]),
    (Page, "GET", "/admin/users", "", [303, 403, 200]),
    (Page, "POST", "/admin/users", "username=", [303, 403, 422]),
    (Page, "GET", "/admin/users/new", "", [303, 403, 200]),
    (Page, "GET", "/admin/users/{id}", "", [303, 403, 200]),
    (Page, "POST", "/admin/users/{id}", "name=Zoe", [303, 403, 303]),
    (Page, "POST", "/admin/users/bulk", "action=enable&ids=nobody", [303, 403, 200]),
    (Page, "GET", "/admin/users/{id}/delete", "", [303, 403, 200]),
    (Page, "POST", "/admin/users/{id}/delete", "username=", [303, 403, 422]),
    (Page, "GET", "/admin/sessions", "", [303, 403, 200]),
    (Page, "POST", "/admin/sessions/{id}/end", "", [303, 403, 303]),
    (Page, "POST", "/admin/users/{id}/roles", "roles=user", [303, 403, 303]),
    (Page, "POST", "/admin/users/{id}/disable", "", [303, 403, 303]),
    (Page, "POST", "/admin/users/{id}/enable", "", [303, 403, 303]),
    (Page, "POST", "/admin/users/{id}/bypass", "", [303, 403, 409]),
    (Page, "POST", "/admin/users/{id}/sessions/end", "", [303, 403, 303]),
    (Page, "POST", "/admin/users/{id}/reset-password", "", [303, 403, 303]),
    (Page, "GET", "/admin/invitations", "", [303, 403, 200]),
    (Page, "GET", "/admin/invitations/new", "", [303, 403, 200]),
    (Page, "POST", "/admin/invitations", "days=7&uses=1", [303, 403, 200]),
    (Page, "POST", "/admin/invitations/{id}/withdraw", "", [303, 403, 404]),
    (Page, "GET", "/admin/users/{id}/why", "", [303, 403, 200]),
    (Page, "GET", "/admin/roles", "", [303, 403, 200]),
    (Page, "POST", "/admin/roles", "name=", [303, 403, 422]),
    (Page, "GET", "/admin/roles/new", "", [303, 403, 200]),
    (Page, "GET", "/admin/roles/{id}", "", [303, 403, 404]),
    (Page, "POST", "/admin/roles/{id}", "name=x", [303, 403, 404]),
    (Page, "GET", "/admin/roles/{id}/delete", "", [303, 403, 404]),
    (Page, "POST", "/admin/roles/{id}/delete", "version=", [303, 403, 404]),
    (Page, "GET", "/admin/permissions", "", [303, 403, 200]),
    (Page, "GET", "/admin/outbox", "", [303, 403, 200]),
    (Page, "POST", "/admin/outbox/{id}/resend", "", [303, 403, 404]),
    (Page, "GET", "/admin/api-keys", "", [303, 403, 200]),
    (Page, "GET", "/admin/api-keys/{id}/end", "", [303, 403, 404]),
    (Page, "POST", "/admin/api-keys/{id}/end", "", [303, 403, 404]),
    (Page, "GET", "/admin/keys", "", [303, 403, 200]),
    (Page, "GET", "/admin/keys/rotate", "", [303, 403, 200]),
    (Page, "POST", "/admin/keys/rotate", "start=known", [303, 403, 303]),
    (Page, "GET", "/admin/settings", "", [303, 403, 200]),
    (Page, "GET", "/admin/health", "", [303, 403, 200]),
    (Page, "GET", "/admin/refusals", "", [303, 403, 200]),
    (Page, "GET", "/admin/audit", "", [303, 403, 200]),
    (Page, "POST", "/admin/audit/check", "", [303, 403, 303]),
    (Page, "GET", "/admin/audit/export", "", [303, 403, 200]),
    (Page, "POST", "/logout", "", [303, 303, 303]),
    // These end sessions of whoever asks, so they come last, each asked by somebody who has just signed in.
    (Program, "POST", "/logout", "", [401, 204, 204]),
    (Program, "DELETE", "/users/me/sessions", "", [401, 204, 204]),
    (Program, "DELETE", "/users/me", "", [401, 204, 409]),
];

/// Whether a program's sessions end by it.
fn ends_sessions((face, method, path, ..): &Route) -> bool {
    *face == Program && matches!((*method, *path), (_, "/logout") | ("DELETE", "/users/me" | "/users/me/sessions"))
}

#[test]
fn every_route_stands_in_the_table() {
    let in_map: BTreeSet<(&str, &str)> = vestibule::web::routes()
        .into_iter()
        .flat_map(|(path, methods)| methods.into_iter().map(move |method| (method, path)))
        .collect();
    let in_table: BTreeSet<(&str, &str)> = ROUTES.iter().map(|(_, method, path, ..)| (*method, *path)).collect();
    assert_eq!(in_table, in_map);
}

#[test]
fn every_route_serves_nobody_somebody_and_the_administrator_as_it_should() {
    let app = spawn_app();
    let sign_in = || [app.anon(), app.alice(), app.admin()];
    let programs = sign_in();
    let browsers = [app.browser(), app.browser_of("alice"), app.browser_of("root")];
    let mut targets = targets(&app, &programs[2], ROUTES.iter());
    let mut wrong = Vec::new();
    for route in ROUTES {
        let people = match route {
            (Page, ..) => browsers.clone(),
            route if ends_sessions(route) => sign_in(),
            _ => programs.clone(),
        };
        for (who, person) in people.iter().enumerate() {
            let answer = ask(person, route, &mut targets);
            if answer.status != route.4[who] {
                wrong.push(format!("{} {} as {who}: {} for {}", route.1, route.2, answer.status, route.4[who]));
            } else if route.0 == Page && answer.status == 303 && is_guarded(route) {
                assert_eq!(answer.location().starts_with("/login"), who == 0, "{} {}", route.1, route.2);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Somebody new for each request that needs one, three for a route, made ahead: the table signs the administrator out of other
/// places.
pub fn targets<'a>(app: &TestApp, admin: &Person, routes: impl Iterator<Item = &'a Route>) -> Vec<String> {
    let needed = routes.filter(|(_, _, path, ..)| path.contains("/users/{id}")).count() * 3;
    let make = |n: usize| {
        let new = json!({"username": format!("guest{n}"), "email": format!("guest{n}@example.com")});
        admin.post("/api/users").json(new).send().expect(201).json()["id"].as_str().unwrap().to_owned()
    };
    let mut made: Vec<String> = (0..needed).map(make).collect();
    let page = app.anon().get("/login").with("Accept", "text/html").send().text();
    let start = page.find("/static/").expect("a file of the page");
    made.insert(0, page[start..].split('"').next().unwrap().to_owned());
    made
}

pub fn ask(person: &Person, (_, method, path, body, _): &Route, targets: &mut Vec<String>) -> Answer {
    let path = match *path {
        "/static/{hash}/{path:.*}" => targets[0].clone(),
        "/errors/{slug}" => "/errors/validation".to_owned(),
        path if path.contains("/users/{id}") => path.replace("{id}", &targets.pop().expect("one more")),
        path => path.replace("{id}", "nobody"),
    };
    let path = path.replace("{permission}", "users:read");
    let call = person.call(method, &path);
    match body.chars().next() {
        None => call.send(),
        Some('{') => call.json(serde_json::from_str::<Value>(body).unwrap()).send(),
        Some(_) => call.body("application/x-www-form-urlencoded", *body).send(),
    }
}

/// Whether the page is for somebody only.
fn is_guarded((_, _, path, ..): &Route) -> bool {
    path.starts_with("/account") || path.starts_with("/admin")
}
