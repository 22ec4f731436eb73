//! How much of the server one person takes by sending files in.

use super::import_jobs::{file, send, settled};
use crate::harness::{at_once, spawn_app};

/// Files of one person that may wait.
const MOST: usize = 5;

#[test]
fn so_many_files_of_one_person_wait_and_no_more() {
    let app = spawn_app();
    let admin = app.admin();
    let ids: Vec<String> = (0..MOST).map(|_| send(&admin, "?dry_run=true", file(1))).collect();
    ids.iter().for_each(|id| assert_eq!(settled(&admin, id)["state"], "checked"));
    let refused = || admin.post("/api/import").body("text/plain", file(1)).send().expect(409);
    assert!(refused().json()["detail"].as_str().is_some_and(|why| why.contains("discard")));
    app.make_role(&admin, "writer", &["users:write"]);
    app.invite(&admin, "carl", &["writer"]);
    let carl = app.user("carl");
    settled(&carl, &send(&carl, "", file(1)));
    admin.delete(&format!("/api/imports/{}", ids[0])).send().expect(204);
    settled(&admin, &send(&admin, "", file(1)));
    // What is done takes no place.
    send(&admin, "?dry_run=true", file(1));
    refused();
    assert_eq!(std::fs::read_dir(app.home.path().join("imports")).expect("a folder").count(), MOST);
}

#[test]
fn of_many_files_at_once_none_slips_in_beyond() {
    let app = spawn_app();
    let admin = app.admin();
    let statuses = at_once(12, |_| admin.post("/api/import?dry_run=true").body("text/plain", file(1)).send().status);
    assert!(statuses.iter().all(|status| [202, 409].contains(status)), "{statuses:?}");
    let taken = statuses.iter().filter(|status| **status == 202).count();
    assert!((1..=MOST).contains(&taken), "{statuses:?}");
    let lie_there = std::fs::read_dir(app.home.path().join("imports")).expect("a folder").count();
    assert_eq!(lie_there, taken, "what was refused left nothing behind");
}
