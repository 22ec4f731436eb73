//! Reads the `use` lines of the house and holds the floor rule: the order is data here, not an opinion in a review.

use std::fs;
use std::path::{Path, PathBuf};

/// The row of capabilities. A module may import those to its left.
const ROW: [&str; 13] = [
    "access",
    "audit",
    "throttle",
    "outbox",
    "sessions",
    "accounts",
    "credentials",
    "transfer",
    "tokens",
    "signin",
    "oauth",
    "statistics",
    "health",
];
const ROOF: [&str; 6] = ["web", "cli", "jobs", "server", "texts", "letters"];
/// What the roof may reach of the ground beside capabilities and `app`.
const GROUND_FOR_ROOF: [&str; 11] =
    ["ids", "time", "page", "hex", "telemetry", "secret", "mail", "open_files", "listener", "metrics", "traces"];
/// Handlers, the surfaces of `web`; one never imports another.
const SURFACES: [&str; 4] = ["api", "oauth", "pages", "admin"];

struct Source {
    /// Path below `src`, such as `sessions/end.rs`.
    path: String,
    text: String,
}

impl Source {
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Everything this file names by `crate::`, tests in it left out.
    fn imports(&self) -> Vec<String> {
        let code = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = Vec::new();
        for statement in statements(code) {
            expand("", &statement, &mut found);
        }
        let in_code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in in_code {
            for part in line.split("crate::").skip(1) {
                let path: String = part.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
                found.push(path.trim_end_matches(':').to_owned());
            }
        }
        found.retain(|path| !path.is_empty());
        found
    }

    fn code_lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    fn names(&self, word: &str) -> bool {
        self.code_lines().any(|line| line.contains(word))
    }
}

/// The bodies of `use crate::…;`, lines joined.
fn statements(code: &str) -> Vec<String> {
    let joined = code.replace('\n', " ");
    let uses = joined.split("use crate::").skip(1);
    uses.filter_map(|rest| rest.split(';').next())
        .map(|body| body.replace(" as ", "@").split_whitespace().collect())
        .collect()
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expand(prefix: &str, body: &str, found: &mut Vec<String>) {
    let Some(open) = body.find('{') else {
        let path = body.split('@').next().unwrap_or(body);
        found.push(format!("{prefix}{path}").trim_end_matches("::self").to_owned());
        return;
    };
    let (head, inner) = (&body[..open], body[open + 1..].strip_suffix('}').unwrap_or(&body[open + 1..]));
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&format!("{prefix}{head}"), &inner[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 50, "the house has more rooms than {}", files.len());
    let source = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())),
        path: path.strip_prefix(&root).map(|p| p.display().to_string()).unwrap_or_default(),
    };
    files.into_iter().map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn assert_none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn the_row_imports_only_to_the_left() {
    let mut broken = Vec::new();
    for source in sources() {
        let Some(own) = ROW.iter().position(|name| *name == source.module()) else {
            continue;
        };
        for import in source.imports() {
            let first = import.split("::").next().unwrap_or_default();
            let right = ROW.iter().position(|name| *name == first).is_some_and(|at| at > own);
            if right || ROOF.contains(&first) {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert_none(&broken, "a capability imports only those to its left");
}

#[test]
fn the_ground_knows_no_capability() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.module() == "platform") {
        for import in source.imports() {
            if import.split("::").next() != Some("platform") {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert_none(&broken, "the ground imports nothing from above");
}

#[test]
fn settings_know_only_the_ground() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.module() == "config") {
        for import in source.imports().iter().filter(|import| !import.starts_with("platform")) {
            broken.push(format!("{} imports {import}", source.path));
        }
    }
    assert_none(&broken, "config imports only the ground");
}

#[test]
fn the_roof_reaches_little_of_the_ground_and_one_surface_never_another() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| ROOF.contains(&source.module())) {
        for import in source.imports() {
            if let Some(ground) = import.strip_prefix("platform::") {
                // The tables of faces are the only ones that see a fault as such.
                let fault = ground == "db::Fault" && ["web/refuse/from.rs", "cli/sentence.rs"].contains(&&*source.path);
                let allowed = fault
                    || GROUND_FOR_ROOF.iter().any(|part| ground == *part || ground.starts_with(&format!("{part}::")));
                if !allowed {
                    broken.push(format!("{} imports {import}", source.path));
                }
            }
            let first = import.split("::").next().unwrap_or_default();
            let surfaces = ["web", "cli"];
            if surfaces.contains(&first) && surfaces.contains(&source.module()) && first != source.module() {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert_none(&broken, "the roof imports capabilities, `app`, and a few things of the ground");
}

#[test]
fn handlers_of_one_kind_do_not_call_those_of_another() {
    let mut broken = Vec::new();
    // A user, and what is theirs, looks the same to a program wherever it is asked for.
    let shared = ["web::api::user", "web::api::sessions::SessionList", "web::api::passkeys::PasskeyJson"];
    for source in sources().iter().filter(|source| source.module() == "web") {
        let Some(own) = source.path.split('/').nth(1).filter(|folder| SURFACES.contains(folder)) else {
            continue;
        };
        for import in source.imports().iter().filter(|import| !shared.iter().any(|s| import.starts_with(s))) {
            let other = import.strip_prefix("web::").and_then(|rest| rest.split("::").next());
            if other.is_some_and(|other| SURFACES.contains(&other) && other != own) {
                broken.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert_none(&broken, "one surface never imports another");
}

#[test]
fn only_stores_and_the_ground_name_diesel() {
    let named = |source: &&Source| source.names("diesel::") && source.module() != "platform";
    let broken: Vec<String> = sources()
        .iter()
        .filter(named)
        .filter(|source| !source.path.ends_with("store.rs") && source.path != "schema.rs")
        .map(|source| source.path.clone())
        .collect();
    assert_none(&broken, "Diesel is named by platform, the schema and the store files only");
}

#[test]
fn only_the_database_floor_knows_that_there_are_two_databases() {
    let words = ["SqliteConnection", "AsyncPgConnection", "ConnKind", "PRAGMA ", "pg_advisory"];
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| !source.path.starts_with("platform/db/"))
        .filter(|source| words.iter().any(|word| source.names(word)))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&broken, "backend names stay in platform/db");
}

#[test]
fn the_row_never_names_actix() {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| ROW.contains(&source.module()) || source.module() == "platform")
        .filter(|source| source.names("actix"))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&broken, "HTTP ends at the roof");
}

#[test]
fn one_place_knows_the_webauthn_library() {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| source.names("passki::") && !source.path.starts_with("credentials/passkeys/"))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&broken, "passki is named in credentials/passkeys only");
}

#[test]
fn a_table_has_one_owner() {
    let tables = [
        ("budgets", "throttle"),
        ("users", "accounts"),
        ("roles", "accounts"),
        ("role_permissions", "accounts"),
        ("user_roles", "accounts"),
        ("passwords", "credentials"),
        ("totp_secrets", "credentials"),
        ("recovery_codes", "credentials"),
        ("sign_in_attempts", "signin"),
        ("invitations", "signin"),
        ("passkeys", "credentials"),
        ("passkey_challenges", "credentials"),
        ("sessions", "sessions"),
        ("revocations", "sessions"),
        ("refresh_tokens", "tokens"),
        ("signing_keys", "tokens"),
        ("api_keys", "tokens"),
        ("refused_tokens", "tokens"),
        ("devices", "credentials"),
        ("audit_log", "audit"),
        ("audit_chain", "audit"),
        ("audit_cuts", "audit"),
        ("audit_checks", "audit"),
        ("statistics", "statistics"),
        ("outbox", "outbox"),
        ("mail_codes", "credentials"),
        ("imports", "transfer"),
        ("import_lines", "transfer"),
    ];
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("store.rs")) {
        for import in source.imports() {
            let Some(table) = import.strip_prefix("schema::") else {
                continue;
            };
            let owner = tables.iter().find(|(name, _)| *name == table).map(|(_, owner)| *owner);
            // `counters` gives each owner a row of its own.
            if table != "counters" && owner != Some(source.module()) {
                broken.push(format!("{} reads {table}", source.path));
            }
        }
    }
    assert_none(&broken, "a table has one owner; the others ask it");
}

#[test]
fn what_may_be_made_in_one_place_is_made_in_one_place() {
    for (words, home) in [
        ("Caller::recognised(", "signin/recognise.rs"),
        ("impl Holder for", "accounts/user.rs"),
        ("ActiveUser {", "accounts/user.rs"),
        ("refresh_tokens::used_at.eq(now)", "tokens/store.rs"),
        ("sessions::ended_at.eq(", "sessions/store.rs"),
        ("mail_codes::used_at.eq(Some(now))", "credentials/codes/store.rs"),
        ("TokenSet {", "tokens/issue.rs"),
        ("Permit(", "throttle/permit.rs"),
        ("hasher.verify(", "credentials/password.rs"),
        ("hasher.verify_with(", "credentials/password.rs"),
    ] {
        let homes: Vec<String> =
            sources().iter().filter(|source| source.names(words)).map(|source| source.path.clone()).collect();
        assert_eq!(homes, [home], "{words} has one home");
    }
}

#[test]
fn what_people_read_comes_from_the_texts() {
    // OAuth's and fastapi-jwt-auth's words are for programs, and a file that can't be read says why in its report's language.
    let homes = ["web/refuse/from.rs", "web/refuse/mod.rs", "web/refuse/moving.rs", "web/token_cookies.rs"];
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| source.names("Sentence::as_it_is(") && !homes.contains(&&*source.path))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&broken, "a sentence that is the same in every language is for programs");
}

#[test]
fn files_are_rooms_and_there_are_no_drawers() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        // The schema is one list of columns, as Diesel wants it.
        if lines > 300 && source.path != "schema.rs" {
            broken.push(format!("{} has {lines} lines", source.path));
        }
        let drawers = ["util", "helper", "common", "misc", "manager", "service"];
        if source.path.split(['/', '.']).any(|part| drawers.iter().any(|drawer| part.trim_end_matches('s') == *drawer))
        {
            broken.push(format!("{} is a drawer", source.path));
        }
    }
    assert_none(&broken, "at most 300 lines, each file with a name of its own");
}
