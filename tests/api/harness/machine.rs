//! What can befall the machine that a server runs on, done to its process alone: `machine.c`, built with the C compiler that
//! builds the server, stands between it and the system. It needs no rights and no other machine.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::Home;

/// A machine whose disk and clock are in the test's hands.
pub struct Machine {
    switches: File,
    settings: Vec<(&'static str, String)>,
    disk: PathBuf,
}

/// What befalls it; the order is that of the switches in `machine.c`.
#[derive(Clone, Copy)]
pub enum Fault {
    /// Nothing can be added to a file; what has its place can be written anew.
    DiskFull,
    ReadOnly,
    /// What is written never reaches the disk, and the system says so.
    SyncFails,
}

impl Machine {
    /// One whose disk holds this home.
    pub fn under(home: &Home) -> Self {
        let path = |name: &str| home.path().join(name);
        let (control, disk) = (path("switches"), path("disk"));
        std::fs::create_dir(&disk).expect("a folder");
        let mut options = OpenOptions::new();
        let switches = options.create_new(true).read(true).write(true).open(&control).expect("a file");
        switches.write_all_at(&[0; 24], 0).expect("the switches");
        let text = |path: &Path| path.to_str().expect("a plain path").to_owned();
        let settings =
            vec![("LD_PRELOAD", text(library())), ("FAULTS", text(&control)), ("FAULTS_IN", text(home.path()))];
        Self { switches, settings, disk }
    }

    /// One that keeps beside its files what a power cut would leave of a database.
    pub fn that_may_lose_power(home: &Home) -> Self {
        let mut machine = Self::under(home);
        machine.settings.push(("FAULTS_DISK", machine.disk.to_str().expect("a plain path").to_owned()));
        machine
    }

    /// One where a process may have so many files open, and no more.
    pub fn with_files(home: &Home, most: usize) -> Self {
        let mut machine = Self::under(home);
        machine.settings.push(("FAULTS_FILES", most.to_string()));
        machine
    }

    /// What a process must be started with to run on it.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Something befalls it, until what this returns is dropped.
    pub fn suffers(&self, fault: Fault) -> Suffering<'_> {
        let suffering = Suffering { machine: self, place: fault as u64 * 4 };
        suffering.set(1);
        suffering
    }

    /// Its clock goes so many milliseconds ahead of this one, or behind.
    pub fn clock_is_off_by(&self, millis: i64) {
        self.switches.write_all_at(&millis.to_ne_bytes(), 16).expect("the switch");
    }

    /// What would be there after a power cut.
    pub fn disk(&self) -> &Path {
        &self.disk
    }
}

/// The time in which something is the matter.
pub struct Suffering<'a> {
    machine: &'a Machine,
    place: u64,
}

impl Suffering<'_> {
    fn set(&self, value: i32) {
        self.machine.switches.write_all_at(&value.to_ne_bytes(), self.place).expect("the switch");
    }
}

impl Drop for Suffering<'_> {
    fn drop(&mut self) {
        self.set(0);
    }
}

fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/harness/machine.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.so", super::unique("machine")));
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(compiler.status().expect("a C compiler, as the build itself needs").success());
        library
    })
}
