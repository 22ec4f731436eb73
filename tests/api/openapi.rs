//! The OpenAPI document against the URL map and against what the routes do.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::spawn_app;
use crate::routes::{Face, ROUTES};

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods").iter();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    each.collect()
}

#[test]
fn the_document_is_openapi_3_1_and_names_every_json_route_and_nothing_else() {
    let document = spawn_app().anon().get("/openapi.json").send().expect(200).json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let named: BTreeSet<(String, String)> = operations(&document).into_iter().map(|(m, p, _)| (m, p)).collect();
    let served = ROUTES.iter().filter(|(face, ..)| *face == Face::Program);
    let served: BTreeSet<(String, String)> = served.map(|(_, m, p, ..)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(named, served);
}

#[test]
fn every_operation_says_what_it_does_and_what_it_answers() {
    let document = spawn_app().anon().get("/openapi.json").send().expect(200).json();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        assert!(operation["summary"].is_string(), "{method} {path}");
        assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
        assert!(ids.insert(operation["operationId"].to_string()), "two are called {}", operation["operationId"]);
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
        assert_eq!(in_path, path.matches('{').count(), "{method} {path}");
    }
}

#[test]
fn the_authorize_button_asks_the_token_endpoint() {
    let document = spawn_app().anon().get("/openapi.json").send().expect(200).json();
    let scheme = &document["components"]["securitySchemes"]["password"];
    assert_eq!(scheme["flows"]["password"]["tokenUrl"], "/token");
}

#[test]
fn every_operation_with_a_permission_is_refused_to_somebody_without_it_by_its_name() {
    let app = spawn_app();
    let (alice, document) = (app.alice(), app.anon().get("/openapi.json").send().json());
    let mut guarded = 0;
    for (method, path, operation) in operations(&document) {
        let scopes = operation["security"][0]["password"].as_array().cloned().unwrap_or_default();
        let Some(permission) = scopes.first().and_then(Value::as_str) else { continue };
        guarded += 1;
        let call = alice.call(&method, &path.replace("{id}", &alice.id()));
        let answer =
            if matches!(method.as_str(), "GET" | "DELETE") { call.send() } else { call.json(json!({})).send() };
        let detail = format!("This needs the permission {permission}, which you do not hold.");
        assert_eq!((answer.status, answer.json()["detail"].as_str()), (403, Some(detail.as_str())), "{method} {path}");
    }
    // One's own keys take no permission.
    let own = |path: &str| path.starts_with("/api/api-keys");
    let is_guarded = |path: &str| path.starts_with("/api") && !own(path) || path == "/revocations";
    assert_eq!(guarded, ROUTES.iter().filter(|(face, _, path, ..)| *face == Face::Program && is_guarded(path)).count());
}

#[test]
fn every_operation_that_needs_a_token_says_so_and_no_other() {
    let app = spawn_app();
    let document = app.anon().get("/openapi.json").send().json();
    for (method, path, operation) in operations(&document) {
        let route =
            ROUTES.iter().find(|(face, m, p, ..)| *face == Face::Program && *m == method && *p == path).unwrap();
        let needs_token = route.4[0] == 401 && path != "/refresh";
        assert_eq!(operation["security"].is_array(), needs_token, "{method} {path}");
    }
}
