//! Hashes that others made: `$2a`, `$2b`, `$2y`, of any cost, also of passwords beyond bcrypt's end, sign in, and are made anew
//! where they are cheaper than today's.

use crate::harness::{TestApp, spawn_app, spawn_with};

fn put(app: &TestApp, hash: &str) {
    app.home.database.run(&format!(
        "UPDATE passwords SET hash = '{hash}' WHERE user_id = (SELECT id FROM users WHERE username = 'alice')"
    ));
}

fn hash(app: &TestApp) -> String {
    let query = "SELECT hash AS value FROM passwords WHERE user_id = (SELECT id FROM users WHERE username = 'alice')";
    app.home.database.texts(query).remove(0)
}

fn sign_in(app: &TestApp, password: &str) -> u16 {
    app.anon().post("/token").form(&[("username", "alice"), ("password", password)]).send().status
}

/// As another library would have made it.
fn made(password: &str, prefix: &str, cost: u32) -> String {
    #[allow(clippy::disallowed_methods, reason = "what others cut, we have to cut as well to make it")]
    let made = bcrypt::hash(password, cost).expect("a hash");
    made.replacen("$2b$", prefix, 1)
}

#[test]
fn every_prefix_and_cost_signs_in_and_a_cheap_one_is_made_anew() {
    let app = spawn_with(&[("BCRYPT_COST", "11")]);
    for (prefix, cost) in [("$2a$", 4), ("$2b$", 5), ("$2y$", 6), ("$2y$", 10)] {
        put(&app, &made("an old password", prefix, cost));
        assert_eq!(sign_in(&app, "not the right one"), 401);
        assert!(hash(&app).starts_with(prefix), "a wrong password changes nothing");
        assert_eq!(sign_in(&app, "an old password"), 200, "{prefix}{cost}");
        assert!(hash(&app).starts_with("$2b$11$"), "{}", hash(&app));
        assert_eq!(sign_in(&app, "an old password"), 200);
    }
}

#[test]
fn a_dearer_hash_stays_as_it_is() {
    let app = spawn_app();
    let dear = made("an old password", "$2y$", 11);
    put(&app, &dear);
    assert_eq!(sign_in(&app, "an old password"), 200);
    assert_eq!(hash(&app), dear);
}

#[test]
fn a_password_beyond_bcrypts_end_signs_in_as_it_did_where_it_was_made() {
    let app = spawn_with(&[("BCRYPT_COST", "11")]);
    let long = "q7#Lw".repeat(20);
    put(&app, &made(&long, "$2b$", 5));
    let before = hash(&app);
    assert_eq!(sign_in(&app, &format!("x{long}")), 401);
    assert_eq!(sign_in(&app, &long), 200);
    assert_eq!(sign_in(&app, &long), 200);
    assert_eq!(hash(&app), before, "what is longer than bcrypt takes is not hashed anew");
}
