//! What is said about mail: on pages, and in the letters themselves.

use super::Letters;
use crate::texts::{Texts, fill};

pub struct Mail {
    pub forgot: Forgot,
    pub reset: Reset,
    pub verify: Verify,
    pub not_me: NotMe,
    pub address: Address,
    pub outbox: Outbox,
    pub letters: Letters,
}

pub struct Forgot {
    /// The link on the sign-in page.
    pub link: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub send: &'static str,
    pub remembered: &'static str,
    pub sent_title: &'static str,
    pub sent: &'static str,
    pub sent_help: &'static str,
    pub have_code: &'static str,
}

pub struct Reset {
    pub title: &'static str,
    pub about: &'static str,
    pub code: &'static str,
    pub code_help: &'static str,
    pub set: &'static str,
    pub again: &'static str,
    pub over_title: &'static str,
    pub over: &'static str,
    pub done: &'static str,
}

pub struct Verify {
    pub title: &'static str,
    pub change_title: &'static str,
    pub about: &'static str,
    pub change_about: &'static str,
    pub confirm: &'static str,
    pub over_title: &'static str,
    pub over: &'static str,
    pub over_mend: &'static str,
    pub to_account: &'static str,
    pub done: &'static str,
}

pub struct NotMe {
    pub title: &'static str,
    pub about: &'static str,
    pub follows: &'static str,
    pub end: &'static str,
    pub over_title: &'static str,
    pub over: &'static str,
    pub over_mend: &'static str,
    pub done_title: &'static str,
    pub done: &'static str,
}

/// The part of the account page that is about the address.
pub struct Address {
    pub title: &'static str,
    pub about: &'static str,
    pub new: &'static str,
    pub change: &'static str,
    pub change_help: &'static str,
    pub code: &'static str,
    pub code_help: &'static str,
    pub confirm: &'static str,
    pub resend: &'static str,
    pub unverified: &'static str,
    pub(in crate::texts) pending: &'static str,
    pub(in crate::texts) keep: &'static str,
    pub asked: &'static str,
    pub sent: &'static str,
    pub kept: &'static str,
}

/// For administrators.
pub struct Outbox {
    pub title: &'static str,
    pub about: &'static str,
    pub(in crate::texts) no_server: &'static str,
    pub none_title: &'static str,
    pub none: &'static str,
    pub to: &'static str,
    pub kind: &'static str,
    pub state: &'static str,
    pub waiting: &'static str,
    pub sent: &'static str,
    pub failed: &'static str,
    pub tries: &'static str,
    pub posted: &'static str,
    pub send_now: &'static str,
    pub send_again: &'static str,
    pub on_its_way: &'static str,
    pub reset_title: &'static str,
    pub reset_about: &'static str,
    pub reset: &'static str,
    pub reset_sent: &'static str,
}

impl Texts {
    pub fn email_pending(&self, address: &str) -> String {
        fill(self.mail.address.pending, address)
    }
    pub fn keep_email(&self, address: &str) -> String {
        fill(self.mail.address.keep, address)
    }
    pub fn mails_are_files(&self, folder: &str) -> String {
        fill(self.mail.outbox.no_server, folder)
    }
}
