//! The commands that pages show are run as they stand there, by a shell.

use std::process::Command;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, PUBLIC_URL, TestApp, spawn_app};

/// Every command on a page, as a reader would copy it.
fn commands(person: &Person, path: &str) -> Vec<String> {
    commands_on(&person.get(path).send().expect(200).text())
}

fn commands_on(page: &str) -> Vec<String> {
    let blocks = page.split("<pre tabindex=\"0\"><code>").skip(1);
    let plain = |block: &str| {
        let text = block.split("</code>").next().expect("its end");
        let turned = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        turned.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
    };
    blocks.map(plain).filter(|text| text.starts_with("curl ")).collect()
}

/// Runs one with a token, on this test's server: the status.
fn run(app: &TestApp, command: &str, token: &str) -> u16 {
    let here = command.replace(PUBLIC_URL, &app.url);
    assert_ne!(here, command, "it names the installation");
    let quiet = format!("{here} --silent --show-error --output /dev/null --write-out '%{{http_code}}'");
    let mut shell = Command::new("sh");
    let done = shell.args(["-c", &quiet]).env("TOKEN", token).current_dir(app.home.path()).output().expect("a shell");
    let status = String::from_utf8_lossy(&done.stdout).into_owned();
    status.parse().unwrap_or_else(|_| panic!("{quiet}: {}", String::from_utf8_lossy(&done.stderr)))
}

#[test]
fn every_command_that_a_page_shows_does_what_the_page_does() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    let bob = app.user_id("bob");
    let name = serde_json::json!({"name": "O'Neil \"$(id)\" `x` <b> & \\"});
    admin.patch(&format!("/api/users/{bob}")).json(name).send().expect(200);
    let key = app.make_key(&admin, &[]);
    // A mail without a link in it, which can be sent again.
    let alice = serde_json::json!({"current_password": PASSWORD, "new_password": "violet kettle orbit"});
    app.alice().post("/users/me/password").json(alice).send().expect(204);
    let user = format!("/admin/users/{bob}");
    let end = format!("/account/api-keys/{}/end", key["id"].as_str().unwrap());
    let mut shown = 0;
    let pages = [
        "/admin/users/new",
        "/admin/outbox",
        "/admin/api-keys",
        "/account/api-keys",
        &end,
        "/admin/keys",
        "/admin/settings",
        "/admin/health",
        &user,
    ];
    for page in pages {
        let found = commands(&browser, page);
        assert!(!found.is_empty(), "{page} shows none");
        for command in found {
            // A second `bob` can't be made; that the command got so far is what counts.
            let command = command.replace("bob", "carol");
            let status = run(&app, &command, admin.access());
            assert!((200..300).contains(&status), "{page}: {status} for {command}");
            shown += 1;
        }
    }
    assert!(shown >= 12, "{shown} commands");
    let named = admin.get(&format!("/api/users/{bob}")).send().expect(200).json();
    assert_eq!(
        (named["name"].as_str(), &named["disabled"]),
        (Some("O'Neil \"$(id)\" `x` <b> & \\"), &serde_json::json!(true))
    );
    for command in commands(&browser, &user) {
        run(&app, &command, admin.access());
    }
    assert_eq!(admin.get(&format!("/api/users/{bob}")).send().json()["disabled"], false);
    // Last, for it makes new keys.
    for command in commands(&browser, "/admin/keys/rotate") {
        assert_eq!(run(&app, &command, admin.access()), 200);
    }
}

#[test]
fn the_commands_of_lists_and_of_what_is_made_and_ended_do_that() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    std::fs::write(app.home.path().join("users.jsonl"), "{\"username\": \"zoe\", \"email\": \"zoe@example.com\"}\n")
        .unwrap();
    let (bob, role) = (app.user_id("bob"), app.make_role(&admin, "team", &["invoices:read"]));
    admin.post("/api/invitations").json(serde_json::json!({"email": "mara@example.com"})).send().expect(201);
    app.anon().bearing(&format!("{}x", admin.access())).get("/users/me").send().expect(401);
    app.alice();
    for page in [
        "/admin/users?q=b&status=active",
        "/admin/users/import",
        "/admin/users/export",
        &format!("/admin/users/{bob}/why"),
        &format!("/admin/users/{bob}/why?permission=users:read"),
        "/admin/sessions",
        "/admin/roles",
        "/admin/roles/new",
        &format!("/admin/roles/{role}"),
        &format!("/admin/roles/{role}/delete"),
        "/admin/permissions",
        "/admin/invitations",
        "/admin/invitations/new",
        "/admin/refusals",
        "/admin/audit?kind=signin.",
        &format!("/admin/users/{bob}/delete"),
    ] {
        let found = commands(&browser, page);
        assert!(!found.is_empty(), "{page} shows none");
        for command in found {
            // What waits for somebody who was invited already is another's.
            let command = command.replace("mara@", "nora@");
            let status = run(&app, &command, admin.access());
            assert!((200..300).contains(&status), "{page}: {status} for {command}");
        }
    }
    let alice = app.user_id("alice");
    let form = [("action", "end-sessions"), ("ids", alice.as_str())];
    let asked = browser.post("/admin/users/bulk").form(&form).send().expect(200).text();
    let found = commands_on(&asked);
    assert!(found.len() == 1 && found[0].contains(&alice), "{found:?}");
    assert_eq!(run(&app, &found[0], admin.access()), 200);
}

#[test]
fn a_command_on_a_page_holds_no_secret_of_its_reader() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    for command in commands(&browser, "/admin/settings") {
        assert!(command.contains("$TOKEN") && !command.contains("vst_"));
    }
}
