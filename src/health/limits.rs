//! Are tries at passwords counted?

use super::Finding;
use crate::app::App;
use crate::config::Switch;

pub(super) fn look(app: &App) -> Finding {
    match app.config.rate_limits {
        Switch::On => Finding::LimitsOn,
        Switch::Off => Finding::LimitsOff,
    }
}
