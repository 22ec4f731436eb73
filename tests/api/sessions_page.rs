//! `/account/sessions`: what people see of their sessions, alive and over.

use serde_json::json;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, wait_for};

const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

fn shown(browser: &Person) -> String {
    browser.get("/account/sessions").send().expect(200).text()
}

/// What stands below this heading, without the markup.
fn below(page: &str, heading: &str) -> String {
    let part = page.split(&format!("{heading}</h2>")).nth(1).unwrap_or_else(|| panic!("no {heading}: {page}"));
    let part = part.split("</section>").next().expect("its end");
    let words = part.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text.trim());
    words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A token that was copied is used by both.
fn reuse(app: &TestApp, person: &Person) {
    app.anon()
        .with("User-Agent", "thief/1")
        .post("/refresh")
        .json(json!({"refresh_token": person.refresh_token()}))
        .send();
    app.advance(60);
    app.refresh(person).expect(401);
}

fn program(app: &TestApp, user_agent: &str) -> Person {
    let person = app.anon().with("User-Agent", user_agent);
    let form = [("username", "alice"), ("password", PASSWORD)];
    person.holding(person.post("/token").form(&form).send().expect(200).json())
}

#[test]
fn this_device_comes_first() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let alone = below(&shown(&browser), "Sessions");
    assert!(alone.ends_with("You are signed in here and nowhere else."), "{alone}");
    assert!(!shown(&browser).contains("end-others") && !shown(&browser).contains("Ended lately"));
    let (there, bob) = (program(&app, "curl/8.14.1"), app.bob());
    let page = shown(&browser);
    let told = below(&page, "Sessions");
    let place = |words: &str| told.find(words).unwrap_or_else(|| panic!("no {words} in {told}"));
    assert!(place("This device 127.0.0.1 Last used") < place("curl 8.14 127.0.0.1 Last used"));
    assert!(page.contains(&format!("/account/sessions/{}/end", there.sid())) && page.contains("end-others"));
    assert_eq!(page.matches("/end\"").count(), 1, "the own one is signed out, not ended");
    assert!(!page.contains(&bob.sid()));
}

#[test]
fn a_session_whose_token_was_used_twice_is_told_first() {
    let app = spawn_app();
    let (stolen, browser, bob) = (program(&app, LINUX), app.browser_of("alice"), app.browser_of("bob"));
    reuse(&app, &stolen);
    app.advance(180);
    let told = below(&shown(&browser), "A session was ended because one of its tokens was used twice");
    assert!(told.starts_with("Firefox on Linux · 127.0.0.1 · 3 min ago"), "{told}");
    assert!(told.contains("change your password"));
    assert!(!shown(&browser).contains("Ended lately"), "it is told once");
    let account = browser.get("/account").send().expect(200).text();
    assert!(account.contains("used twice") && account.contains("href=\"/account/sessions\""));
    for of_bob in ["/account", "/account/sessions"] {
        assert!(!bob.get(of_bob).send().expect(200).text().contains("used twice"));
    }
}

#[test]
fn it_is_told_for_thirty_days() {
    let app = spawn_app();
    reuse(&app, &app.alice());
    app.advance(30 * 86_400 - 60);
    assert!(shown(&app.browser_of("alice")).contains("used twice"));
    app.advance(120);
    let later = app.browser_of("alice");
    assert!(!shown(&later).contains("used twice"));
    assert!(!later.get("/account").send().expect(200).text().contains("used twice"));
}

#[test]
fn of_many_such_the_latest_stand_in_the_warning_and_the_rest_below() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    (0..7).for_each(|_| reuse(&app, &app.alice()));
    let page = shown(&browser);
    let warned = below(&page, "Sessions were ended because one of their tokens was used twice");
    assert_eq!(warned.matches("127.0.0.1").count(), 5);
    assert_eq!(below(&page, "Ended lately").matches("A token was used twice").count(), 2);
}

#[test]
fn what_ended_lately_says_why_the_newest_first() {
    let app = spawn_app();
    let idle = program(&app, "idle/1");
    app.advance(7 * 86_400 + 1);
    program(&app, "leaver/1").post("/logout").send().expect(204);
    let (seen, revoked) = (program(&app, "seen/1"), program(&app, "revoked/1"));
    let end = |by: &Person, id: &str| by.delete(&format!("/users/me/sessions/{id}")).send().expect(204);
    end(&revoked, &seen.sid());
    revoked.post("/revoke").form(&[("token", revoked.access())]).send().expect(200);
    let sent_away = program(&app, "sent-away/1");
    app.admin().delete(&format!("/api/users/{}/sessions", idle.id())).send().expect(204);
    let (other, here) = (program(&app, "other/1"), program(&app, "here/1"));
    let change = json!({"current_password": PASSWORD, "new_password": "another horse, stapled"});
    here.post("/users/me/password").json(change).send().expect(204);
    let browser = app.browser();
    let form = [("username", "alice"), ("password", "another horse, stapled")];
    browser.post("/login").form(&form).send().expect(303);
    let told = below(&shown(&browser), "Ended lately");
    let mut rest = told.as_str();
    for (client, why) in [
        (&other, "other 1 Password changed"),
        (&sent_away, "sent-away 1 Ended by an administrator"),
        (&revoked, "revoked 1 Ended by an app"),
        (&seen, "seen 1 Ended by you"),
        (&seen, "leaver 1 Signed out"),
        (&idle, "idle 1 Not used for too long"),
    ] {
        let at = rest.find(why).unwrap_or_else(|| panic!("{why} is not in its place: {told}"));
        rest = &rest[at..];
        assert!(!client.is_known());
    }
}

#[test]
fn what_nobody_used_is_forgotten_a_month_after_it_was_over() {
    let app = spawn_app();
    let idle = app.alice();
    let rows =
        || app.home.database.texts(&format!("SELECT id AS value FROM sessions WHERE id = '{}'", idle.sid())).len();
    app.advance(37 * 86_400 - 60);
    wait_for(vestibule::sessions::purge(&app.app)).expect("the database answers");
    assert_eq!(rows(), 1);
    app.advance(120);
    wait_for(vestibule::sessions::purge(&app.app)).expect("the database answers");
    assert_eq!(rows(), 0);
}

#[test]
fn of_what_ended_the_last_twenty_are_shown() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    for n in 0..23 {
        program(&app, &format!("program-{n}/1")).post("/logout").send().expect(204);
    }
    let told = below(&shown(&browser), "Ended lately");
    assert_eq!(told.matches("Signed out").count(), 20);
    assert!(told.contains("program-22 1") && !told.contains("program-2 1"));
}

#[test]
fn many_sessions_come_page_by_page() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let mut left: Vec<String> = (0..5).map(|_| app.alice().sid()).collect();
    let mut path = "/account/sessions?limit=2".to_owned();
    loop {
        let page = browser.get(&path).send().expect(200).text();
        let before = left.len();
        left.retain(|sid| !page.contains(sid));
        assert_eq!(before - left.len(), before.min(2));
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(next) = next else { break };
        path = next.replace("&#38;", "&").replace("&amp;", "&");
    }
    assert!(left.is_empty());
    assert!(browser.get(&path).send().text().contains("href=\"/account/sessions?limit=2\""), "a way back");
}

#[test]
fn what_a_client_says_of_itself_stays_text() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let evil =
        ["<script>alert(1)</script>", "a\"b/1", "Mozilla/5.0 (X11; Linux <b>) Firefox/1<i>", "", &"x/1 ".repeat(200)];
    evil.iter().for_each(|user_agent| drop(program(&app, user_agent)));
    let page = shown(&browser);
    assert!(!page.contains("<b>") && !page.contains("<i>") && !page.contains("alert(1)"));
    assert_eq!(page.matches("/end\"").count(), evil.len());
}
