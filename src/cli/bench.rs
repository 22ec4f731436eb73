//! `vestibule bench`: what this machine gives, and the cost of bcrypt that fits it.

use clap::Args;
use clap::builder::RangedI64ValueParser;

use crate::config::{Config, HIGHEST_BCRYPT_COST, LOWEST_BCRYPT_COST};
use crate::measure::{self, Advice, Hashing, Measured};

#[derive(Args)]
pub struct Arguments {
    /// So many sign-ins a second are to be carried
    #[arg(long, value_name = "PER_SECOND")]
    sign_ins: Option<f64>,
    /// The highest cost to try; 15 takes some seconds
    #[arg(long, default_value_t = HIGHEST_BCRYPT_COST, value_parser = costs())]
    up_to: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn costs() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(LOWEST_BCRYPT_COST)..=i64::from(HIGHEST_BCRYPT_COST))
}

pub fn run(config: &Config, arguments: &Arguments) -> Result<(), String> {
    let wanted = measure::Wanted { sign_ins: arguments.sign_ins, up_to: arguments.up_to };
    if arguments.json {
        return super::print_json(&measure::run(config, &wanted, |_| {})?);
    }
    super::print("BCRYPT_COST   one check   checks/s on all cores");
    let measured = measure::run(config, &wanted, |one| super::print(&line(one, config.bcrypt_cost)))?;
    super::print(&format!("\n{}", sentences(&measured)));
    Ok(())
}

fn line(one: &Hashing, in_force: u32) -> String {
    let mark = if one.cost == in_force { "   in force" } else { "" };
    format!("{:>11} {:>8.1} ms {:>23.1}{mark}", one.cost, one.check_ms, one.checks_per_second)
}

fn sentences(measured: &Measured) -> String {
    let Measured { signing, writing, sign_in, advice, .. } = measured;
    let sign_in = sign_in.as_ref().map_or_else(String::new, |one| {
        format!(
            "A sign-in takes {:.0} ms with BCRYPT_COST={}: {:.1} for the password, {:.2} for the commit, {:.2} for the \
             signature.\n",
            one.takes_ms, one.cost, one.check_ms, writing.commit_ms, signing.sign_ms
        )
    });
    format!(
        "{sign_in}Signatures ({}), on one core: {:.0}/s made, {:.0}/s checked.\n\
         Commits ({}): {:.0}/s one after the other, {:.0}/s from {} at once.\n\n\
         Recommended: BCRYPT_COST={}, {}.",
        signing.algorithm,
        1000.0 / signing.sign_ms,
        1000.0 / signing.check_ms,
        writing.database,
        1000.0 / writing.commit_ms,
        writing.together_per_second,
        measure::TOGETHER,
        advice.cost,
        reason(advice)
    )
}

fn reason(advice: &Advice) -> String {
    let patience = format!("{:.0} ms", measure::PATIENCE_MS);
    match (advice.fits, advice.wanted) {
        (true, None) => format!("the highest whose check takes at most {patience}"),
        (true, Some(wanted)) => {
            format!("the highest whose check takes at most {patience} and that carries {wanted} sign-ins a second")
        }
        (false, None) => format!("the lowest there is, though its check takes more than {patience} here"),
        (false, Some(wanted)) => format!(
            "the lowest there is, though here it does not both carry {wanted} sign-ins a second and stay within {patience}"
        ),
    }
}
