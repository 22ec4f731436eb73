//! Signing in with a passkey: alone, after the password, and every way in which what a device signed can be wrong.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::device::{BACKED_UP, Device, MAY_BE_BACKED_UP, PRESENT, VERIFIED, decode, encode};
use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, at_once, spawn_app, spawn_with, start};
use crate::my_password::is_not_fresh;
use crate::passkeys::{Lie, added};

const OPTIONS: &str = "/login/passkey/options";
const LOGIN: &str = "/login/passkey";

fn options(app: &TestApp) -> Value {
    app.anon().post(OPTIONS).json(json!({})).send().expect(200).json()
}

fn send(app: &TestApp, credential: &Value) -> Answer {
    app.anon().post(LOGIN).json(json!({"credential": credential})).send()
}

fn sign_in(app: &TestApp, device: &mut Device) -> Answer {
    let credential = device.sign(&options(app));
    send(app, &credential)
}

/// The answer to the right password, where something more is asked for.
fn asked_for_more(app: &TestApp, name: &str) -> Value {
    let answer = app.anon().post("/token").form(&[("username", name), ("password", PASSWORD)]).send();
    let told = answer.expect(401).json();
    assert_eq!(told["error"], "mfa_required");
    told
}

fn go_on(app: &TestApp, told: &Value, device: &mut Device) -> Answer {
    let mfa_token = &told["mfa_token"];
    let asked = app.anon().post(OPTIONS).json(json!({"mfa_token": mfa_token})).send().expect(200).json();
    let credential = device.sign(&asked);
    app.anon().post(LOGIN).json(json!({"credential": credential, "mfa_token": mfa_token})).send()
}

fn count(app: &TestApp, fact: &str) -> usize {
    app.recorded().iter().filter(|recorded| *recorded == fact).count()
}

#[test]
fn a_passkey_alone_signs_in_with_two_factors() {
    let app = spawn_app();
    let alice = app.alice();
    let (mut device, _) = added(&alice);
    let asked = options(&app);
    assert_eq!((&asked["rpId"], &asked["userVerification"]), (&json!("vestibule.test"), &json!("required")));
    assert_eq!(asked["allowCredentials"], json!([]), "the device finds it by itself");
    let answer = send(&app, &device.sign(&asked)).expect(200);
    let claims = claims_of(answer.json()["access_token"].as_str().expect("a token"));
    assert_eq!((&claims["sub"], &claims["acr"]), (&json!(alice.id()), &json!("aal2")));
    assert_eq!(claims["amr"], json!(["hwk", "user", "mfa"]));
    assert_eq!(claims["fresh"], true);
    let kept = alice.get("/users/me/passkeys").send().expect(200).json();
    assert!(kept["items"][0]["last_used_at"].is_string());
}

#[test]
fn what_was_signed_elsewhere_or_without_its_owner_is_refused_and_stands_in_the_log() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let lies: [(&str, Lie); 8] = [
        ("another site", |device| device.origin = "http://evil.example".into()),
        ("another site", |device| device.origin = "http://vestibule.test.evil.example".into()),
        ("another site", |device| device.origin = "https://vestibule.test".into()),
        ("another site", |device| device.rp_id = "evil.example".into()),
        ("another site", |device| device.framed = true),
        ("check that it is you", |device| device.flags = PRESENT),
        ("check that it is you", |device| device.flags = VERIFIED),
        ("signature is wrong", |device| device.flags = PRESENT | VERIFIED | MAY_BE_BACKED_UP | BACKED_UP),
    ];
    for (tries, (said, lie)) in lies.into_iter().enumerate() {
        let (origin, rp_id, flags) = (device.origin.clone(), device.rp_id.clone(), device.flags);
        lie(&mut device);
        let detail = sign_in(&app, &mut device).expect(401).json()["detail"].to_string();
        assert!(detail.contains(said), "{detail}");
        assert_eq!(count(&app, "passkey.refused"), tries + 1);
        (device.origin, device.rp_id, device.flags, device.framed) = (origin, rp_id, flags, false);
    }
    assert_eq!(count(&app, "signin.succeeded"), 1, "only the one by password");
    sign_in(&app, &mut device).expect(200);
}

#[test]
fn an_assertion_counts_once_even_where_it_is_sent_several_times_at_once() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let credential = device.sign(&options(&app));
    let mut statuses = at_once(4, |_| send(&app, &credential).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401]);
    send(&app, &credential).refused(401, "This took too long, or was answered before. Begin again.");
}

#[test]
fn what_a_device_signed_for_another_challenge_is_refused() {
    let app = spawn_app();
    let alice = app.alice();
    let (mut device, _) = added(&alice);
    let mut invented = options(&app);
    invented["challenge"] = encode(&[7; 32]).into();
    let to_add = alice.post("/users/me/passkeys/options").send().expect(200).json();
    let old = options(&app);
    app.advance(5 * 60 + 1);
    let begun = asked_for_more(&app, "alice");
    let to_confirm = app.anon().post(OPTIONS).json(json!({"mfa_token": begun["mfa_token"]})).send().expect(200).json();
    for asked in [invented, to_add, old, to_confirm] {
        let credential = device.sign(&asked);
        send(&app, &credential).refused(401, "This took too long, or was answered before. Begin again.");
    }
}

#[test]
fn a_counter_that_does_not_go_up_tells_of_a_copy() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    sign_in(&app, &mut device).expect(200);
    for back in [0, 1, 2] {
        device.counter = back;
        let credential = device.sign_as_it_is(&options(&app));
        let detail = send(&app, &credential).expect(401).json()["detail"].to_string();
        assert!(detail.contains("a copy of it"), "{back}: {detail}");
    }
    assert_eq!(count(&app, "passkey.refused"), 3);
    device.counter = 3;
    send(&app, &device.sign_as_it_is(&options(&app))).expect(200);
}

#[test]
fn a_device_that_never_counts_goes_on_working() {
    let app = spawn_app();
    let bob = app.bob();
    let mut device = Device::new();
    device.counter = 0;
    let credential = device.make(&bob.post("/users/me/passkeys/options").send().expect(200).json());
    bob.post("/users/me/passkeys").json(json!({"name": "Synced", "credential": credential})).send().expect(201);
    for _ in 0..3 {
        send(&app, &device.sign_as_it_is(&options(&app))).expect(200);
    }
}

#[test]
fn two_uses_of_one_key_at_once_count_up_one_after_the_other() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    device.counter = 5;
    // A copy has the same counter: each with a challenge of its own, and only one gets in.
    let credentials: Vec<Value> = (0..4).map(|_| device.sign_as_it_is(&options(&app))).collect();
    let mut statuses = at_once(4, |n| send(&app, &credentials[n]).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401]);
}

#[test]
fn a_key_that_nobody_registered_or_that_was_removed_opens_nothing() {
    let app = spawn_app();
    let alice = app.alice();
    let (mut device, id) = added(&alice);
    sign_in(&app, &mut Device::new()).refused(401, "This passkey is not known here.");
    alice.delete(&format!("/users/me/passkeys/{id}")).send().expect(204);
    sign_in(&app, &mut device).refused(401, "This passkey is not known here.");
}

#[test]
fn a_signature_by_another_key_or_over_other_words_is_refused() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let mut stranger = Device::new();
    (stranger.id, stranger.handle) = (device.id.clone(), device.handle.clone());
    stranger.counter = 10;
    sign_in(&app, &mut stranger).expect(401);
    let mut credential = device.sign(&options(&app));
    let mut signature = decode(&credential["response"]["signature"]);
    let last = signature.len() - 1;
    signature[last] ^= 1;
    credential["response"]["signature"] = encode(&signature).into();
    send(&app, &credential).expect(401);
    // Its owner was there, says somebody who can't sign that.
    device.flags = PRESENT;
    let mut credential = device.sign(&options(&app));
    let mut data = decode(&credential["response"]["authenticatorData"]);
    data[32] |= VERIFIED;
    credential["response"]["authenticatorData"] = encode(&data).into();
    send(&app, &credential).expect(401);
}

#[test]
fn a_device_that_names_somebody_else_opens_nobodys_account() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    device.handle = app.bob().id().into_bytes();
    sign_in(&app, &mut device).expect(401);
    device.handle = Vec::new();
    sign_in(&app, &mut device).expect(401);
    // Nor one that names nobody.
    let mut credential = device.sign(&options(&app));
    credential["response"].as_object_mut().expect("an object").remove("userHandle");
    send(&app, &credential).expect(401);
}

#[test]
fn whoever_is_disabled_is_not_let_in() {
    let app = spawn_app();
    let (alice, admin) = (app.alice(), app.admin());
    let (mut device, _) = added(&alice);
    admin.post(&format!("/api/users/{}/disable", alice.id())).send().expect(200);
    sign_in(&app, &mut device).expect(401);
}

#[test]
fn what_is_no_assertion_is_refused_and_breaks_nothing() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    for nonsense in [json!(null), json!({}), json!("{}"), json!([]), json!({"rawId": "AA", "response": 5})] {
        send(&app, &nonsense).expect(422);
    }
    let whole = device.sign(&options(&app));
    for part in ["clientDataJSON", "authenticatorData", "signature"] {
        for broken in ["", "!", "AAAA", &"o".repeat(20_000)] {
            let mut credential = device.sign(&options(&app));
            credential["response"][part] = broken.into();
            send(&app, &credential).expect(401);
        }
    }
    send(&app, &whole).expect(200);
}

#[test]
fn after_the_password_a_passkey_is_asked_for_and_goes_through() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let told = asked_for_more(&app, "alice");
    assert_eq!(told["methods"], json!(["passkey"]));
    let asked = app.anon().post(OPTIONS).json(json!({"mfa_token": told["mfa_token"]})).send().expect(200).json();
    assert_eq!(asked["allowCredentials"][0]["id"], encode(&device.id));
    assert_eq!(asked["allowCredentials"].as_array().map(Vec::len), Some(1));
    let tokens = go_on(&app, &told, &mut device).expect(200).json();
    let claims = claims_of(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(claims["amr"], json!(["pwd", "hwk", "user", "mfa"]));
    go_on_is_over(&app, &told);
}

fn go_on_is_over(app: &TestApp, told: &Value) {
    app.anon().post(OPTIONS).json(json!({"mfa_token": told["mfa_token"]})).send().expect(401);
}

#[test]
fn somebody_elses_passkey_is_no_second_factor() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    let (mut of_alice, _) = added(&alice);
    let (mut of_bob, _) = added(&bob);
    let told = asked_for_more(&app, "alice");
    go_on(&app, &told, &mut of_bob).expect(401);
    // Nor a whole sign-in of one's own in place of it.
    let alone = of_bob.sign(&options(&app));
    app.anon().post(LOGIN).json(json!({"credential": alone, "mfa_token": told["mfa_token"]})).send().expect(401);
    go_on(&app, &told, &mut of_alice).expect(200);
}

#[test]
fn a_session_by_password_alone_neither_adds_nor_removes_one_where_there_is_a_factor() {
    let app = spawn_app();
    let (owner, thief) = (app.alice(), app.alice());
    let (_, id) = added(&owner);
    is_not_fresh(thief.post("/users/me/passkeys/options").send());
    is_not_fresh(thief.delete(&format!("/users/me/passkeys/{id}")).send());
    // Whoever added it has just shown it, and may go on.
    added(&owner);
    owner.delete(&format!("/users/me/passkeys/{id}")).send().expect(204);
}

#[test]
fn the_last_factor_stays_where_one_is_required() {
    let before = spawn_app();
    let (mut device, _) = added(&before.alice());
    let app = start(before.home.clone(), &[("SECOND_FACTOR", "required")]);
    let alice = app.anon().holding(sign_in(&app, &mut device).expect(200).json());
    let (_, second) = added(&alice);
    alice.delete(&format!("/users/me/passkeys/{second}")).send().expect(204);
    let left = alice.get("/users/me/passkeys").send().expect(200).json();
    let last = left["items"][0]["id"].as_str().expect("one is left").to_owned();
    alice.delete(&format!("/users/me/passkeys/{last}")).send().expect(409);
}

#[test]
fn a_browser_signs_in_with_a_passkey_alone_and_goes_where_it_wanted() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let browser = app.browser();
    let page = browser.get("/login?next=/account/passkeys").send().expect(200).text();
    assert!(page.contains("data-passkeys=\"prove\"") && page.contains("autocomplete=\"username webauthn\""));
    let wrong = Device::new().sign(&options(&app)).to_string();
    let again = browser.post(LOGIN).form(&[("credential", &wrong)]).send().expect(401);
    assert!(again.is_page() && again.text().contains("This passkey is not known here."));
    let signed = device.sign(&options(&app)).to_string();
    let form = [("credential", signed.as_str()), ("next", "/account/passkeys")];
    assert_eq!(browser.post(LOGIN).form(&form).send().expect(303).location(), "/account/passkeys");
    assert!(browser.is_at_home());
    let elsewhere = [("credential", signed.as_str()), ("next", "//evil.example")];
    assert_ne!(app.browser().post(LOGIN).form(&elsewhere).send().header("location"), Some("//evil.example"));
}

/// A browser that has sent the right password and waits for more; the name of its attempt.
fn waiting(app: &TestApp, name: &str) -> (Person, String) {
    let browser = app.browser();
    let answer = browser.post("/login").form(&[("username", name), ("password", PASSWORD)]).send().expect(303);
    let (page, attempt) = answer.location().split_once("?attempt=").expect("an attempt");
    assert_eq!(page, "/login/factor");
    (browser, attempt.to_owned())
}

#[test]
fn a_browser_shows_a_passkey_after_the_password() {
    let app = spawn_app();
    let (mut device, _) = added(&app.alice());
    let (browser, attempt) = waiting(&app, "alice");
    let page = browser.get(&format!("/login/factor?attempt={attempt}")).send().expect(200).text();
    assert!(page.contains("data-passkeys=\"prove\""), "{page}");
    let asked = |person: &Person| person.post("/login/factor/passkey").json(json!({"attempt": attempt})).send();
    asked(&app.browser()).expect(401);
    let signed = device.sign(&asked(&browser).expect(200).json()).to_string();
    let form = [("credential", signed.as_str()), ("attempt", attempt.as_str())];
    // Another browser has nothing of it.
    let stolen = app.browser().post(LOGIN).form(&form).send().expect(303);
    assert_eq!(stolen.location(), "/login?over=1");
    assert_eq!(browser.post(LOGIN).form(&form).send().expect(303).location(), "/account");
    assert!(browser.is_at_home());
}

#[test]
fn a_browser_that_has_to_prove_itself_anew_does_so_with_a_passkey() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let (mut device, id) = added(&browser);
    app.advance(15 * 60 + 1);
    let removal = format!("/account/passkeys/{id}/remove");
    let sent_away = browser.get(&removal).send().expect(303);
    assert!(sent_away.location().starts_with("/confirm?next="), "{}", sent_away.location());
    let page = browser.get(sent_away.location()).send().expect(200).text();
    assert!(page.contains("data-passkeys=\"prove\""), "{page}");
    let asked = browser.post("/confirm/passkey/options").json(json!({})).send().expect(200).json();
    let signed = device.sign(&asked).to_string();
    let form = [("credential", signed.as_str()), ("next", removal.as_str())];
    assert_eq!(browser.post("/confirm/passkey").form(&form).send().expect(303).location(), removal);
    browser.post(&removal).send().expect(303);
    // What somebody else's device signed proves nothing.
    app.advance(15 * 60 + 1);
    let (mut of_bob, _) = added(&app.bob());
    let asked = browser.post("/confirm/passkey/options").json(json!({})).send().expect(200).json();
    let signed = of_bob.sign(&asked).to_string();
    browser.post("/confirm/passkey").form(&[("credential", &signed)]).send().expect(401);
}

#[test]
fn challenges_are_not_given_out_without_end_nor_refused_for_long() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let ask = || app.anon().post(OPTIONS).json(json!({})).send().status;
    let given = (0..400).take_while(|_| ask() == 200).count();
    assert!((300..310).contains(&given), "{given}");
    assert_eq!(ask(), 429);
    app.advance(11);
    assert_eq!(ask(), 200);
}
