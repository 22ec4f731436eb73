//! What the system says of this process. What it does not say is left out.

use std::fs;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

/// How much this process takes.
pub struct Process {
    pub cpu: Duration,
    /// In memory, and addressed at all.
    pub resident_bytes: Option<u64>,
    pub virtual_bytes: Option<u64>,
    pub threads: Option<u64>,
    pub open_files: Option<u64>,
    pub most_files: Option<u64>,
}

impl Process {
    pub fn look() -> Self {
        let pages = fs::read_to_string("/proc/self/statm").ok();
        let bytes = |field| pages.as_deref().and_then(|pages| nth(pages, field)).map(|n| n * page_size());
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        let whole = Duration::from_secs(u64::try_from(spent.tv_sec).unwrap_or(0));
        Self {
            cpu: whole + Duration::from_nanos(u64::try_from(spent.tv_nsec).unwrap_or(0)),
            virtual_bytes: bytes(0),
            resident_bytes: bytes(1),
            threads: fs::read_dir("/proc/self/task").ok().map(count),
            // The one that counts them is among them.
            open_files: fs::read_dir("/proc/self/fd").ok().map(|all| count(all).saturating_sub(1)),
            most_files: getrlimit(Resource::Nofile).current,
        }
    }
}

fn nth(fields: &str, n: usize) -> Option<u64> {
    fields.split_ascii_whitespace().nth(n)?.parse().ok()
}

fn page_size() -> u64 {
    u64::try_from(rustix::param::page_size()).unwrap_or(4096)
}

fn count(entries: fs::ReadDir) -> u64 {
    u64::try_from(entries.count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::Process;

    #[test]
    fn this_very_process_takes_something_of_everything() {
        let process = Process::look();
        let resident = process.resident_bytes.expect("bytes");
        assert!(resident > 1_000_000 && process.virtual_bytes.is_some_and(|all| all >= resident));
        assert!(process.threads.is_some_and(|threads| threads >= 1));
        assert!(
            process.open_files.is_some_and(|files| files >= 3 && process.most_files.is_none_or(|most| files <= most))
        );
        assert!(!process.cpu.is_zero());
    }
}
