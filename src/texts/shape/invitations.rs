//! What is said about invitations, to whoever makes one and to whoever follows one.

use crate::texts::{Texts, fill};

pub struct Invitations {
    pub title: &'static str,
    pub about: &'static str,
    pub invite: &'static str,
    pub none_title: &'static str,
    pub none: &'static str,
    pub closed: &'static str,
    pub to: &'static str,
    pub by: &'static str,
    pub expires: &'static str,
    pub accounts: &'static str,
    pub state: &'static str,
    pub open: &'static str,
    pub used: &'static str,
    pub expired: &'static str,
    pub withdrawn: &'static str,
    pub withdraw: &'static str,
    pub anybody: &'static str,
    pub new_title: &'static str,
    pub new_about: &'static str,
    pub email: &'static str,
    pub email_help: &'static str,
    pub days: &'static str,
    pub days_help: &'static str,
    pub uses: &'static str,
    pub uses_help: &'static str,
    pub send: &'static str,
    pub made_title: &'static str,
    pub made_about: &'static str,
    pub until: &'static str,
    pub is_invited: &'static str,
    pub is_withdrawn: &'static str,
    pub their_address: &'static str,
    pub over_title: &'static str,
    pub over: &'static str,
    pub over_mend: &'static str,
    pub(in crate::texts) invited_by: &'static str,
}

impl Texts {
    pub fn invited_by(&self, who: &str) -> String {
        fill(self.invitations.invited_by, who)
    }
}
