//! The inputs of the fuzz targets (`make fuzz`), and what the fuzzer once found, through the same checks in every run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../../fuzz/properties/authorization.rs"]
mod authorization;
#[path = "../../fuzz/properties/token.rs"]
mod token;

/// Of how many it is so, and of how many not.
fn tried(name: &str, check: impl Fn(&[u8]) -> bool) -> (usize, usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let files = std::fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("an entry").path());
    let (good, bad): (Vec<bool>, Vec<bool>) = files
        .map(|path| {
            let input = std::fs::read(&path).expect("a file");
            catch_unwind(AssertUnwindSafe(|| check(&input))).unwrap_or_else(|_| panic!("{}", path.display()))
        })
        .partition(|good| *good);
    (good.len(), bad.len())
}

#[test]
fn every_token_of_the_corpus_is_refused_but_for_those_that_were_minted() {
    let house = token::House::open();
    let (good, bad) = tried("token", |input| house.try_token(input));
    assert!(good >= 4 && bad >= 20, "the seeds reach both ends: {good} good, {bad} bad");
}

#[test]
fn every_header_of_the_corpus_gives_its_bearer_token_and_nothing_else() {
    let (good, bad) = tried("authorization", authorization::try_header);
    assert!(good >= 4 && bad >= 8, "the seeds reach both ends: {good} good, {bad} bad");
}
