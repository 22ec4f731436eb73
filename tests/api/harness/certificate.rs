//! Certificates for servers of the tests, signed by themselves.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One for these names (`DNS:…,IP:…`), good for so many days, and its key: two files beside each other,
/// `path` with an extension each.
pub fn certify(path: &Path, names: &str, days: u32) -> (PathBuf, PathBuf) {
    let (certificate, key) = (path.with_extension("crt"), path.with_extension("key"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days"])
        .arg(days.to_string())
        .args(["-subj", "/CN=a test", "-addext", &format!("subjectAltName={names}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
    (certificate, key)
}
