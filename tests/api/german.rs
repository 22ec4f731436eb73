//! What pages say to somebody who reads German, whatever goes wrong: no English sentence among it.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, spawn_app, spawn_with};
use crate::routes::{Face, ROUTES, ask, targets};

/// Words that stand in almost every English sentence, and in no German one.
const ENGLISH: [&str; 22] = [
    "the", "this", "that", "and", "you", "your", "is", "are", "with", "which", "has", "have", "there", "of", "must",
    "be", "not", "can't", "somebody", "nothing", "too", "again",
];
/// What is not ours to translate: code, and what people or their programs wrote.
const QUOTED: [&str; 6] = ["code", "bdi", "pre", "script", "style", "option"];

/// What a reader sees, and what is read out to them.
fn said(page: &str) -> String {
    let mut said = String::new();
    let mut rest = page;
    while let Some((text, tag)) = rest.split_once('<') {
        said.push_str(text);
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        for name in ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""] {
            let label = inside.split_once(name).and_then(|(_, value)| value.split('"').next());
            said.extend([" ", label.unwrap_or_default(), ". "]);
        }
        let element = inside.split([' ', '\n', '/']).next().unwrap_or_default();
        rest = match QUOTED.contains(&element) {
            true => after.split_once(&format!("</{element}>")).map_or("", |(_, after)| after),
            false => after,
        };
    }
    (said + rest).replace("&#39;", "'").replace("&#34;", "\"")
}

fn english(page: &str) -> Vec<String> {
    let said = said(page);
    let sentences = said.split(['.', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty());
    let is_english = |sentence: &&str| {
        let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '@');
        words.any(|word| ENGLISH.contains(&word.to_lowercase().as_str()))
    };
    sentences.filter(is_english).map(str::to_owned).collect()
}

#[track_caller]
fn is_german(answer: &Answer, what: &str) {
    assert!(answer.is_page(), "{what}: {answer:?}");
    let page = answer.text();
    assert!(page.contains("<html lang=\"de\""), "{what}");
    let found = english(&page);
    assert!(found.is_empty(), "{what} ({}): {found:#?}", answer.status);
}

fn german(person: Person) -> Person {
    person.with("Accept-Language", "de")
}

#[test]
fn the_test_knows_english_when_it_sees_it() {
    let app = spawn_app();
    assert!(!english(&app.browser().get("/login").send().text()).is_empty());
    assert!(!english(&app.browser().get("/missing").send().text()).is_empty());
}

#[test]
fn no_page_says_anything_in_english_to_a_german_reader_whoever_it_is() {
    let app = spawn_app();
    let people = [app.browser(), app.browser_of("alice"), app.browser_of("root")].map(german);
    let pages = || ROUTES.iter().filter(|(face, _, path, ..)| *face == Face::Page && *path != "/redoc");
    let mut targets = targets(&app, &app.admin(), pages());
    let mut wrong = Vec::new();
    for route in pages() {
        for (who, person) in people.iter().enumerate() {
            let answer = ask(person, route, &mut targets);
            let found = if answer.is_page() { english(&answer.text()) } else { Vec::new() };
            wrong.extend(found.into_iter().map(|said| format!("{} {} as {who}: {said}", route.1, route.2)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_kind_of_error_is_explained_in_german() {
    let app = spawn_app();
    let anon = german(app.browser());
    for kind in vestibule::web::error_slugs() {
        is_german(&anon.get(&format!("/errors/{kind}")).send().expect(200), kind);
    }
}

#[test]
fn what_is_wrong_with_a_form_is_said_in_german() {
    let app = spawn_app();
    let (anon, alice, root) = (german(app.browser()), german(app.browser_of("alice")), german(app.browser_of("root")));
    let long = "x".repeat(300);
    for (username, email, password) in [
        ("a", "nowhere", "short"),
        ("a b", &long, "nul\0nul\0nul\0x"),
        (".alice", "a@b.example", &*"q7#Lw".repeat(15)),
        ("console", "a@b.example", "console.violet.kettle"),
        ("carol", "carol@example.com", "password1"),
        ("carol", "carol@example.com", "qwertyuiop"),
        ("carol", "carol@example.com", "abcabcabcabc"),
        ("carol", "carol@example.com", "aaaaaaaaaaaa"),
        ("carol", "carol@example.com", "abcdefghijkl"),
        ("carol", "carol@example.com", "jennifer"),
        ("alice", "carol@example.com", PASSWORD),
        ("carol", "alice@example.com", PASSWORD),
    ] {
        let form = [("username", username), ("email", email), ("password", password)];
        let answer = anon.post("/signup").form(&form).send();
        assert!(matches!(answer.status, 400 | 422), "{username} {email} {password}: {}", answer.status);
        is_german(&answer, &format!("{username} {email} {password}"));
    }
    let bob = app.user_id("bob");
    let role = app.make_role(&app.admin(), "clerk", &["invoices:approve"]);
    let (user, edit) = (format!("/admin/users/{bob}"), format!("/admin/roles/{role}"));
    for (person, path, form) in [
        (&anon, "/login", vec![("username", "alice"), ("password", "wrong")]),
        (&anon, "/forgot", vec![("email", "nowhere")]),
        (&alice, "/account", vec![("name", long.as_str())]),
        (&alice, "/account", vec![("name", "a\nb")]),
        (&alice, "/account/email", vec![("email", "nowhere")]),
        (&alice, "/account/email/confirm", vec![("code", "AAAA-AAAA")]),
        (&alice, "/account/password", vec![("current_password", "wrong"), ("new_password", "x")]),
        (&alice, "/account/password", vec![("current_password", PASSWORD), ("new_password", "x")]),
        (&alice, "/confirm", vec![("password", "wrong")]),
        (&alice, "/account/delete", vec![("username", "bob")]),
        (&alice, "/account/factors/totp/confirm", vec![("code", "000000")]),
        (&alice, "/account/api-keys", vec![("name", ""), ("expires", "soon"), ("scope", "users:write")]),
        (&root, "/admin/users", vec![("username", "alice"), ("email", "x@example.com"), ("password", PASSWORD)]),
        (&root, &user, vec![("username", "root"), ("email", "bob@example.com")]),
        (&root, &user, vec![("name", "Bob"), ("version", "stale")]),
        (&root, &*format!("{user}/roles"), vec![("roles", "nosuch")]),
        (&root, &*format!("{user}/roles"), vec![("roles", "clerk"), ("until:clerk", "2020-01-01T00:00")]),
        (&root, &*format!("{user}/roles"), vec![("roles", "clerk"), ("until:clerk", "soon")]),
        (&root, &*format!("{user}/delete"), vec![("username", "x")]),
        (&root, "/admin/roles", vec![("name", "No Name"), ("description", "a\nb"), ("more", "a:b C")]),
        (&root, "/admin/roles", vec![("name", "clerk")]),
        (&root, &edit, vec![("name", "clerk"), ("version", "stale")]),
        (&root, "/admin/invitations", vec![("email", "nowhere"), ("days", "900"), ("uses", "0")]),
        (&root, "/admin/invitations", vec![("email", "x@example.com"), ("days", "9"), ("uses", "5")]),
    ] {
        let answer = person.post(path).form(&form).send();
        assert!(answer.status >= 400, "{path} {form:?}: {}", answer.status);
        is_german(&answer, &format!("{path} {form:?}"));
    }
}

#[test]
fn a_page_that_is_refused_is_refused_in_german() {
    let app = spawn_app();
    let (anon, alice, root) = (german(app.browser()), german(app.browser_of("alice")), german(app.browser_of("root")));
    let me = app.user_id("root");
    for (what, answer) in [
        ("404", anon.get("/missing").send()),
        ("403", alice.get("/admin/users").send()),
        ("405", anon.delete("/login").send()),
        ("a repeated field", anon.post("/login").form(&[("username", "a"), ("username", "b")]).send()),
        ("a large body", anon.post("/login").body("application/x-www-form-urlencoded", vec![b'x'; 70_000]).send()),
        ("a media type", anon.post("/login").body("text/plain", "x").send()),
        ("broken JSON", anon.post("/login").body("application/json", "{").send()),
        ("another site", alice.post("/account").with("Sec-Fetch-Site", "cross-site").form(&[("name", "x")]).send()),
        ("a password in the URL", anon.get("/login?password=x").send()),
        ("a token in the URL", anon.get("/login?token=x").send()),
        ("a key in the URL", anon.get("/login?q=vst_abc").send()),
        ("a parameter twice", anon.get("/login?next=a&next=b").send()),
        ("no such user", root.get("/admin/users/nobody").send()),
        ("no such role", root.get("/admin/roles/nobody").send()),
        ("no such import", root.get("/admin/users/import/nobody").send()),
        ("no such invitation", root.post("/admin/invitations/nobody/withdraw").send()),
        ("no such mail", root.post("/admin/outbox/nobody/resend").send()),
        ("no such key", root.get("/admin/api-keys/nobody/end").send()),
        ("no such passkey", alice.get("/account/passkeys/nobody").send()),
        ("the last administrator", root.post(&format!("/admin/users/{me}/disable")).send()),
        ("a filter", root.get("/admin/users?status=x&limit=0&after=x&sort=x&created_since=x&verified=x").send()),
        ("another filter", root.get("/admin/audit?kind=x&from=x&actor=%00").send()),
        ("sessions of nobody", root.get("/admin/sessions?user=nobody").send()),
        ("a role of nobody", root.get("/admin/users?role=nosuch").send()),
        ("an action that is none", root.post("/admin/users/bulk").form(&[("action", "x"), ("ids", "a")]).send()),
    ] {
        assert!(answer.status >= 400, "{what}: {}", answer.status);
        is_german(&answer, what);
    }
}

#[test]
fn too_many_tries_are_stopped_in_german() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let anon = german(app.browser());
    let form = [("username", "alice"), ("password", "wrong")];
    let stopped = (0..30).map(|_| anon.post("/login").form(&form).send()).find(|answer| answer.status == 429);
    is_german(&stopped.expect("it is stopped"), "too many tries");
}

#[test]
fn closed_doors_say_so_in_german() {
    for signup in ["closed", "invite"] {
        let app = spawn_with(&[("SIGNUP", signup)]);
        is_german(&german(app.browser()).get("/signup").send().expect(403), signup);
        let form = [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD)];
        is_german(&german(app.browser()).post("/signup").form(&form).send().expect(403), signup);
    }
}

#[test]
fn programs_are_told_everything_in_english_and_scripts_of_pages_both() {
    let app = spawn_app();
    let answer = german(app.anon()).post("/signup").json(json!({"username": "a"})).send().expect(422).json();
    assert_eq!(answer["detail"], "This field is required.");
    assert_eq!(answer["message"], "Dieses Feld muss ausgefüllt sein.");
    let answer = app.anon().get("/missing").send().expect(404).json();
    assert!(answer["message"].is_null() && answer["title"] == "Not found");
}
