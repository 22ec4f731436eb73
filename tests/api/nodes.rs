//! Several servers on one database, as real processes: what one ends, rotates or signs counts on the others, also while the
//! channel between them is cut, and after one was killed.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::binary::{Process, run};
use crate::harness::database::{Copy, Database, on_postgres};
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, at_once, spawn_app, start, wait_for, within};

const SECOND: Duration = Duration::from_secs(1);

fn sign_in(node: &Process) -> Person {
    let form = [("username", "alice"), ("password", PASSWORD)];
    let tokens = node.anon().post("/token").form(&form).send().expect(200).json();
    node.anon().holding(tokens)
}

/// The same person, calling the other node.
fn at(node: &Process, person: &Person) -> Person {
    node.anon().holding(person.tokens.clone())
}

fn refresh(node: &Process, token: &str) -> (u16, Value) {
    let answer = node.anon().post("/refresh").json(json!({"refresh_token": token})).send();
    (answer.status, answer.json())
}

fn known_everywhere_within_a_second(here: &Process, there: &Process) {
    let alice = sign_in(here);
    assert!(at(there, &alice).is_known());
    alice.post("/logout").send().expect(204);
    within(SECOND, "the other node refuses the token", || !at(there, &alice).is_known());
    assert_eq!(refresh(there, alice.refresh_token()).0, 401);
}

/// Ends whatever listens, over and over, while the work is done.
fn cut_while(database: &Database, work: impl FnOnce()) {
    let listening = "SELECT pid::text AS value FROM pg_stat_activity \
                     WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let kill = "SELECT 'cut' AS value FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND query LIKE 'LISTEN%') AS gone";
    within(SECOND * 5, "both nodes listen", || database.texts(listening).len() == 2);
    let (cuts, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                cuts.fetch_add(database.texts(kill).len(), Ordering::SeqCst);
            }
        });
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            within(SECOND * 5, "nobody listens", || {
                cuts.load(Ordering::SeqCst) >= 2 && database.texts(listening).is_empty()
            });
            work();
        }));
        over.store(true, Ordering::SeqCst);
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

#[test]
fn what_one_node_ends_is_ended_on_the_other_both_ways() {
    let home = Home::new(Copy::Peopled);
    let (one, two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    known_everywhere_within_a_second(&one, &two);
    known_everywhere_within_a_second(&two, &one);
}

/// SQLite has no channel.
#[test]
fn it_is_told_at_once_and_not_only_found_when_looking() {
    if !on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let (here, there) = (start(home.clone(), &[]), start(home, &[]));
    let alice = here.alice();
    let mut changes = there.app.changes();
    wait_for(changes.next(SECOND * 30)); // It begins to listen, and says so.
    let before = Instant::now();
    alice.post("/logout").send().expect(204);
    wait_for(changes.next(SECOND * 30));
    assert!(before.elapsed() < SECOND * 10);
}

#[test]
fn with_the_channel_cut_it_is_found_within_a_second_all_the_same() {
    if !on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let (one, two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    cut_while(&home.database, || {
        for _ in 0..3 {
            known_everywhere_within_a_second(&one, &two);
        }
    });
    known_everywhere_within_a_second(&two, &one);
}

#[test]
fn a_node_that_was_killed_knows_what_was_ended_meanwhile() {
    let home = Home::new(Copy::Peopled);
    let (one, mut two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    let (gone, here) = (sign_in(&two), sign_in(&two));
    two.signal("KILL");
    two.ended(SECOND * 5);
    at(&one, &gone).post("/logout").send().expect(204);
    assert!(at(&one, &here).is_known(), "nobody else is signed out by it");
    let again = Process::serve(&home, &[]);
    assert!(!at(&again, &gone).is_known() && at(&again, &here).is_known());
    assert_eq!(refresh(&again, gone.refresh_token()).0, 401);
    assert_eq!(refresh(&again, here.refresh_token()).0, 200);
}

#[test]
fn a_rotation_that_was_answered_survives_the_node_that_made_it() {
    let home = Home::new(Copy::Peopled);
    let (one, mut two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    let alice = sign_in(&two);
    let (_, next) = refresh(&two, alice.refresh_token());
    two.signal("KILL");
    two.ended(SECOND * 5);
    // The answer got lost: the other node gives the same successor, byte for byte.
    let (status, again) = refresh(&one, alice.refresh_token());
    assert_eq!((status, &again["refresh_token"]), (200, &next["refresh_token"]));
    let (status, last) = refresh(&one, next["refresh_token"].as_str().expect("a token"));
    assert_eq!(status, 200);
    assert!(one.anon().holding(last).is_known());
}

#[test]
fn sixty_four_callers_across_two_nodes_get_one_chain_and_nobody_is_signed_out() {
    let home = Home::new(Copy::Peopled);
    let (one, two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    let alice = sign_in(&one);
    let answers = at_once(64, |n| refresh(if n % 2 == 0 { &one } else { &two }, alice.refresh_token()));
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
    let first = &answers[0].1["refresh_token"];
    assert!(answers.iter().all(|(_, body)| body["refresh_token"] == *first), "one chain");
    let next = two.anon().holding(answers[0].1.clone());
    assert!(alice.is_known() && next.is_known());
    assert_eq!(refresh(&two, next.refresh_token()).0, 200);
}

#[test]
fn a_key_that_one_node_makes_verifies_on_the_other_before_it_signs() {
    let home = Home::new(Copy::Peopled);
    let (one, two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    let before = sign_in(&one);
    let published =
        |node: &Process| node.anon().get("/.well-known/jwks.json").send().expect(200).json()["keys"].clone();
    assert_eq!(published(&one), published(&two));
    run(&home, &["keys", "rotate", "--now"], "").done();
    for node in [&one, &two] {
        within(SECOND, "the new key is published", || published(node).as_array().is_some_and(|keys| keys.len() == 2));
    }
    let after = sign_in(&two);
    assert!(at(&one, &after).is_known() && at(&two, &before).is_known());
}

#[test]
fn what_a_command_ends_is_ended_on_a_running_server_within_a_second() {
    let home = Home::new(Copy::Peopled);
    let node = Process::serve(&home, &[]);
    let alice = sign_in(&node);
    run(&home, &["user", "disable", "alice"], "").done();
    within(SECOND, "the server refuses the token", || !alice.is_known());
}

#[test]
fn a_wave_of_sign_outs_is_taken_in_whole() {
    let app = spawn_app();
    let (alice, now) = (app.alice(), app.now() * 1000);
    app.home.database.run("UPDATE counters SET value = 30000 WHERE name = 'revocations'");
    let row = |seq: usize, sid: &str| format!("({seq}, '{sid}', NULL, {now}, {now} + 999999)");
    let mut rows: Vec<String> = (1000..26_000).map(|n| row(n, &format!("{n:032x}"))).collect();
    rows.push(row(30_000, &alice.sid()));
    for some in rows.chunks(5000) {
        let columns = "INSERT INTO revocations (seq, session_id, user_id, before, expires_at) VALUES";
        app.home.database.run(&format!("{columns} {}", some.join(",")));
    }
    within(SECOND * 5, "the last of many pages is known", || !alice.is_known());
}
