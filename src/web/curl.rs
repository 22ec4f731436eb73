//! The command that does what a page does. Its method and path are those of a route, which a test compares; its text is quoted
//! for a shell, and tests run what pages show.

use serde_json::Value;

use crate::app::App;

/// A route of the JSON API that a page shows the command for.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    method: &'static str,
    path: &'static str,
}

macro_rules! actions {
    ($($name:ident = $method:literal $path:literal;)*) => {
        $(pub const $name: Action = Action { method: $method, path: $path };)*

        #[cfg(test)]
        const ALL: &[Action] = &[$($name,)*];
    };
}

actions! {
    CREATE_USER = "POST" "/api/users";
    EDIT_USER = "PATCH" "/api/users/{id}";
    SET_ROLES = "PUT" "/api/users/{id}/roles";
    DISABLE_USER = "POST" "/api/users/{id}/disable";
    ENABLE_USER = "POST" "/api/users/{id}/enable";
    END_SESSIONS = "DELETE" "/api/users/{id}/sessions";
    RESET_PASSWORD = "POST" "/api/users/{id}/reset-password";
    BYPASS = "POST" "/api/users/{id}/bypass";
    RESEND_MAIL = "POST" "/api/outbox/{id}/resend";
    LIST_API_KEYS = "GET" "/api/api-keys";
    MAKE_API_KEY = "POST" "/api/api-keys";
    END_API_KEY = "DELETE" "/api/api-keys/{id}";
    LIST_KEYS = "GET" "/api/keys";
    ROTATE_KEYS = "POST" "/api/keys/rotate";
    SETTINGS = "GET" "/api/settings";
    HEALTH = "GET" "/api/health-report";
    LIST_AUDIT = "GET" "/api/audit";
    STATISTICS = "GET" "/api/statistics";
}

impl Action {
    /// The command; `id` stands for the part of the path that names something.
    pub fn command(self, app: &App, id: &str) -> String {
        self.written(app, (id, ""), None)
    }

    /// The same with a JSON body.
    pub fn command_with(self, app: &App, id: &str, body: &Value) -> String {
        self.written(app, (id, ""), Some(body))
    }

    /// The same for a search; `query` is what stands behind the path, its `?` included.
    pub fn command_asking(self, app: &App, query: &str) -> String {
        self.written(app, ("", query), None)
    }

    fn written(self, app: &App, (id, query): (&str, &str), body: Option<&Value>) -> String {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let url = quoted(&app.config.public_url.join(&format!("{}{query}", self.path.replace("{id}", &id))));
        let method = if self.method == "GET" { String::new() } else { format!("-X {} ", self.method) };
        let body = body.map_or_else(String::new, |body| format!(" \\\n  --json {}", quoted(&body.to_string())));
        format!("curl {method}{url} \\\n  -H \"Authorization: Bearer $TOKEN\"{body}")
    }
}

/// One word for a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_a_route() {
        let routes = crate::web::routes();
        for Action { method, path } in ALL {
            let known = routes.iter().any(|(known, methods)| known == path && methods.contains(method));
            assert!(known, "{method} {path}");
        }
    }

    #[test]
    fn whatever_is_quoted_is_one_word() {
        assert_eq!(quoted("http://localhost:8000/api/users"), "http://localhost:8000/api/users");
        assert_eq!(quoted(r#"{"name": "O'Neil $HOME"}"#), r#"'{"name": "O'\''Neil $HOME"}'"#);
        assert_eq!(quoted(""), "''");
    }
}
