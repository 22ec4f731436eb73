//! PostgreSQL restarts, crashes, fails over to a standby, hangs, takes no more connections: what needs no database goes on, the
//! rest is told when to come again, everything comes back by itself, and what was acknowledged is there afterwards.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::binary::Process;
use crate::harness::cluster::{Cluster, Session};
use crate::harness::database::on_postgres;
use crate::harness::load::{Walk, walk_while};
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, at_once, within};

const SECOND: Duration = Duration::from_secs(1);

fn sign_in(node: &Process) -> Person {
    let form = [("username", "alice"), ("password", PASSWORD)];
    node.anon().holding(node.anon().post("/token").form(&form).send().expect(200).json())
}

fn is_ready(node: &Process) -> bool {
    node.anon().get("/health/ready").send().status == 200
}

/// While the database is away: soon told, with a time to come again, and what needs none goes on.
fn does_what_it_can(node: &Process, alice: &Person) {
    let began = Instant::now();
    let person = node.anon().holding(alice.tokens.clone());
    for answer in [
        person.get("/users/me").send(),
        person.get("/health/ready").send(),
        person.post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send(),
    ] {
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }
    assert!(person.is_known(), "a token needs no database");
    node.anon().get("/health").send().expect(200);
    assert!(began.elapsed() < SECOND * 8, "it took {:?}", began.elapsed());
}

/// Everybody who was told that they are in is in, and everybody's chain goes on.
fn nothing_acknowledged_is_lost(walks: &[Walk], names: &[String], node: &Process) {
    let signed_up: usize = walks.iter().map(|walk| walk.names.len()).sum();
    assert!(signed_up > 10, "there was something to lose: {walks:?}");
    for walk in walks {
        assert!(walk.names.iter().all(|name| names.contains(name)), "{walk:?}");
        let again = node.anon().post("/refresh").json(json!({"refresh_token": walk.tokens["refresh_token"]})).send();
        assert_eq!(again.status, 200, "{}", again.text());
    }
}

const NAMES: &str = "SELECT username AS value FROM users";

#[test]
fn a_postgresql_that_restarts_or_crashes_loses_nothing_and_is_found_again() {
    if !on_postgres() {
        return;
    }
    let cluster = Cluster::new(&[]);
    let home = cluster.home();
    let nodes = [Process::serve(&home, &[]), Process::serve(&home, &[])];
    let alice = sign_in(&nodes[0]);
    let walks = walk_while(&[&nodes[0].url, &nodes[1].url], |crowd| {
        for mode in ["fast", "immediate"] {
            crowd.goes_on(8);
            cluster.stop(mode);
            nodes.iter().for_each(|node| does_what_it_can(node, &alice));
            cluster.start();
            within(SECOND * 30, "both are ready again", || nodes.iter().all(is_ready));
        }
        crowd.goes_on(8);
    });
    nothing_acknowledged_is_lost(&walks, &cluster.texts(NAMES), &nodes[1]);
}

#[test]
fn a_standby_that_is_promoted_is_found_and_has_all_that_was_acknowledged() {
    if !on_postgres() {
        return;
    }
    let primary = Cluster::new(&[]);
    let home = primary.home();
    let standby = primary.standby();
    primary.waits_for_its_standby();
    let both = standby.or(&primary);
    let nodes = [(); 2].map(|()| Process::serve(&home, &[("DATABASE_URL", both.as_str())]));
    let alice = sign_in(&nodes[0]);
    let walks = walk_while(&[&nodes[0].url, &nodes[1].url], |crowd| {
        crowd.goes_on(8);
        primary.stop("immediate");
        nodes.iter().for_each(|node| does_what_it_can(node, &alice));
        standby.promote();
        within(SECOND * 30, "both are ready again", || nodes.iter().all(is_ready));
        crowd.goes_on(8);
    });
    nothing_acknowledged_is_lost(&walks, &standby.texts(NAMES), &nodes[1]);
    nodes[0].anon().holding(alice.tokens.clone()).post("/logout").send().expect(204);
    let there = nodes[1].anon().holding(alice.tokens.clone());
    within(SECOND * 30, "they tell each other again", || !there.is_known());
}

/// Its machine is frozen or cut off: connections stay open, and nothing comes back.
#[test]
fn a_primary_that_falls_silent_is_given_up_for_its_standby() {
    if !on_postgres() || !crate::harness::soaks() {
        return;
    }
    let primary = Cluster::new(&[]);
    let home = primary.home();
    let standby = primary.standby();
    primary.waits_for_its_standby();
    let both = primary.or(&standby);
    let nodes = [(); 2].map(|()| Process::serve(&home, &[("DATABASE_URL", both.as_str())]));
    let alice = sign_in(&nodes[0]);
    let walks = walk_while(&[&nodes[0].url, &nodes[1].url], |crowd| {
        crowd.goes_on(8);
        let _frozen = primary.freeze();
        assert!(alice.is_known(), "a token needs no database");
        standby.promote();
        within(SECOND * 30, "both are ready again", || nodes.iter().all(is_ready));
        crowd.goes_on(8);
    });
    nothing_acknowledged_is_lost(&walks, &standby.texts(NAMES), &nodes[1]);
}

/// Everybody else's connections, as many as there are.
fn take_the_rest(home: &Home) -> Vec<Session> {
    std::iter::from_fn(|| Session::open(&home.database.url).ok()).collect()
}

#[test]
fn where_postgresql_takes_no_more_connections_those_that_are_there_go_on() {
    if !on_postgres() {
        return;
    }
    let cluster = Cluster::new(&["max_connections = 20"]);
    let home = cluster.home();
    let node = Process::serve(&home, &[]);
    let alice = sign_in(&node);
    let mut others = take_the_rest(&home);
    for _ in 0..4 {
        let answers = at_once(16, |_| alice.get("/users/me").send().status);
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    }
    // Now it has none at all.
    let own = "FROM pg_stat_activity WHERE application_name = 'vestibule'";
    within(SECOND * 30, "others have them all", || {
        cluster.texts(&format!("SELECT pg_terminate_backend(pid)::text AS value {own}"));
        others.extend(take_the_rest(&home));
        cluster.texts(&format!("SELECT pid::text AS value {own}")).is_empty()
    });
    does_what_it_can(&node, &alice);
    drop(others);
    within(SECOND * 30, "it is ready again", || is_ready(&node));
    alice.get("/users/me").send().expect(200);
}

/// As where its disk is slow: what changes nothing is not kept waiting by what does.
#[test]
fn while_changes_are_slow_tokens_and_pages_are_not() {
    if !on_postgres() {
        return;
    }
    let home = Home::new(crate::harness::database::Copy::Peopled);
    let node = Process::serve(&home, &[]);
    let alice = sign_in(&node);
    let held = home.database.hold("SELECT 1 FROM audit_chain FOR UPDATE");
    std::thread::scope(|scope| {
        let change = |n: usize| alice.patch("/users/me").json(json!({"name": format!("Alice {n}")})).send().status;
        let slow: Vec<_> = (0..12).map(|n| scope.spawn(move || change(n))).collect();
        within(SECOND * 30, "all that may change wait", || home.database.waiting() == 8);
        let began = Instant::now();
        for _ in 0..20 {
            assert!(alice.is_known());
            alice.get("/users/me").send().expect(200);
        }
        // A change waits ten seconds before it is given up.
        assert!(is_ready(&node) && began.elapsed() < SECOND * 8, "it took {:?}", began.elapsed());
        drop(held);
        // Whoever had waited for ten seconds by then was told to come again.
        slow.into_iter().for_each(|change| assert!(matches!(change.join().expect("an answer"), 200 | 503)));
    });
}
