//! Several nodes, each with a folder of its own, and nobody sticks to one: what is begun at one goes on at another, and what
//! runs on a timer happens once.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule::{audit, tokens};

use crate::harness::authenticator::Authenticator;
use crate::harness::database::{Copy, on_postgres};
use crate::harness::people::{HTML, Person};
use crate::harness::{Home, PASSWORD, TestApp, at_once, start, wait_for, within};
use crate::mail_reset::{forget, reset};
use crate::passkeys::added;
use crate::throttle::try_as;

const DAY: u64 = 86_400;

fn node(home: &Home, name: &str, settings: &[(&str, &str)]) -> TestApp {
    let folder = home.path().join(name);
    let own = [("DATA_DIR", folder.to_str().expect("a plain path"))];
    std::fs::create_dir_all(&folder).expect("a folder");
    start(home.clone(), &[&own[..], settings].concat())
}

fn three(settings: &[(&str, &str)]) -> [TestApp; 3] {
    let home = Home::new(Copy::Peopled);
    ["one", "two", "three"].map(|name| node(&home, name, settings))
}

/// The same browser or program, calling another node.
fn at(app: &TestApp, person: &Person) -> Person {
    let mut there = app.anon().holding(person.tokens.clone());
    if let Some(jar) = &person.jar {
        there = there.with("Accept", HTML);
        there.jar = Some(jar.clone());
    }
    there
}

fn recorded(app: &TestApp, fact: &str) -> usize {
    app.recorded().iter().filter(|recorded| *recorded == fact).count()
}

#[test]
fn three_nodes_that_start_at_once_on_an_empty_database_are_one_installation() {
    let home = Home::new(Copy::Empty);
    let nodes = at_once(3, |n| node(&home, &n.to_string(), &[]));
    assert_eq!(home.database.texts("SELECT id AS value FROM signing_keys").len(), 1, "one key");
    let keys = |app: &TestApp| app.anon().get("/.well-known/jwks.json").send().expect(200).json();
    assert!(nodes.iter().all(|app| keys(app) == keys(&nodes[0])));
    assert!(nodes.iter().all(|app| app.setup_code() == nodes[0].setup_code()), "one link");
}

#[test]
fn a_browser_goes_on_at_whichever_node_is_next() {
    let [one, two, three] = three(&[]);
    let browser = one.browser();
    let form = [("username", "alice"), ("password", PASSWORD)];
    at(&two, &browser).post("/login").form(&form).send().expect(303);
    assert!([&one, &two, &three].iter().all(|app| at(app, &browser).is_at_home()));
    at(&three, &browser).post("/logout").send().expect(303);
    assert!([&one, &two, &three].iter().all(|app| !at(app, &browser).is_at_home()));
}

#[test]
fn each_step_of_a_browsers_sign_in_may_be_at_another_node() {
    let [one, two, three] = three(&[]);
    let (phone, _): (Authenticator, _) = one.enrol(&one.alice());
    [&one, &two, &three].iter().for_each(|app| app.advance(30));
    let browser = one.browser();
    let form = [("username", "alice"), ("password", PASSWORD)];
    let next = at(&one, &browser).post("/login").form(&form).send().expect(303).location().to_owned();
    at(&two, &browser).get(&next).send().expect(200);
    let attempt = next.split_once("attempt=").expect("an attempt").1;
    let proof = [("attempt", attempt), ("otp", &phone.code(&three))];
    at(&three, &browser).post("/login/factor").form(&proof).send().expect(303);
    assert!(at(&one, &browser).is_at_home());
}

#[test]
fn a_passkey_answers_one_node_what_another_asked_and_once() {
    let [one, two, three] = three(&[]);
    let (mut device, _) = added(&one.alice());
    let asked = two.anon().post("/login/passkey/options").json(json!({})).send().expect(200).json();
    let credential = json!({"credential": device.sign(&asked)});
    let answers =
        at_once(2, |n| [&one, &three][n].anon().post("/login/passkey").json(credential.clone()).send().status);
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
}

#[test]
fn a_forgotten_password_is_asked_for_at_one_node_and_set_at_another() {
    let [one, two, three] = three(&[]);
    let browser = three.browser_of("alice");
    forget(&one, "alice@example.com").expect(202);
    // Whichever node was first has sent it, into its own folder.
    let letters = || -> Vec<_> {
        let folder = |name: &str| std::fs::read_dir(one.home.path().join(name).join("outbox"));
        ["one", "two", "three"].iter().filter_map(|name| folder(name).ok()).flatten().flatten().collect()
    };
    within(Duration::from_secs(10), "the mail is out", || !letters().is_empty());
    one.mail_is_out();
    assert_eq!(letters().len(), 1, "once");
    let mail = crate::harness::mail::Mail::read(&std::fs::read_to_string(letters()[0].path()).expect("a mail"));
    reset(&two, &mail.token(), "another horse, stapled").expect(204);
    assert!(!browser.is_at_home());
    reset(&three, &mail.token(), "yet another horse, stapled").expect(400);
}

#[test]
fn of_many_guesses_at_once_at_three_nodes_five_are_checked() {
    let nodes = three(&[("RATE_LIMITS", "on"), ("TRUSTED_PROXIES", "127.0.0.1")]);
    let guess = |n: usize| try_as(&nodes[n % 3].anon(), "192.0.2.1", "alice", "not the right one").status;
    let answers = at_once(48, guess);
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5, "{answers:?}");
}

#[test]
fn a_key_that_is_due_is_followed_by_one() {
    let nodes = three(&[]);
    nodes.iter().for_each(|app| app.advance(91 * DAY));
    at_once(3, |n| wait_for(tokens::keys::rotate_when_due(&nodes[n].app)).expect("a turn"));
    assert_eq!(recorded(&nodes[0], "key.rotated"), 1);
    assert_eq!(nodes[0].home.database.texts("SELECT id AS value FROM signing_keys").len(), 2);
}

#[test]
fn old_entries_of_the_log_are_cut_off_once_and_the_rest_is_proven() {
    let nodes = three(&[("AUDIT_DAYS", "1")]);
    nodes.iter().for_each(|app| app.advance(3 * DAY));
    let alice = nodes[0].alice();
    at_once(3, |n| wait_for(audit::trim(&nodes[n].app)).expect("a turn"));
    assert_eq!(nodes[0].home.database.texts("SELECT 'cut' AS value FROM audit_cuts").len(), 1);
    assert!(alice.is_known());
    let facts = nodes[0].recorded();
    assert_eq!(facts.iter().filter(|fact| *fact == "audit.trimmed").count(), 1, "{facts:?}");
}

/// The folder for such files is one that all nodes share.
#[test]
fn a_file_of_users_is_gone_through_once_whichever_node_is_asked() {
    let home = Home::new(Copy::Peopled);
    let [one, two, three] = [(); 3].map(|()| start(home.clone(), &[]));
    let admin = one.admin();
    let line = |n: usize| json!({"username": format!("mover{n}"), "email": format!("m{n}@example.org")}).to_string();
    let body: String = (0..40).map(|n| line(n) + "\n").collect();
    let sent = admin.post("/api/import?dry_run=true").body("application/octet-stream", body).send().expect(202).json();
    let path = format!("/api/imports/{}", sent["id"].as_str().expect("an id"));
    let look = |app: &TestApp| -> Value { at(app, &admin).get(&path).send().expect(200).json() };
    let limit = Duration::from_secs(60);
    within(limit, "it was looked through", || look(&two)["state"] == "checked");
    at(&three, &admin).post(&format!("{path}/run")).send().expect(202);
    within(limit, "it is done", || look(&two)["state"] == "done");
    assert_eq!(look(&one)["imported"], 40);
    assert_eq!(recorded(&one, "user.imported"), 40);
}

/// Whoever ends something is told of by every node, also to those who listen.
#[test]
fn services_hear_at_one_node_what_another_ended() {
    if !on_postgres() {
        return;
    }
    let [one, two, _] = three(&[]);
    let (alice, service) = (one.alice(), two.service());
    at(&two, &alice).post("/logout").send().expect(204);
    let seen = || at(&one, &service).get("/revocations?after=0").send().expect(200).json()["items"].to_string();
    within(Duration::from_secs(1), "it is told", || seen().contains(&alice.sid()));
}
