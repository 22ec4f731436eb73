//! `vestibule rollback`.

use crate::config::Config;
use crate::upkeep::{self, Shelf, Snapshot};

pub fn run(config: &Config, snapshot: Option<&str>) -> Result<(), String> {
    let done = upkeep::rollback(config, snapshot)?;
    super::print(&format!(
        "The database is as in {}, with {} users and the schema {}.",
        done.to.name, done.users, done.to.schema
    ));
    super::print_kept(done.kept.as_ref());
    let own = env!("CARGO_PKG_VERSION");
    super::print(&match done.program {
        Some(version) if version != own => {
            format!(
                "Now put Vestibule {version} in place before you start it: this is {own}, and would upgrade it again."
            )
        }
        _ => {
            "Now put the version in place that you ran before the upgrade: this one would upgrade it again.".to_owned()
        }
    });
    Ok(())
}

pub fn list(config: &Config, json: bool) -> Result<(), String> {
    let snapshots = Shelf::of(config).list().map_err(|obstacle| obstacle.to_string())?;
    if json {
        return super::print_json(&snapshots);
    }
    snapshots.iter().for_each(|snapshot| super::print(&line(snapshot)));
    Ok(())
}

fn line(snapshot: &Snapshot) -> String {
    format!("{}  schema {}  before {}", snapshot.name, snapshot.schema, snapshot.before.word())
}
