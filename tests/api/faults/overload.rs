//! Twice as many sign-ins as the machine can check passwords for: the rest is told to come again, and whoever has a token notices
//! nothing. A time is a ratio here, for nobody knows what else this machine does; `make soak` holds it to milliseconds.

use std::time::Duration;

use futures_util::future::join;

use super::traffic::{Answered, Request, at_a_rate, closed_loop, quantile, run};
use super::{QUIET, SECOND, figure, scaled, signed_in};
use crate::harness::binary::Process;
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, soaks};

/// Bearer requests a second; as many as the measurement of decision 0005 had.
const BEARERS: f64 = 400.0;
/// What the issue promises for them.
const PROMISED: Duration = Duration::from_millis(20);

fn split(answered: Vec<Answered>) -> (Vec<Answered>, Vec<Answered>) {
    assert!(answered.iter().all(|one| matches!(one.status, 200 | 503)));
    answered.into_iter().partition(|one| one.status == 200)
}

#[test]
fn a_flood_of_sign_ins_is_shed_and_whoever_has_a_token_is_answered_as_before() {
    let home = Home::new(Copy::Peopled);
    let cost = if soaks() { "12" } else { "10" };
    let server = Process::serve(&home, &[("BCRYPT_COST", cost), QUIET]);
    let port = server.port();
    let bearer = format!("Bearer {}", signed_in(&server, "alice").access());
    let bearer = Request::get(port, "/protected", &[("authorization", bearer.as_str())]);
    let sign_in = Request::form(port, "/token", &[("username", "alice"), ("password", PASSWORD)]);
    // What the machine can check now, it may not in a moment: the short run asks for more than enough.
    let times = if soaks() { 2.0 } else { 4.0 };
    let rate = if soaks() { BEARERS } else { BEARERS / 8.0 };
    let span = SECOND * u32::try_from(scaled(2, 60)).expect("seconds");
    let before = run(at_a_rate(port, &bearer, rate, span.min(SECOND * 10)));
    let capacity = closed_loop(std::slice::from_ref(&sign_in), 4, span.min(SECOND * 10));
    // And never so few that the waiting places take them all.
    let flood = (capacity * times).max(60.0);
    let (bearers, sign_ins) =
        run(async { join(at_a_rate(port, &bearer, rate, span), at_a_rate(port, &sign_in, flood, span)).await });
    assert!(bearers.iter().all(|one| one.status == 200));
    let (served, shed) = split(sign_ins);
    let per_second = served.len() as f64 / span.as_secs_f64();
    let [quiet, flooded] = [&before, &bearers].map(|all| (quantile(all, 0.5), quantile(all, 0.99)));
    figure("sign-ins a second that it can check", format!("{capacity:.1}"));
    figure("of twice as many, served a second", format!("{per_second:.1}"));
    figure("bearer p50 and p99 before", format!("{quiet:?}"));
    figure("bearer p50 and p99 meanwhile", format!("{flooded:?}"));
    figure("time to tell the rest to come again, p99", format!("{:?}", quantile(&shed, 0.99)));
    assert!(per_second > capacity / times, "it goes on to check: {per_second} of {capacity}");
    assert!(!shed.is_empty() && !served.is_empty());
    assert!(flooded.0 * 4 < quantile(&served, 0.5), "{flooded:?}");
    assert!(!soaks() || flooded.1 < PROMISED, "{flooded:?}");
}
