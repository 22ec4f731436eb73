//! A mail as it travels (RFC 5322): text and HTML, nothing fetched from elsewhere, marked as sent by a program.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use crate::platform::time::UnixTime;

/// A mail to one address.
pub struct Mail {
    /// Unique: it becomes the `Message-ID`, the same at each try, so that a second copy is known as one.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub at: UnixTime,
}

/// Whom mail is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// An address, or a name with an address: `Example <no-reply@example.com>`.
    ///
    /// # Errors
    /// Says what it may be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map(Self).map_err(|_| "an address such as no-reply@example.com, or Name <no-reply@example.com>")
    }

    /// For mail that leaves the machine nowhere.
    pub(super) fn of_host(host: &str) -> Self {
        let address = Address::new("vestibule", host).or_else(|_| Address::new("vestibule", "localhost"));
        Self(Mailbox::new(Some("Vestibule".to_owned()), address.unwrap_or_else(|_| unreachable!("it is an address"))))
    }
}

impl std::fmt::Display for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// # Errors
/// What is wrong with the recipient.
pub(super) fn build(mail: &Mail, sender: &Sender, host: &str) -> Result<Message, String> {
    let to: Address = mail.to.parse().map_err(|error| format!("no mail can be addressed to {:?}: {error}", mail.to))?;
    let millis = u64::try_from(mail.at.millis()).unwrap_or(0);
    Message::builder()
        .from(sender.0.clone())
        .to(Mailbox::new(None, to))
        // A line break would begin another header.
        .subject(mail.subject.replace(|c: char| c.is_control(), " "))
        .date(UNIX_EPOCH + Duration::from_millis(millis))
        .message_id(Some(format!("<{}@{host}>", mail.id)))
        // RFC 3834 section 5: nobody's auto-responder answers it.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, subject: &str) -> Mail {
        let (id, at) = ("abc".to_owned(), UnixTime::from_seconds(1_893_456_000));
        Mail { id, to: to.to_owned(), subject: subject.to_owned(), text: "Text".into(), html: "<p>Text".into(), at }
    }

    fn written(mail: &Mail) -> Result<String, String> {
        let sender = Sender::parse("Example <no-reply@example.com>")?;
        build(mail, &sender, "id.example.com").map(|message| String::from_utf8_lossy(&message.formatted()).into_owned())
    }

    #[test]
    fn a_mail_says_that_a_program_sent_it_and_under_which_id() {
        let text = written(&mail("o'neil@example.com", "Grüße")).expect("a mail");
        for line in ["Message-ID: <abc@id.example.com>", "Auto-Submitted: auto-generated", "multipart/alternative"] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(text.contains("Tue, 01 Jan 2030 00:00:00 +0000"), "{text}");
    }

    #[test]
    fn nothing_in_a_name_or_an_address_begins_another_header() {
        let text = written(&mail("a@example.com", "Hello\r\nBcc: eve@example.com")).expect("a mail");
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
        for bad in ["a@example.com\r\nBcc: eve@example.com", "a@example.com, eve@example.com", "<a@example.com>", ""] {
            assert!(written(&mail(bad, "Hello")).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_that_an_account_can_have_can_be_written_to() {
        for good in ["root@localhost", "alice+tag@example.com", "jörg@müller.example", "a!#$%&'*+-/=?^_`{|}~@b.co"] {
            assert!(written(&mail(good, "Hello")).is_ok(), "{good}");
        }
    }
}
