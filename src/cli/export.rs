//! `vestibule export`.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::App;
use crate::signin::recognise;
use crate::transfer::export::{self, Form, Secrets};

#[derive(Args)]
pub struct Arguments {
    /// jsonl or csv
    #[arg(long, default_value = "jsonl", value_parser = form)]
    format: Form,
    /// A new file that nobody else can read, in place of standard output
    #[arg(long)]
    output: Option<PathBuf>,
    /// Leave out hashes of passwords and secrets of authenticator apps
    #[arg(long)]
    without_secrets: bool,
}

fn form(name: &str) -> Result<Form, String> {
    Form::named(name).ok_or_else(|| "it may be jsonl or csv".into())
}

pub async fn run(app: &App, arguments: Arguments) -> Result<(), String> {
    let operator = recognise::operator(app).await.map_err(|fault| app.config.explain(&fault))?;
    let secrets = if arguments.without_secrets { Secrets::Without } else { Secrets::With };
    let begun = export::begin(app, &operator, arguments.format, Some(secrets)).await;
    let mut export = begun.map_err(|why| super::sentence::transfer(app, why))?;
    let mut out = Out::open(arguments.output.as_deref())?;
    while let Some(text) = export.next(app).await.map_err(|fault| app.config.explain(&fault))? {
        if !out.write(&text)? {
            return Ok(());
        }
    }
    let warning = match secrets {
        Secrets::With => {
            "; password hashes and secrets of authenticator apps are among it: keep it as you keep passwords"
        }
        Secrets::Without => "",
    };
    let _ = writeln!(std::io::stderr(), "{} users were exported{warning}.", export.users);
    Ok(())
}

enum Out {
    File(File, String),
    Pipe,
}

impl Out {
    /// A file that is there is not written over: it may be the only copy.
    fn open(path: Option<&Path>) -> Result<Self, String> {
        let Some(path) = path else { return Ok(Self::Pipe) };
        let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
        let shown = path.display().to_string();
        file.map(|file| Self::File(file, shown)).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => format!("{} is there already", path.display()),
            _ => format!("{} can't be made: {error}", path.display()),
        })
    }

    /// `false` where nobody reads any more.
    fn write(&mut self, text: &str) -> Result<bool, String> {
        match self {
            Self::File(file, name) => file
                .write_all(text.as_bytes())
                .map(|()| true)
                .map_err(|error| format!("{name} can't be written: {error}")),
            Self::Pipe => Ok(super::write(text)),
        }
    }
}
