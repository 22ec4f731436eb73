//! `kill -9`: a process that ends between two instructions, whatever it was doing.

use super::load::{prepare, under_load};
use super::{SECOND, figure, scaled};
use crate::harness::binary::{Process, run};
use crate::harness::database::Copy;
use crate::harness::{Home, within};

#[test]
fn a_server_that_is_killed_under_load_has_kept_all_that_it_acknowledged() {
    let home = Home::new(Copy::Peopled);
    let mut server = Process::serve(&home, &[]);
    prepare(&server);
    let mut count = 0;
    for _ in 0..scaled(2, 20) {
        let told = under_load(&server, |load| {
            within(SECOND * 30, "some work is acknowledged", || load.acknowledged().count() >= scaled(60, 300));
            server.signal("KILL");
        });
        server.ended(SECOND * 5);
        server = Process::serve(&home, &[]);
        // Whoever did not hear the answer to their last one sends it again, and stays signed in.
        for token in told.living() {
            let sent = serde_json::json!({ "refresh_token": token });
            server.anon().post("/refresh").json(sent).send().expect(200);
        }
        told.is_held_by(&home.database);
        count += told.count();
    }
    run(&home, &["audit", "verify"], "").done();
    figure("acknowledged before kill -9, none lost", count);
}
