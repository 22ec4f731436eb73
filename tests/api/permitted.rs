//! Every route of administrators, as one who holds every permission but the one that the route names, and as one who holds them
//! all without being `admin`.

use std::collections::BTreeMap;

use serde_json::Value;
use vestibule::access::words;

use crate::harness::people::Person;
use crate::harness::{TestApp, spawn_app};
use crate::routes::{Face, ROUTES, Route, ask, targets};

/// What each page takes; the JSON routes say it in the OpenAPI document.
const PAGES: &[(&str, &[&str])] = &[
    (
        "users:read",
        &[
            "GET /admin",
            "GET /admin/users",
            "GET /admin/users/{id}",
            "GET /admin/users/{id}/why",
            "GET /admin/users/export",
            "POST /admin/users/export",
            "GET /admin/sessions",
            "GET /admin/roles",
            "GET /admin/roles/{id}",
            "GET /admin/permissions",
            "GET /admin/api-keys",
        ],
    ),
    (
        "users:write",
        &[
            "GET /admin/users/new",
            "POST /admin/users",
            "POST /admin/users/{id}",
            "POST /admin/users/bulk",
            "GET /admin/users/{id}/delete",
            "POST /admin/users/{id}/delete",
            "POST /admin/users/{id}/disable",
            "POST /admin/users/{id}/enable",
            "POST /admin/users/{id}/bypass",
            "POST /admin/users/{id}/reset-password",
            "GET /admin/users/import",
            "POST /admin/users/import",
            "GET /admin/users/import/{id}",
            "POST /admin/users/import/{id}/run",
            "POST /admin/users/import/{id}/discard",
            "GET /admin/users/import/{id}/report",
            "GET /admin/invitations",
            "GET /admin/invitations/new",
            "POST /admin/invitations",
            "POST /admin/invitations/{id}/withdraw",
            "GET /admin/outbox",
            "POST /admin/outbox/{id}/resend",
        ],
    ),
    ("sessions:write", &["POST /admin/sessions/{id}/end", "POST /admin/users/{id}/sessions/end"]),
    (
        "roles:write",
        &[
            "POST /admin/users/{id}/roles",
            "GET /admin/roles/new",
            "POST /admin/roles",
            "POST /admin/roles/{id}",
            "GET /admin/roles/{id}/delete",
            "POST /admin/roles/{id}/delete",
        ],
    ),
    ("keys:write", &["GET /admin/keys", "GET /admin/keys/rotate", "POST /admin/keys/rotate"]),
    ("settings:read", &["GET /admin/settings", "GET /admin/health"]),
    ("audit:read", &["GET /admin/refusals", "GET /admin/audit", "POST /admin/audit/check", "GET /admin/audit/export"]),
];
/// Whose they are decides there.
const BY_OWNER: [&str; 5] = [
    "GET /api/api-keys",
    "POST /api/api-keys",
    "DELETE /api/api-keys/{id}",
    "GET /admin/api-keys/{id}/end",
    "POST /admin/api-keys/{id}/end",
];

/// The permission that a route of administrators names, `None` where there is none to name.
fn named(document: &Value, (face, method, path, ..): &Route) -> Option<String> {
    let route = format!("{method} {path}");
    if BY_OWNER.contains(&route.as_str()) {
        return None;
    }
    if *face == Face::Page {
        let word = PAGES.iter().find(|(_, routes)| routes.contains(&route.as_str())).map(|(word, _)| *word);
        return Some(word.unwrap_or_else(|| panic!("{route} names no permission")).to_owned());
    }
    // Where several do, the first is what the call in the table needs.
    let security = &document["paths"][*path][method.to_lowercase()]["security"];
    let word = security[0]["password"][0].as_str();
    Some(word.unwrap_or_else(|| panic!("{route} names no permission: {security}")).to_owned())
}

/// A program and a browser of somebody who holds these words.
fn holder(app: &TestApp, admin: &Person, name: &str, words: &[&str]) -> [Person; 2] {
    app.make_role(admin, name, words);
    app.invite(admin, name, &[name]);
    [app.user(name), app.browser_of(name)]
}

#[test]
fn a_route_takes_the_permission_that_it_names_and_no_other() {
    let app = spawn_app();
    let admin = app.admin();
    let document = admin.get("/openapi.json").send().expect(200).json();
    let all = holder(&app, &admin, "all", &words::ALL);
    let lacking: BTreeMap<&str, [Person; 2]> = words::ALL
        .iter()
        .map(|word| {
            let others: Vec<&str> = words::ALL.iter().copied().filter(|other| other != word).collect();
            (*word, holder(&app, &admin, &format!("no-{}", word.replace(':', "-")), &others))
        })
        .collect();
    let routes = || ROUTES.iter().filter(|(_, _, path, ..)| path.starts_with("/api/") || path.starts_with("/admin"));
    let mut targets = targets(&app, &admin, routes());
    let mut wrong = Vec::new();
    for route in routes() {
        let Some(word) = named(&document, route) else { continue };
        let face = usize::from(route.0 == Face::Page);
        let without = ask(&lacking[word.as_str()][face], route, &mut targets).status;
        let with = ask(&all[face], route, &mut targets).status;
        if (without, with) != (403, route.4[2]) {
            wrong
                .push(format!("{} {}: {without} without {word}, {with} with it, not {}", route.1, route.2, route.4[2]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
