//! How many files and connections this process may have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// More than this is nothing that we need.
const ENOUGH: u64 = 1 << 16;

/// Takes as much as the system lets us have; gives how many that is. Shells and supervisors often start programs with the
/// 1024 that the oldest of them can bear.
pub fn raise_limit() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if limit.current.is_some_and(|current| current < most) {
        limit.current = Some(most);
        // Where it may not be, what there is has to do.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    let now = getrlimit(Resource::Nofile).current.unwrap_or(ENOUGH).min(ENOUGH);
    usize::try_from(now).unwrap_or(usize::MAX)
}
