//! The letters: what all have in common, and each kind's words. In a paragraph, `{name}` is the username, `{other}` another
//! address, `{factor}` a second factor.

use crate::outbox::Kind;

pub struct Letters {
    pub(in crate::texts) hello: &'static str,
    pub or_type: &'static str,
    pub device: &'static str,
    pub place: &'static str,
    pub when: &'static str,
    pub(in crate::texts) why: &'static str,
    pub(in crate::texts) verify_address: Letter,
    pub(in crate::texts) change_address: Letter,
    pub(in crate::texts) reset_password: Letter,
    pub(in crate::texts) address_change_asked: Letter,
    pub(in crate::texts) address_changed: Letter,
    pub(in crate::texts) password_changed: Letter,
    pub(in crate::texts) new_device: Letter,
    pub(in crate::texts) factor_added: Letter,
    pub(in crate::texts) factor_removed: Letter,
    pub(in crate::texts) recovery_code_used: Letter,
    pub(in crate::texts) invitation: Letter,
    pub(in crate::texts) why_invited: &'static str,
}

/// One kind's words.
pub struct Letter {
    pub subject: &'static str,
    /// Before the link.
    pub says: &'static str,
    /// What stands on the link.
    pub link: &'static str,
    /// After the link: until when it counts, and what to do if it was not the reader.
    pub ends: &'static str,
}

impl Letters {
    pub fn of(&self, kind: Kind) -> &Letter {
        match kind {
            Kind::VerifyAddress => &self.verify_address,
            Kind::ChangeAddress => &self.change_address,
            Kind::ResetPassword => &self.reset_password,
            Kind::AddressChangeAsked => &self.address_change_asked,
            Kind::AddressChanged => &self.address_changed,
            Kind::PasswordChanged => &self.password_changed,
            Kind::NewDevice => &self.new_device,
            Kind::FactorAdded => &self.factor_added,
            Kind::FactorRemoved => &self.factor_removed,
            Kind::RecoveryCodeUsed => &self.recovery_code_used,
            Kind::Invitation => &self.invitation,
        }
    }

    pub fn hello(&self, username: &str) -> String {
        self.hello.replace("{}", username)
    }

    /// Why somebody gets this mail at all.
    pub fn why(&self, kind: Kind, installation: &str) -> String {
        let pattern = if kind == Kind::Invitation { self.why_invited } else { self.why };
        pattern.replace("{}", installation)
    }
}
