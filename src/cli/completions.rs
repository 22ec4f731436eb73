//! `vestibule completions`: what a shell offers after the Tab key, from the definition of the command line.

use clap::CommandFactory;
use clap_complete::Shell;

pub fn run(shell: Shell) -> Result<(), String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::Arguments::command(), "vestibule", &mut script);
    super::print(String::from_utf8(script).map_err(|e| e.to_string())?.trim_end());
    Ok(())
}
