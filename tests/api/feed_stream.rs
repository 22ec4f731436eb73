//! `GET /revocations` as an event stream.

use crate::feed::{SECOND, ends};
use crate::harness::database::Copy;
use crate::harness::{Home, spawn_app, start};

#[test]
fn a_stream_tells_a_sign_out_within_a_second_and_goes_on_where_it_broke_off() {
    let app = spawn_app();
    let (service, people) = (app.service(), [app.alice(), app.alice(), app.alice(), app.bob()]);
    people[0].post("/logout").send().expect(204);
    let mut stream = app.listen(&service, None);
    let (_, entry) = stream.next(SECOND);
    ends(&entry, &people[0], app.now());
    people[1].post("/logout").send().expect(204);
    let (id, entry) = stream.next(SECOND);
    ends(&entry, &people[1], app.now());
    assert_eq!(entry["cursor"], id);
    drop(stream);
    people[2].post("/logout").send().expect(204);
    let mut again = app.listen(&service, Some(&id));
    let (_, entry) = again.next(SECOND);
    ends(&entry, &people[2], app.now());
    people[3].post("/logout").send().expect(204);
    ends(&again.next(SECOND).1, &people[3], app.now());
}

#[test]
fn a_stream_of_another_node_tells_it_within_a_second() {
    let home = Home::new(Copy::Peopled);
    let (here, there) = (start(home.clone(), &[]), start(home, &[]));
    let (alice, mut stream) = (here.alice(), there.listen(&there.service(), None));
    alice.post("/logout").send().expect(204);
    ends(&stream.next(SECOND).1, &alice, here.now());
}

#[test]
fn a_stream_ends_with_the_session_that_listens() {
    let app = spawn_app();
    let service = app.service();
    let stream = app.listen(&service, None);
    service.post("/logout").send().expect(204);
    assert!(stream.ends(SECOND), "whoever is signed out is told no more");
}

#[test]
fn only_so_many_may_listen_at_once() {
    let app = spawn_app();
    let service = app.service();
    let mut streams: Vec<_> = (0..200).map(|_| app.listen(&service, None)).collect();
    service.get("/revocations").with("Accept", "text/event-stream").send().expect(503);
    service.get("/revocations").send().expect(200);
    let alice = app.alice();
    alice.post("/logout").send().expect(204);
    for stream in &mut streams {
        ends(&stream.next(SECOND * 5).1, &alice, app.now());
    }
}
