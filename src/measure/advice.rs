//! Which cost fits: as high as people can wait for, and as the machine can carry.

use serde::Serialize;

use super::Hashing;
use crate::config::LOWEST_BCRYPT_COST;

/// Milliseconds that a person may wait for their password to be checked.
pub const PATIENCE_MS: f64 = 250.0;

#[derive(Debug, PartialEq, Serialize)]
pub struct Advice {
    pub cost: u32,
    /// Sign-ins a second that were asked for.
    pub wanted: Option<f64>,
    /// Whether the cost keeps both limits; where none does, it is the lowest there is.
    pub fits: bool,
}

/// `measured` has at least the lowest cost, and they ascend.
pub(super) fn on(measured: &[Hashing], wanted: Option<f64>) -> Advice {
    let carries = |one: &Hashing| wanted.is_none_or(|wanted| one.checks_per_second >= wanted);
    let fits = |one: &&Hashing| one.check_ms <= PATIENCE_MS && carries(one);
    let highest = measured.iter().rev().find(fits);
    let lowest = measured.first().map_or(LOWEST_BCRYPT_COST, |one| one.cost);
    Advice { cost: highest.map_or(lowest, |one| one.cost), wanted, fits: highest.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine of two cores, whose cost 10 takes so long.
    fn machine(check_ms: f64) -> Vec<Hashing> {
        let at = |cost: u32| {
            let check_ms = check_ms * f64::from(1 << (cost - 10));
            Hashing { cost, check_ms, checks_per_second: 2000.0 / check_ms }
        };
        (10..=15).map(at).collect()
    }

    #[test]
    fn the_highest_cost_is_recommended_that_people_can_wait_for() {
        assert_eq!(on(&machine(59.0), None), Advice { cost: 12, wanted: None, fits: true });
        assert_eq!(on(&machine(12.0), None).cost, 14);
        assert_eq!(on(&machine(1.0), None).cost, 15);
    }

    #[test]
    fn it_is_lower_where_more_sign_ins_are_to_be_carried() {
        assert_eq!(on(&machine(59.0), Some(20.0)).cost, 10);
        assert_eq!(on(&machine(59.0), Some(5.0)).cost, 12);
    }

    #[test]
    fn where_none_fits_the_lowest_is_recommended_and_said_not_to_fit() {
        assert_eq!(on(&machine(400.0), None), Advice { cost: 10, wanted: None, fits: false });
        assert_eq!(on(&machine(59.0), Some(500.0)), Advice { cost: 10, wanted: Some(500.0), fits: false });
    }
}
