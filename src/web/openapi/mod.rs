//! The OpenAPI 3.1 document, and the reference that is read from it. It lies here as a file, which a test holds to the
//! handlers' own annotations.

#[cfg(test)]
mod annotations;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use serde_json::Value;

/// The document as a value, read once. It names no server: the page that shows it calls the address that it was opened at.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("openapi.json")).unwrap_or(Value::Null));
    &DOCUMENT
}

#[utoipa::path(get, path = "/openapi.json", tag = "Discovery", summary = "This document",
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)))]
pub async fn json() -> HttpResponse {
    HttpResponse::Ok().json(document())
}

/// Every operation of a document: path, method, what is said of it.
pub fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            item.as_object()
                .into_iter()
                .flatten()
                .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}
