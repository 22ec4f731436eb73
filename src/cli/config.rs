//! `vestibule config`.

use serde_json::{Map, Value};

use crate::config::Config;

pub fn run(config: &Config, json: bool) -> Result<(), String> {
    if json {
        let object: Map<String, Value> =
            config.shown().iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        return super::print_json(&object);
    }
    config.shown().iter().for_each(|(name, value)| super::print(&format!("{name}={value}")));
    Ok(())
}
