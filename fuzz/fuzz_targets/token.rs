#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../properties/token.rs"]
mod token;

static HOUSE: LazyLock<token::House> = LazyLock::new(token::House::open);

fuzz_target!(|input: &[u8]| {
    HOUSE.try_token(input);
});
