//! How somebody proved who they are: the claims `amr` (RFC 8176) and `acr` (RFC 9068 section 2.2.1).

use std::collections::BTreeSet;

/// One thing that was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Password,
    /// A code of an authenticator app, or one that was kept for the day it is lost.
    OneTimeCode,
    /// A passkey: the possession of its private key.
    Passkey,
    /// The passkey's device has checked that it is its owner: by fingerprint, face or PIN.
    UserVerified,
    /// An administrator let them in without their second factor, once.
    Bypass,
}

impl Method {
    const ALL: [(&'static str, Self); 5] = [
        ("pwd", Self::Password),
        ("otp", Self::OneTimeCode),
        ("hwk", Self::Passkey),
        ("user", Self::UserVerified),
        ("bypass", Self::Bypass),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, method)| *method == self).map_or("", |(word, _)| *word)
    }
}

/// All that was proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amr(BTreeSet<Method>);

impl Amr {
    pub fn of<const N: usize>(methods: [Method; N]) -> Self {
        Self(BTreeSet::from(methods))
    }

    #[must_use]
    pub fn and(mut self, method: Method) -> Self {
        self.0.insert(method);
        self
    }

    /// Whether two things of different kinds were proven: something known, held, or of the body.
    pub fn is_multi_factor(&self) -> bool {
        let proven = |method| self.0.contains(&method);
        let second = proven(Method::OneTimeCode) || proven(Method::Passkey);
        proven(Method::Password) && second || proven(Method::Passkey) && proven(Method::UserVerified)
    }

    /// Whether an administrator vouched for them in place of a second factor.
    pub fn is_bypass(&self) -> bool {
        self.0.contains(&Method::Bypass)
    }

    /// Whether nothing more is asked of somebody who has a second factor.
    pub fn suffices(&self) -> bool {
        self.is_multi_factor() || self.is_bypass()
    }

    /// The words of `amr`. That an administrator let them in is for the log, not for apps.
    pub fn words(&self) -> Vec<&'static str> {
        let proven = self.0.iter().filter(|method| **method != Method::Bypass).map(|method| method.word());
        proven.chain(self.is_multi_factor().then_some("mfa")).collect()
    }

    /// The claim `acr`: the authenticator assurance level (NIST SP 800-63B) that this comes nearest to.
    pub fn acr(&self) -> &'static str {
        if self.is_multi_factor() { "aal2" } else { "aal1" }
    }

    /// As it stands in the database.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|method| method.word()).collect::<Vec<_>>().join(" ")
    }

    /// Reads that; words that mean nothing here (`mfa`, which follows from the others) are left out.
    pub fn from_text(text: &str) -> Self {
        let known = |word: &str| Method::ALL.iter().find(|(own, _)| *own == word).map(|(_, method)| *method);
        Self(text.split_ascii_whitespace().filter_map(known).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_of_proof_are_two_factors() {
        for (methods, multi) in [("pwd", false), ("otp", false), ("hwk", false), ("pwd otp", true), ("hwk user", true)]
        {
            assert_eq!(Amr::from_text(methods).is_multi_factor(), multi, "{methods}");
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_what_apps_see_says_mfa() {
        let amr = Amr::of([Method::Password]).and(Method::OneTimeCode);
        assert_eq!(Amr::from_text(&amr.to_text()), amr);
        assert_eq!((amr.words(), amr.acr()), (vec!["pwd", "otp", "mfa"], "aal2"));
    }

    #[test]
    fn a_bypass_suffices_and_is_no_second_factor() {
        let amr = Amr::of([Method::Password, Method::Bypass]);
        assert!(amr.suffices() && !amr.is_multi_factor());
        assert_eq!((amr.words(), amr.acr()), (vec!["pwd"], "aal1"));
    }
}
