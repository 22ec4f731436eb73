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
    LIST_USERS = "GET" "/api/users";
    CREATE_USER = "POST" "/api/users";
    CHANGE_MANY = "POST" "/api/users/bulk";
    DELETE_USER = "DELETE" "/api/users/{id}";
    LIST_FACTORS = "GET" "/api/users/{id}/factors";
    WHY = "GET" "/api/users/{id}/permissions/{permission}";
    LIST_PERMISSIONS_OF = "GET" "/api/users/{id}/permissions";
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
    CHECK_AUDIT = "POST" "/api/audit/check";
    STATISTICS = "GET" "/api/statistics";
    LIST_SESSIONS = "GET" "/api/sessions";
    END_SESSION = "DELETE" "/api/sessions/{id}";
    LIST_ROLES = "GET" "/api/roles";
    CREATE_ROLE = "POST" "/api/roles";
    EDIT_ROLE = "PATCH" "/api/roles/{id}";
    DELETE_ROLE = "DELETE" "/api/roles/{id}";
    LIST_PERMISSIONS = "GET" "/api/permissions";
    LIST_INVITATIONS = "GET" "/api/invitations";
    INVITE = "POST" "/api/invitations";
    WITHDRAW = "DELETE" "/api/invitations/{id}";
    LIST_MAILS = "GET" "/api/outbox";
    IMPORT = "POST" "/api/import";
    LIST_IMPORTS = "GET" "/api/imports";
    LIST_ROWS = "GET" "/api/imports/{id}/rows";
    RUN_IMPORT = "POST" "/api/imports/{id}/run";
    DISCARD_IMPORT = "DELETE" "/api/imports/{id}";
    EXPORT = "GET" "/api/export";
    LIST_REFUSALS = "GET" "/api/refusals";
    EXPLAIN_REFUSAL = "GET" "/api/refusals/{id}";
}

/// What a call sends along.
enum Body<'a> {
    None,
    Json(&'a Value),
    /// The file of this name.
    File(&'static str),
}

impl Action {
    /// The command; `id` stands for the part of the path that names something.
    pub fn command(self, app: &App, id: &str) -> String {
        self.written(app, (&[id], ""), &Body::None)
    }

    /// The same where two parts of the path name something.
    pub fn command_of(self, app: &App, id: &str, part: &str) -> String {
        self.written(app, (&[id, part], ""), &Body::None)
    }

    /// The same with a JSON body.
    pub fn command_with(self, app: &App, id: &str, body: &Value) -> String {
        self.written(app, (&[id], ""), &Body::Json(body))
    }

    /// The same for a search; `query` is what stands behind the path, its `?` included.
    pub fn command_asking(self, app: &App, query: &str) -> String {
        self.written(app, (&[], query), &Body::None)
    }

    /// The same for a file that is sent.
    pub fn command_sending(self, app: &App, query: &str, file: &'static str) -> String {
        self.written(app, (&[], query), &Body::File(file))
    }

    fn written(self, app: &App, (parts, query): (&[&str], &str), body: &Body) -> String {
        let url = quoted(&app.config.public_url.join(&format!("{}{query}", self.path_with(parts))));
        let method = if self.method == "GET" { String::new() } else { format!("-X {} ", self.method) };
        let body = match body {
            Body::None => String::new(),
            Body::Json(body) => format!(" \\\n  --json {}", quoted(&body.to_string())),
            Body::File(name) => format!(" \\\n  -T {}", quoted(name)),
        };
        format!("curl {method}{url} \\\n  -H \"Authorization: Bearer $TOKEN\"{body}")
    }

    /// The path, each of its parameters with the next part.
    fn path_with(self, parts: &[&str]) -> String {
        let mut parts = parts.iter();
        let mut pieces = self.path.split('{');
        let mut path = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let part = parts.next().copied().unwrap_or_default();
            path.extend(url::form_urlencoded::byte_serialize(part.as_bytes()));
            path.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
        }
        path
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
