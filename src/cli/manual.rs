//! `vestibule manual`: the manual pages, one for each command, from the definition of the command line and the list of
//! settings.

use std::fs::OpenOptions;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::config::SETTINGS;

const FILES: [(&str, &str); 2] = [
    (".env", "Settings, one NAME=VALUE a line; in the working directory, or the nearest above it that has one."),
    ("data/", "The database, the secret key and the snapshots; DATA_DIR names another folder."),
];
const EXIT_CODES: [(&str, &str); 3] =
    [("0", "Done."), ("1", "It failed; one line on standard error says why."), ("2", "Wrong use.")];

/// Writes the pages into a folder that is there.
pub fn run(folder: &Path) -> Result<(), String> {
    write(folder).map_err(|error| format!("the pages can't be written into {}: {error}", folder.display()))
}

fn write(folder: &Path) -> std::io::Result<()> {
    let mut whole = super::Arguments::command().disable_help_subcommand(true);
    whole.build();
    whole.get_subcommands().try_for_each(|command| write_pages(command, folder))?;
    let page = Man::new(whole).generate_to(folder)?;
    more().to_writer(&mut OpenOptions::new().append(true).open(page)?)
}

fn write_pages(command: &Command, folder: &Path) -> std::io::Result<()> {
    command.get_subcommands().try_for_each(|part| write_pages(part, folder))?;
    Man::new(command.clone()).generate_to(folder).map(drop)
}

/// What all commands have in common.
fn more() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    for setting in SETTINGS {
        let default = setting.default.map(|value| format!(" ({value})")).unwrap_or_default();
        roff.control("TP", []);
        roff.text([bold(setting.name), roman(default)]);
        roff.text([roman(setting.meaning)]);
    }
    for (title, entries) in [("FILES", &FILES[..]), ("EXIT STATUS", &EXIT_CODES[..])] {
        roff.control("SH", [title]);
        for (name, meaning) in entries {
            roff.control("TP", []);
            roff.text([bold(*name)]);
            roff.text([roman(*meaning)]);
        }
    }
    roff
}
