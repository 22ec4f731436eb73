//! Values that can't be taken: names, addresses, passwords, and characters that a database chokes on.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::{PASSWORD, TestApp, spawn_app};

fn sign_up(app: &TestApp, change: Value) -> Answer {
    let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
    app.anon().post("/signup").json(crate::harness::forge::changed(&new, &change)).send()
}

#[track_caller]
fn refused_at(answer: &Answer, pointer: &str) {
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{}", answer.text());
}

#[test]
fn a_username_is_2_to_64_plain_characters() {
    let app = spawn_app();
    let long = "a".repeat(65);
    for wrong in [
        "",
        "a",
        &long,
        ".alice",
        "-alice",
        "_alice",
        "al ice",
        " alice",
        "älice",
        "аlice",
        "a@b",
        "a/b",
        "a<b>",
        "alice\n",
        "a\u{0}b",
        "a\u{7f}b",
        "a\u{200b}b",
    ] {
        refused_at(&sign_up(&app, json!({"username": wrong})), "/username");
    }
    sign_up(&app, json!({"username": "9.l_i-ves"})).expect(201);
}

#[test]
fn an_address_is_one_that_could_be_reached() {
    let app = spawn_app();
    let long = format!("{}@example.com", "a".repeat(250));
    for wrong in [
        "",
        "a",
        "@b.c",
        "a@",
        "a b@c.d",
        "a@b..c",
        "a@-b.c",
        ".a@b.c",
        "a@@b.c",
        "a@b.c\nBcc: x@y.z",
        "a\u{0}@b.c",
        "<a@b.c>",
        &long,
    ] {
        refused_at(&sign_up(&app, json!({"email": wrong})), "/email");
    }
}

#[test]
fn an_address_is_told_from_another_without_regard_to_case_in_any_script() {
    let app = spawn_app();
    sign_up(&app, json!({"username": "joerg", "email": "jörg@müller.example"})).expect(201);
    sign_up(&app, json!({"username": "other", "email": "JÖRG@MÜLLER.example"}))
        .refused(400, "Email already registered");
}

#[test]
fn a_password_keeps_the_rules() {
    let app = spawn_app();
    let (beyond, bytes) = ("q7#Lw".repeat(15)[..72].to_owned(), "Ωμέγα και άλφα ".repeat(4));
    for (wrong, why) in [
        ("short1!", "at least 8 characters"),
        (beyond.as_str(), "at most 71 bytes"),
        (bytes.as_str(), "at most 71 bytes"),
        ("battery\u{0}horse staple", "NUL"),
        ("xx-Carol-in-the-woods-9", "username"),
        ("password", "too easy to guess"),
        ("qwertyuiop", "too easy to guess"),
        ("aaaaaaaaaaaa", "too easy to guess"),
    ] {
        let answer = sign_up(&app, json!({"password": wrong}));
        refused_at(&answer, "/password");
        assert!(answer.json()["detail"].as_str().unwrap().contains(why), "{}", answer.text());
    }
}

#[test]
fn a_password_of_71_bytes_counts_to_its_last_byte() {
    let app = spawn_app();
    let longest = "q7#Lw".repeat(15)[..71].to_owned();
    sign_up(&app, json!({"password": longest})).expect(201);
    let sign_in =
        |password: &str| app.anon().post("/token").form(&[("username", "carol"), ("password", password)]).send().status;
    assert_eq!(sign_in(&longest), 200);
    assert_eq!(sign_in(&longest[..70]), 401);
    assert_eq!(sign_in(&format!("{longest}x")), 401);
    assert_eq!(sign_in(&format!("{longest}{}", "x".repeat(1_000))), 401);
}

#[test]
fn a_display_name_has_no_control_characters() {
    let app = spawn_app();
    for wrong in ["a\u{0}b", "a\nb", "a\u{1b}[31mb", "a\u{85}b", &"x".repeat(201)] {
        refused_at(&sign_up(&app, json!({"name": wrong})), "/name");
    }
    let kept = sign_up(&app, json!({"name": "  Carol O'Neil <b>🦀</b> 李 "})).expect(201).json();
    assert_eq!(kept["name"], "Carol O'Neil <b>🦀</b> 李");
    let id = kept["id"].as_str().unwrap();
    let page = app.browser_of("root").get(&format!("/admin/users/{id}")).send().expect(200).text();
    assert!(page.contains("O&#39;Neil &#60;b&#62;") && !page.contains("<b>🦀"), "the name stands in the page as text");
}

#[test]
fn control_characters_in_a_sign_in_are_just_not_anybody() {
    let app = spawn_app();
    for name in ["alice\u{0}", "\u{0}", "a\u{0}@example.com", "\u{1b}", "' OR 1=1 --", "%", "alice%"] {
        let form = [("username", name), ("password", PASSWORD)];
        app.anon().post("/token").form(&form).send().refused(401, "Incorrect username or password");
    }
    let form = [("username", "alice"), ("password", "a\u{0}b")];
    app.anon().post("/token").form(&form).send().expect(401);
    app.browser().post("/login").form(&[("username", "a\u{0}"), ("password", "x")]).send().expect(401);
    let form = [("username", "alice"), ("password", PASSWORD), ("client_id", "a\u{0}b")];
    app.anon().post("/token").form(&form).send().expect(400);
    app.anon().post("/token").form(&[("username", &"x".repeat(60_000)), ("password", "x")]).send().expect(401);
}

#[test]
fn a_nul_in_a_path_or_a_query_is_nothing_that_exists() {
    let app = spawn_app();
    let admin = app.admin();
    for path in ["/api/users/%00", "/api/users/a%00b", "/api/users/%00/sessions", "/api/users/%ff"] {
        assert!(matches!(admin.get(path).send().status, 400 | 404), "{path}");
    }
    assert_eq!(admin.get("/api/users?q=%00").send().expect(200).json()["items"], json!([]));
    admin.get("/api/users?role=%00").send().expect(422);
    admin.get("/api/users?after=AAAA").send().expect(422);
    let cursor = crate::harness::forge::encode("x\n\u{0}");
    let answer = admin.get(&format!("/api/users?after={cursor}")).send();
    assert!(matches!(answer.status, 200 | 422), "{}", answer.text());
    let roles = admin.put(&format!("/api/users/{}/roles", admin.id()));
    refused_at(&roles.json(json!({"roles": ["admin", "\u{0}"]})).send(), "/roles");
    let answer = app.browser_of("alice").post("/account/sessions/%00/end").send();
    assert!(matches!(answer.status, 303 | 400 | 404), "{}", answer.text());
}

#[test]
fn an_edit_is_checked_as_a_sign_up_is_and_changes_nothing_when_refused() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let path = format!("/api/users/{}", alice.id());
    let before = admin.get(&path).send().expect(200).json();
    refused_at(&admin.patch(&path).json(json!({"username": "a b"})).send(), "/username");
    refused_at(&admin.patch(&path).json(json!({"name": "fine", "email": "nowhere"})).send(), "/email");
    admin.patch(&path).json(json!({"username": "BOB"})).send().refused(400, "Username already registered");
    admin.patch(&path).json(json!({"email": "Bob@example.com"})).send().refused(400, "Email already registered");
    assert_eq!(admin.get(&path).send().expect(200).json(), before);
    admin.patch(&path).json(json!({"username": "ALICE", "name": ""})).send().expect(200);
    admin.patch("/api/users/nobody").json(json!({"name": "x"})).send().expect(404);
}

#[test]
fn odd_header_values_do_no_harm() {
    let app = spawn_app();
    let agent = "x".repeat(5_000);
    let person = app
        .anon()
        .with("User-Agent", &agent)
        .with("Accept-Language", "\u{e4},;q=,q=9,*")
        .with("Accept", ",;q=x,text/html;q=NaN");
    person.get("/health").send().expect(200);
    assert!(matches!(app.raw_status("GET /missing", "Accept: \u{0}\nCookie: =;=;\u{1}\n"), 400 | 404));
    for cookie in
        ["vestibule_session=x", "vestibule_session=", "vestibule_session=%00", "vestibule_session", "a=b; a=c"]
    {
        assert_eq!(app.raw_status("GET /login", &format!("Cookie: {cookie}\nAccept: text/html\n")), 200, "{cookie}");
    }
}
