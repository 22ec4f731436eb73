//! What this machine gives to a sign-in: bcrypt, signatures and commits, each measured alone for some seconds, and the cost
//! of bcrypt that follows. Owns no table, and looks at none: what it writes is gone when it ends, but for the data folder where there
//! was none.

mod advice;
mod hashes;
mod signatures;
mod writes;

use serde::Serialize;

pub use advice::{Advice, PATIENCE_MS};
pub use hashes::Hashing;
pub use signatures::Signing;
pub use writes::{TOGETHER, Writing};

use crate::config::Config;

/// What the operator asks for.
pub struct Wanted {
    /// So many a second.
    pub sign_ins: Option<f64>,
    /// The highest cost to try.
    pub up_to: u32,
}

#[derive(Serialize)]
pub struct Measured {
    pub cores: usize,
    pub hashing: Vec<Hashing>,
    pub signing: Signing,
    pub writing: Writing,
    /// None where the cost in force was not tried.
    pub sign_in: Option<SignIn>,
    pub advice: Advice,
}

/// A sign-in with the settings in force, made of its parts.
#[derive(Serialize)]
pub struct SignIn {
    pub cost: u32,
    pub check_ms: f64,
    pub takes_ms: f64,
}

/// Measures, and tells of each cost when it is done.
///
/// # Errors
/// One sentence where the database can't be written to.
pub fn run(config: &Config, wanted: &Wanted, mut tell: impl FnMut(&Hashing)) -> Result<Measured, String> {
    config.make_folders()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let hashing: Vec<Hashing> = hashes::measure(cores, wanted.up_to).inspect(|one| tell(one)).collect();
    let signing = signatures::measure(config.algorithm).ok_or("a new key does not sign")?;
    let writing = writes::measure(config).map_err(|fault| config.explain(&fault))?;
    let sign_in = hashing.iter().find(|one| one.cost == config.bcrypt_cost).map(|one| SignIn {
        cost: one.cost,
        check_ms: one.check_ms,
        takes_ms: one.check_ms + writing.commit_ms + signing.sign_ms,
    });
    let advice = advice::on(&hashing, wanted.sign_ins);
    Ok(Measured { cores, hashing, signing, writing, sign_in, advice })
}
