//! 'This wasn't me': whoever is told of a sign-in on a new device undoes it.

use vestibule::access::Origin;
use vestibule::accounts;
use vestibule::app::Outcome;
use vestibule::credentials;
use vestibule::platform::db::Fault;
use vestibule::platform::ids::{RequestId, SessionId, UserId};

use crate::harness::mail::Mail;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, wait_for};
use crate::mail_reset::reset;

const ALICE: &str = "alice@example.com";
const NEW: &str = "another horse, stapled";

/// The mail that tells alice of this session.
fn told_of(app: &TestApp, person: &Person) -> Mail {
    let origin = Origin {
        request_id: RequestId::from_outside("test"),
        address: "203.0.113.7".into(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
        languages: String::new(),
        device: None,
    };
    let (shared, id, session) =
        (app.app.clone(), UserId::from_outside(person.id()), SessionId::from_outside(person.sid()));
    let from = origin.clone();
    let posted = app.app.write(&origin, move |tx| {
        let user = accounts::find(tx, &id)?.expect("alice");
        let posted = credentials::tell_of_new_device(tx, &shared, &user, &session, &from)?;
        Ok::<_, Fault>(Outcome::quiet(()).posting(posted))
    });
    wait_for(posted).expect("it is posted");
    app.mail_to(ALICE)
}

fn disown(app: &TestApp, mail: &Mail) -> crate::harness::answer::Answer {
    app.browser().post("/not-me").form(&[("code", &mail.token())]).send()
}

#[test]
fn the_mail_says_what_signed_in_and_the_link_undoes_it() {
    let app = spawn_app();
    let (thief, alice, bob) = (app.alice(), app.browser_of("alice"), app.bob());
    let mail = told_of(&app, &thief);
    for fact in ["Firefox on Linux", "203.0.113.7", "This was not me", "/not-me?code="] {
        assert!(mail.text.contains(fact), "{fact} in {}", mail.text);
    }
    for _ in 0..3 {
        let page = app.browser().get(&mail.path()).send().expect(200).text();
        assert!(page.contains("It was not me: sign out everywhere"), "{page}");
    }
    assert!(thief.is_known(), "a GET does nothing");
    let page = disown(&app, &mail).expect(200).text();
    assert!(page.contains("Everybody is signed out"), "{page}");
    assert!(!thief.is_known() && !alice.is_at_home() && bob.is_known());
    let form = [("username", "alice"), ("password", PASSWORD)];
    app.anon().post("/token").form(&form).send().refused(401, "Incorrect username or password");
    reset(&app, &app.mail_to(ALICE).token(), NEW).expect(204);
    app.program(&[("username", "alice"), ("password", NEW)]);
    assert!(app.recorded().contains(&"signin.disowned".to_owned()));
    disown(&app, &mail).expect(404);
}

#[test]
fn a_link_that_counts_no_more_does_nothing() {
    let app = spawn_app();
    let here = app.alice();
    let mail = told_of(&app, &here);
    app.advance(8 * 86_400);
    app.browser().get(&mail.path()).send().expect(404);
    disown(&app, &mail).expect(404);
    app.alice();
    disown(&app, &Mail { text: "http://vestibule.test/not-me?code=x\n".into(), ..mail }).expect(404);
    assert_eq!(app.more_mail_to(ALICE), 0);
}
