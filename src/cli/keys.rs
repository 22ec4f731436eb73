//! `vestibule keys`.

use clap::Subcommand;

use crate::app::App;
use crate::tokens::keys;

#[derive(Subcommand)]
pub enum Command {
    /// List the signing keys
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(app: &App, command: Command) -> Result<(), String> {
    let Command::List { json } = command;
    let keys = keys::list(app).await.map_err(|fault| app.config.explain(&fault))?;
    if json {
        return super::print_json(&keys);
    }
    for key in keys {
        let state = if key.signs { "signs" } else { "verifies" };
        super::print(&format!("{}  {:<6} {state:<8}  {}", key.kid, key.algorithm, key.created_at.rfc3339()));
    }
    Ok(())
}
