//! Sending mail: over SMTP, or into a folder where no server is set. Knows what a mail is, and nothing of what it is for.

mod folder;
mod message;
mod smtp;

use std::path::PathBuf;

pub use message::{Mail, Sender};
pub use smtp::SmtpUrl;

/// Why a mail did not go out; the words are for an administrator.
#[derive(Debug)]
pub enum Trouble {
    /// No server took the connection: the next mail would fare no better.
    Server(String),
    /// This mail was not taken.
    Mail(String),
}

impl Trouble {
    /// Longer ones are cut: a server may say anything.
    const LONGEST: usize = 300;

    pub fn words(&self) -> String {
        let (Self::Server(words) | Self::Mail(words)) = self;
        words.chars().filter(|c| !c.is_control()).take(Self::LONGEST).collect()
    }
}

/// Where mail goes, and from whom.
#[derive(Clone)]
pub struct Mailer {
    way: Way,
    sender: Sender,
    /// The host in each `Message-ID`, and how we greet a server.
    host: String,
}

#[derive(Clone)]
enum Way {
    Smtp(smtp::Smtp),
    Folder(PathBuf),
}

impl Mailer {
    /// # Errors
    /// One sentence where the certificates that the URL names can't be used.
    pub fn over_smtp(url: &SmtpUrl, sender: Sender, host: &str) -> Result<Self, String> {
        Ok(Self { way: Way::Smtp(smtp::Smtp::new(url, host)?), sender, host: host.to_owned() })
    }

    /// Writes each mail to a file of its own.
    pub fn into_folder(folder: PathBuf, host: &str) -> Self {
        Self { way: Way::Folder(folder), sender: Sender::of_host(host), host: host.to_owned() }
    }

    /// The folder that mails are written to, where they go no further.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            Way::Smtp(_) => None,
        }
    }

    /// Whether the server that is set takes mail from us; nothing is sent. Without one there is nothing to ask.
    ///
    /// # Errors
    /// A [`Trouble`].
    pub async fn reach(&self) -> Result<(), Trouble> {
        match &self.way {
            Way::Smtp(smtp) => smtp.reach().await,
            Way::Folder(_) => Ok(()),
        }
    }

    /// # Errors
    /// A [`Trouble`]: nobody can say then that the mail was not delivered all the same.
    pub async fn send(&self, mail: &Mail) -> Result<(), Trouble> {
        let message = message::build(mail, &self.sender, &self.host).map_err(Trouble::Mail)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await,
            Way::Folder(folder) => folder::write(folder, mail, &message.formatted()),
        }
    }
}
