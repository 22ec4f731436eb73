//! The power goes: of what was written and not synced, some is on the disk, in no order, and some is not.

use std::path::{Path, PathBuf};

use super::load::{Acknowledged, prepare, under_load};
use super::{SECOND, figure, scaled};
use crate::harness::binary::Process;
use crate::harness::database::{Copy, Database, on_postgres};
use crate::harness::machine::Machine;
use crate::harness::{Home, within};

const FILES: [&str; 2] = ["vestibule.db", "vestibule.db-wal"];

/// PostgreSQL's own disk is PostgreSQL's own care.
#[test]
fn what_a_power_cut_leaves_at_any_moment_opens_and_holds_all_that_was_acknowledged() {
    if on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let machine = Machine::that_may_lose_power(&home);
    let server = Process::serve(&home, &machine.settings());
    prepare(&server);
    let cuts = scaled(4, 100);
    let told = under_load(&server, |load| {
        for cut in 0..cuts {
            let before = load.acknowledged().count();
            within(SECOND * 30, "the work goes on", || load.acknowledged().count() >= before + 20);
            let told = load.acknowledged();
            let [written, synced] = copies(&server, &home, &machine, cut);
            sound(&written, &told);
            sound(&synced, &told);
        }
    });
    figure("acknowledged during power cuts, none lost", told.count());
}

/// What is there at this moment, and what of it is on the disk: all threads of the server stand still meanwhile.
fn copies(server: &Process, home: &Home, machine: &Machine, cut: usize) -> [PathBuf; 2] {
    let copies = ["written", "synced"].map(|name| home.path().join(format!("{name}-{cut}")));
    copies.iter().for_each(|folder| std::fs::create_dir(folder).expect("a folder"));
    server.stands_still(|| {
        for (from, to) in [home.path(), machine.disk()].into_iter().zip(&copies) {
            for file in FILES {
                std::fs::copy(from.join(file), to.join(file)).expect("a copy");
            }
        }
    });
    copies
}

fn sound(folder: &Path, told: &Acknowledged) {
    let database = Database::kept_in(&folder.join(FILES[0]));
    let checked = database.texts("SELECT integrity_check AS value FROM pragma_integrity_check");
    assert_eq!(checked, ["ok"], "{}", folder.display());
    told.is_held_by(&database);
    std::fs::remove_dir_all(folder).expect("ours");
}
