//! Every kind of letter, in every language: what is to be posted by whatever comes later reads well already.

use vestibule::access::Origin;
use vestibule::app::Outcome;
use vestibule::outbox::{self, Kind, Letter, Secret};
use vestibule::platform::db::Fault;
use vestibule::platform::ids::RequestId;
use vestibule::platform::secret::{OpaqueToken, ShortCode};

use crate::harness::mail::Mail;
use crate::harness::{PUBLIC_URL, TestApp, spawn_app, wait_for};

const TO: &str = "somebody@example.com";

fn sent(app: &TestApp, kind: Kind, languages: &str) -> Mail {
    let origin = Origin {
        request_id: RequestId::from_outside("test"),
        address: "203.0.113.7".into(),
        user_agent: "curl/8.5.0".into(),
        languages: languages.into(),
        device: None,
    };
    let letter =
        Letter::notice(kind, TO, "alice", &origin).about_other("other@example.com").about_factor("<b>My phone</b>");
    let secret = || Secret { token: OpaqueToken::fresh(), code: Some(ShortCode::fresh()) };
    let letter = if kind.has_secret() { letter.with_secret(secret(), Letter::LIVES) } else { letter };
    let shared = app.app.clone();
    let posted = app.app.write(&origin, move |tx| {
        let posted = outbox::post(tx, &shared, &letter)?;
        Ok::<_, Fault>(Outcome::quiet(()).posting([posted]))
    });
    wait_for(posted).expect("it is posted");
    app.mail_to(TO)
}

#[test]
fn every_letter_says_what_happened_from_where_and_what_to_do() {
    let app = spawn_app();
    for languages in ["en", "de"] {
        let mut subjects = Vec::new();
        for kind in Kind::ALL {
            let mail = sent(&app, *kind, languages);
            let subject = mail.header("Subject");
            assert!(!subjects.contains(&subject), "{subject} is there twice");
            subjects.push(subject);
            assert!(mail.text.contains("alice") && mail.text.contains("203.0.113.7"), "{}", mail.text);
            assert!(mail.link().starts_with(PUBLIC_URL), "{}", mail.link());
            assert!(!mail.text.contains(['{', '}']) && !mail.html.contains(['{', '}']), "{}", mail.text);
            assert!(!mail.html.contains("<b>") && !mail.html.contains("src="), "{}", mail.html);
            assert!(mail.html.contains(&format!("lang=\"{languages}\"")));
            assert!(mail.html.contains(&mail.link()), "both forms have the same link");
            assert_eq!(mail.path().contains("?code="), kind.has_secret(), "{}", mail.link());
        }
    }
}
