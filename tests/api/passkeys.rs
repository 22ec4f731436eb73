//! One's own passkeys: added, listed, renamed, removed, and every way in which a device's answer can be wrong.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::device::{BACKED_UP, Device, MAY_BE_BACKED_UP, PRESENT, VERIFIED, encode};
use crate::harness::people::Person;
use crate::harness::{TestApp, at_once, spawn_app, spawn_with, wait_for};
use crate::my_password::is_not_fresh;

const OPTIONS: &str = "/users/me/passkeys/options";
const PASSKEYS: &str = "/users/me/passkeys";

/// What a test changes of an honest device.
pub type Lie = fn(&mut Device);

fn options(person: &Person) -> Value {
    person.post(OPTIONS).send().expect(200).json()
}

fn send(person: &Person, credential: &Value) -> Answer {
    person.post(PASSKEYS).json(json!({"name": "My phone", "credential": credential})).send()
}

/// What adding with this device comes to.
fn try_to_add(person: &Person, device: &mut Device) -> Answer {
    let credential = device.make(&options(person));
    send(person, &credential)
}

/// A device with a passkey of this person's; its id here.
pub fn added(person: &Person) -> (Device, String) {
    let mut device = Device::new();
    let passkey = try_to_add(person, &mut device).expect(201).json();
    (device, passkey["id"].as_str().expect("an id").to_owned())
}

fn list(person: &Person) -> Vec<Value> {
    person.get(PASSKEYS).send().expect(200).json()["items"].as_array().expect("a list").clone()
}

fn count(app: &TestApp, fact: &str) -> usize {
    app.recorded().iter().filter(|recorded| *recorded == fact).count()
}

#[test]
fn a_device_is_asked_for_a_key_that_it_finds_by_itself_and_guards() {
    let app = spawn_app();
    let asked = options(&app.alice());
    assert_eq!(asked["rp"], json!({"name": "Vestibule", "id": "vestibule.test"}));
    assert_eq!(asked["user"]["name"], "alice");
    assert_eq!(asked["authenticatorSelection"], json!({"residentKey": "required", "userVerification": "required"}));
    assert_eq!(asked["attestation"], "none");
    assert_eq!(asked["excludeCredentials"], json!([]));
    assert!(asked["challenge"].as_str().is_some_and(|text| text.len() == 43), "256 bits");
    assert!(!asked["user"].to_string().contains("alice@example.com"), "a device need not know the address");
}

#[test]
fn a_passkey_is_added_listed_renamed_and_removed() {
    let app = spawn_app();
    let alice = app.alice();
    let mut device = Device::new();
    device.flags |= MAY_BE_BACKED_UP | BACKED_UP;
    let new = try_to_add(&alice, &mut device).expect(201).json();
    assert_eq!(
        (&new["name"], &new["backed_up"], &new["last_used_at"]),
        (&json!("My phone"), &json!(true), &Value::Null)
    );
    assert_eq!(list(&alice), std::slice::from_ref(&new));
    let path = format!("{PASSKEYS}/{}", new["id"].as_str().expect("an id"));
    let renamed = alice.patch(&path).json(json!({"name": "  Old phone "})).send().expect(200).json();
    assert_eq!(renamed["name"], "Old phone");
    assert_eq!(list(&alice), [renamed]);
    assert!(alice.delete(&path).send().expect(204).body.is_empty());
    assert!(list(&alice).is_empty());
    alice.delete(&path).send().refused(404, "You have no such passkey.");
    for fact in ["passkey.added", "passkey.renamed", "passkey.removed"] {
        assert_eq!(count(&app, fact), 1, "{fact}");
    }
}

#[test]
fn a_browser_adds_one_with_its_cookie_and_another_site_can_not() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    added(&browser);
    browser.post(OPTIONS).with("Sec-Fetch-Site", "cross-site").send().expect(403);
    assert_eq!(list(&browser).len(), 1);
}

#[test]
fn what_a_device_has_already_it_is_told_to_leave_alone_and_nobody_registers_it_twice() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    let (mut device, _) = added(&alice);
    let asked = options(&alice);
    assert_eq!(asked["excludeCredentials"][0]["id"], encode(&device.id));
    for person in [&alice, &bob] {
        try_to_add(person, &mut device).refused(409, "This passkey is registered already.");
    }
    assert_eq!((list(&alice).len(), list(&bob).len()), (1, 0));
    assert_eq!(count(&app, "passkey.added"), 1);
}

#[test]
fn an_answer_counts_once_even_where_two_come_at_the_same_time() {
    let app = spawn_app();
    let alice = app.alice();
    let credential = Device::new().make(&options(&alice));
    let mut statuses = at_once(4, |_| send(&alice, &credential).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400, 400, 400]);
    assert_eq!(list(&alice).len(), 1);
}

#[test]
fn an_answer_to_somebody_elses_challenge_to_none_and_to_an_old_one_is_refused() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    let over = "This took too long, or was answered before. Begin again.";
    let for_bob = options(&bob);
    send(&alice, &Device::new().make(&for_bob)).refused(400, over);
    let mut invented = options(&alice);
    invented["challenge"] = encode(&[7; 32]).into();
    send(&alice, &Device::new().make(&invented)).refused(400, over);
    let old = options(&alice);
    app.advance(5 * 60 + 1);
    send(&alice, &Device::new().make(&old)).refused(400, over);
    // What was sent to the wrong person is still good for the right one, within its time.
    send(&bob, &Device::new().make(&options(&bob))).expect(201);
    assert!(list(&alice).is_empty());
}

#[test]
fn a_key_for_another_site_made_in_a_frame_or_without_its_owner_is_refused() {
    let app = spawn_app();
    let alice = app.alice();
    let lies: [(&str, Lie); 7] = [
        ("another site", |device| device.origin = "http://evil.example".into()),
        ("another site", |device| device.origin = "https://vestibule.test".into()),
        ("another site", |device| device.origin = "http://vestibule.test:8080".into()),
        ("another site", |device| device.rp_id = "evil.example".into()),
        ("another site", |device| device.framed = true),
        ("check that it is you", |device| device.flags = PRESENT),
        ("check that it is you", |device| device.flags = VERIFIED),
    ];
    for (said, lie) in lies {
        let mut device = Device::new();
        lie(&mut device);
        let detail = try_to_add(&alice, &mut device).expect(400).json()["detail"].to_string();
        assert!(detail.contains(said), "{detail}");
    }
    assert!(list(&alice).is_empty() && count(&app, "passkey.added") == 0);
}

#[test]
fn what_is_no_credential_is_refused_and_breaks_nothing() {
    let app = spawn_app();
    let alice = app.alice();
    for nonsense in [json!(null), json!({}), json!("text"), json!([]), json!({"rawId": 5, "response": {}})] {
        let answer = send(&alice, &nonsense).expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/credential", "{nonsense}");
    }
    let whole = Device::new().make(&options(&alice));
    for part in ["clientDataJSON", "attestationObject"] {
        for broken in ["", "!", "AAAA", &"o".repeat(40_000), &encode(&[0x9b; 200])] {
            let mut credential = whole.clone();
            credential["response"][part] = broken.into();
            let status = send(&alice, &credential).status;
            assert_eq!(status, 400, "{part}: {broken}");
        }
    }
    assert!(list(&alice).is_empty());
}

#[test]
fn adding_and_removing_take_a_fresh_proof() {
    let app = spawn_app();
    let alice = app.alice();
    let (_, id) = added(&alice);
    let waiting = options(&alice);
    app.advance(15 * 60 + 1);
    is_not_fresh(alice.post(OPTIONS).send());
    is_not_fresh(send(&alice, &Device::new().make(&waiting)));
    is_not_fresh(alice.delete(&format!("{PASSKEYS}/{id}")).send());
    let renewed = app.anon().holding(app.refresh(&alice).expect(200).json());
    is_not_fresh(renewed.post(OPTIONS).send());
    assert_eq!(list(&renewed).len(), 1);
}

#[test]
fn nobody_sees_or_touches_somebody_elses() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    let (_, id) = added(&alice);
    let path = format!("{PASSKEYS}/{id}");
    assert!(list(&bob).is_empty());
    bob.patch(&path).json(json!({"name": "Mine"})).send().expect(404);
    bob.delete(&path).send().expect(404);
    app.browser_of("bob").get(&format!("/account/passkeys/{id}/remove")).send().expect(404);
    assert_eq!(list(&alice)[0]["name"], "My phone");
}

#[test]
fn a_name_has_one_to_sixty_characters_on_one_line() {
    let app = spawn_app();
    let alice = app.alice();
    let (_, id) = added(&alice);
    for wrong in ["", "   ", "two\nlines", "a\0b", &"x".repeat(61)] {
        let answer = alice.patch(&format!("{PASSKEYS}/{id}")).json(json!({"name": wrong})).send().expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/name", "{wrong:?}");
    }
    let long = "ü".repeat(60);
    alice.patch(&format!("{PASSKEYS}/{id}")).json(json!({"name": long})).send().expect(200);
}

#[test]
fn there_are_twenty_at_the_most() {
    let app = spawn_app();
    let alice = app.alice();
    let asked = options(&alice);
    for _ in 0..20 {
        added(&alice);
    }
    alice.post(OPTIONS).send().expect(409);
    // Nor by a challenge that was given out before.
    send(&alice, &Device::new().make(&asked)).expect(409);
    assert_eq!(list(&alice).len(), 20);
}

#[test]
fn an_installation_without_a_domain_has_none() {
    let app = spawn_with(&[("PUBLIC_URL", "http://127.0.0.1:8000")]);
    app.alice().post(OPTIONS).send().expect(409);
    let page = app.browser_of("alice").get("/account/passkeys").send().expect(200).text();
    assert!(page.contains("PUBLIC_URL") && !page.contains("data-passkeys"), "{page}");
}

#[test]
fn the_pages_rename_and_ask_before_they_remove() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let (_, id) = added(&browser);
    let page = browser.get("/account/passkeys").send().expect(200).text();
    assert!(page.contains("My phone") && page.contains("data-passkeys=\"add\"") && page.contains("Never used"));
    let path = format!("/account/passkeys/{id}");
    browser.get(&path).send().expect(200);
    browser.post(&path).form(&[("name", "")]).send().expect(422);
    let renamed = browser.post(&path).form(&[("name", "Tablet")]).send().expect(303);
    assert_eq!(renamed.location(), "/account/passkeys?done=passkey-renamed");
    let asked = browser.get(&format!("{path}/remove")).send().expect(200).text();
    assert!(asked.contains("Remove Tablet"));
    browser.post(&format!("{path}/remove")).send().expect(303);
    assert!(list(&browser).is_empty());
}

#[test]
fn they_and_what_was_asked_go_with_their_owner() {
    let app = spawn_app();
    let alice = app.alice();
    added(&alice);
    options(&alice);
    alice.delete("/users/me").send().expect(204);
    let left = app.home.database.texts("SELECT id AS value FROM passkeys");
    let open = app.home.database.texts("SELECT purpose AS value FROM passkey_challenges");
    assert!(left.is_empty() && open.is_empty(), "{left:?} {open:?}");
}

#[test]
fn challenges_that_nobody_answered_go_when_they_are_over() {
    let app = spawn_app();
    let alice = app.alice();
    options(&alice);
    app.advance(5 * 60 + 1);
    let open = options(&alice);
    wait_for(vestibule::credentials::passkeys::purge(&app.app)).expect("the database answers");
    let left = app.home.database.texts("SELECT purpose AS value FROM passkey_challenges");
    assert_eq!(left, ["add"]);
    send(&alice, &Device::new().make(&open)).expect(201);
}
