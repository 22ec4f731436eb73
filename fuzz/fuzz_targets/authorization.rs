#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../properties/authorization.rs"]
mod authorization;

fuzz_target!(|input: &[u8]| {
    authorization::try_header(input);
});
