//! The database as a whole: copied into a file while it is in use, put back from one, copied into another database. Between two
//! databases rows travel as text that both write and read alike ([`line`]), so there is one body for every table, and what
//! arrived can be compared with what was sent. Only what the schema calls a table is copied: what a database derives from
//! them, it derives again.

mod copy;
mod draft;
mod line;
mod obstacle;
mod place;
mod room;
mod snapshot;
mod tables;
mod transfer;

pub use draft::Draft;
pub use obstacle::Obstacle;
pub use place::place;
pub use snapshot::{Contents, adopt, contents, inspect, take};
pub(super) use tables::has_table;
pub use transfer::{Progress, transfer};

/// Stands in a database while one is being moved into it: how far each table is.
pub(super) const UNDER_WAY: &str = "__vestibule_move";
