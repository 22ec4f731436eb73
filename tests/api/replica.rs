//! A replica answers lists and searches while it keeps up, and never so that somebody misses what they have just done.

use std::time::Duration;

use crate::harness::cluster::Cluster;
use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{Home, TestApp, start, within};

const LIMIT: Duration = Duration::from_secs(60);

/// A primary, its standby, and two nodes that know both.
fn house() -> Option<(Cluster, Cluster, [TestApp; 2])> {
    if !on_postgres() {
        return None;
    }
    let primary = Cluster::new(&[]);
    let home = primary.home();
    let standby = primary.standby();
    let node = |home: &Home| start(home.clone(), &[("DATABASE_READ_URL", standby.url.as_str())]);
    let nodes = [node(&home), node(&home)];
    Some((primary, standby, nodes))
}

/// Whether a list is asked of the standby now.
fn is_asked(standby: &Cluster, admin: &Person) -> bool {
    let session = standby.connect("vestibule");
    let before = session.texts("SELECT clock_timestamp()::text AS value").remove(0);
    admin.get("/api/users?limit=5").send().expect(200);
    let asked = format!(
        "SELECT pid::text AS value FROM pg_stat_activity WHERE application_name = 'vestibule' \
         AND query LIKE '%user%' AND query_start > '{before}'"
    );
    !session.texts(&asked).is_empty()
}

fn is_listed(admin: &Person, name: &str) -> bool {
    let list = admin.get(&format!("/api/users?q={name}")).send().expect(200).json();
    let told = admin.get("/api/audit?kind=user.created&limit=5").send().expect(200).text();
    list["items"][0]["username"] == name && told.contains(name)
}

#[test]
fn a_replica_that_keeps_up_is_asked_and_one_that_lags_is_not_so_that_nobody_misses_what_they_did() {
    let Some((_primary, standby, [one, two])) = house() else { return };
    let (here, there) = (one.admin(), two.admin());
    within(LIMIT, "the standby is asked", || is_asked(&standby, &here));
    standby.administer("SELECT pg_wal_replay_pause()");
    for name in ["carol", "dave"] {
        one.invite(&here, name, &["user"]);
        assert!(is_listed(&here, name), "by who did it");
        assert!(is_listed(&there, name), "at another node");
    }
    assert!(!is_asked(&standby, &here), "it knows nothing of them yet");
    standby.administer("SELECT pg_wal_replay_resume()");
    within(LIMIT, "it is asked again", || is_asked(&standby, &here));
    // What it refuses is an answer, and no reason to leave it alone.
    here.get("/api/users?role=nosuch").send().expect(422);
    assert!(is_asked(&standby, &here));
    // What it may say is what the primary says.
    one.invite(&here, "erin", &["user"]);
    assert!(is_listed(&there, "erin"));
}

#[test]
fn without_its_replica_everything_goes_on() {
    let Some((_primary, standby, [one, _])) = house() else { return };
    let admin = one.admin();
    within(LIMIT, "the standby is asked", || is_asked(&standby, &admin));
    standby.stop("immediate");
    for _ in 0..5 {
        admin.get("/api/users").send().expect(200);
    }
    standby.start();
    within(LIMIT, "it is asked again", || is_asked(&standby, &admin));
    // One that was promoted goes its own way from now on.
    standby.promote();
    one.invite(&admin, "frank", &["user"]);
    assert!(is_listed(&admin, "frank"));
    assert!(!is_asked(&standby, &admin));
}
