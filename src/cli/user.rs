//! `vestibule user`: the same use cases as in the browser, done by whoever has the machine.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;
use serde::Serialize;

use crate::access::Caller;
use crate::accounts::{self, Filter, Standing, User};
use crate::app::App;
use crate::credentials;
use crate::platform::ids::UserId;
use crate::platform::secret::Password;
use crate::platform::time::UnixTime;
use crate::signin::{self, Registration, Role, recognise};

#[derive(Subcommand)]
pub enum Command {
    /// Make an account; the password is asked for, or read from standard input
    Add {
        name: String,
        #[arg(long)]
        email: String,
        /// A role; may be given several times (default: user)
        #[arg(long = "role")]
        roles: Vec<String>,
    },
    /// List everybody
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set somebody's password; it is asked for, or read from standard input
    SetPassword { name: String },
    /// Stop somebody: every session and token of theirs ends
    Disable { name: String },
    /// Let somebody act again
    Enable { name: String },
}

/// Read at a time while listing.
const PAGE: usize = 500;

pub async fn run(app: &App, command: Command) -> Result<(), String> {
    let operator = recognise::operator(app).await.map_err(|fault| app.config.explain(&fault))?;
    match command {
        Command::Add { name, email, roles } => add(app, &operator, name, email, roles).await,
        Command::List { json } => list(app, &operator, json).await,
        Command::SetPassword { name } => {
            let user = named(app, &operator, name).await?;
            let password = ask_password()?;
            let set = credentials::reset(app, &operator, user.id, password).await;
            set.map_err(|why| super::sentence::credentials(app, why))?;
            super::print(&format!("The password of {} was set; they are signed out everywhere.", user.username));
            Ok(())
        }
        Command::Disable { name } => {
            let id = named(app, &operator, name).await?.id;
            let user = accounts::disable(app, &operator, id).await.map_err(|why| super::sentence::account(app, why))?;
            super::print(&format!("{} is disabled; every session and token of theirs has ended.", user.username));
            Ok(())
        }
        Command::Enable { name } => {
            let id = named(app, &operator, name).await?.id;
            let user = accounts::enable(app, &operator, id).await.map_err(|why| super::sentence::account(app, why))?;
            super::print(&format!("{} is enabled.", user.username));
            Ok(())
        }
    }
}

async fn add(app: &App, operator: &Caller, name: String, email: String, roles: Vec<String>) -> Result<(), String> {
    let password = Some(ask_password()?);
    let role = if roles.is_empty() { Role::User } else { Role::Chosen(roles) };
    let typed = Registration { username: name, email, name: String::new(), password };
    let user = signin::create(app, operator, typed, role).await.map_err(|why| super::sentence::signin(app, why))?;
    super::print(&format!("{} was made, with the id {}.", user.username, user.id));
    Ok(())
}

async fn named(app: &App, operator: &Caller, name: String) -> Result<User, String> {
    let found = accounts::look_up_named(app, operator, name.clone()).await;
    found.map_err(|why| match why {
        accounts::Refusal::NoSuchUser => format!("there is no user called {name:?}"),
        why => super::sentence::account(app, why),
    })
}

/// One line of the list.
#[derive(Serialize)]
struct Line {
    id: UserId,
    username: String,
    email: String,
    name: Option<String>,
    roles: Vec<String>,
    disabled: bool,
    created_at: UnixTime,
}

async fn list(app: &App, operator: &Caller, json: bool) -> Result<(), String> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let filter = Filter { after: after.take(), limit: PAGE, ..Filter::default() };
        let found = accounts::search(app, operator, filter).await.map_err(|why| super::sentence::account(app, why))?;
        let page = found.page;
        lines.extend(page.items.into_iter().map(line));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    if json {
        return super::print_json(&lines);
    }
    for line in lines {
        let state = if line.disabled { "disabled" } else { "active" };
        super::print(&format!("{:<24} {:<32} {state:<8} {}", line.username, line.email, line.roles.join(",")));
    }
    Ok(())
}

fn line(user: User) -> Line {
    Line {
        id: user.id,
        username: user.username,
        email: user.email,
        name: user.name,
        roles: user.roles,
        disabled: user.standing == Standing::Disabled,
        created_at: user.created_at,
    }
}

/// Never an argument: those can be read by everybody on the machine.
fn ask_password() -> Result<Password, String> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map(Password::new).map_err(|e| format!("no password: {e}"));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| format!("no password on standard input: {e}"))?;
    Ok(Password::new(line.trim_end_matches(['\r', '\n'])))
}
