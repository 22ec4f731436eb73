//! `vestibule config`.

use serde_json::{Map, Value};

use crate::config::Config;

pub fn run(config: &Config, json: bool) -> Result<(), String> {
    if json {
        let object: Map<String, Value> =
            config.shown().iter().map(|one| (one.setting.name.to_owned(), one.value.clone().into())).collect();
        return super::print_json(&object);
    }
    config.shown().iter().for_each(|one| super::print(&format!("{}={}", one.setting.name, one.value)));
    Ok(())
}
