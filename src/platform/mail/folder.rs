//! Mail where no server is set: a file each, for the owner alone, since links in mails are secrets.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::{Mail, Trouble};

pub(super) fn write(folder: &Path, mail: &Mail, bytes: &[u8]) -> Result<(), Trouble> {
    let moment = mail.at.rfc3339().replace(':', "");
    let file = folder.join(format!("{moment}-{}.eml", mail.id));
    let part = file.with_extension("part");
    // Whoever watches the folder never sees half a mail.
    let written = make(folder).and_then(|()| put(&part, bytes)).and_then(|()| std::fs::rename(&part, &file));
    written.map_err(|error| Trouble::Server(format!("{} can't be written: {error}", file.display())))?;
    tracing::info!(file = %file.display(), "a mail was written to a file, because no SMTP_URL is set");
    Ok(())
}

fn make(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn put(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(file)?.write_all(bytes)
}
