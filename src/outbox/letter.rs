//! A letter as data: what it is about and to whom it goes. Its words are found when it is sent.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access::Origin;
use crate::platform::secret::{OpaqueToken, ShortCode};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What a letter tells.
    Kind {
        /// To a new account: is this address yours?
        VerifyAddress = "verify_address",
        /// To an address that somebody wants to have: is it yours?
        ChangeAddress = "change_address",
        ResetPassword = "reset_password",
        /// To the address before, while the new one waits to be verified.
        AddressChangeAsked = "address_change_asked",
        /// To the address before.
        AddressChanged = "address_changed",
        PasswordChanged = "password_changed",
        NewDevice = "new_device",
        FactorAdded = "factor_added",
        FactorRemoved = "factor_removed",
        RecoveryCodeUsed = "recovery_code_used",
        Invitation = "invitation",
    }
}

impl Kind {
    /// Whether it is of no use without its link.
    pub fn has_secret(self) -> bool {
        matches!(
            self,
            Self::VerifyAddress | Self::ChangeAddress | Self::ResetPassword | Self::NewDevice | Self::Invitation
        )
    }
}

words! {
    /// What became of a letter.
    State {
        /// It is to be sent, now or later.
        Waiting = "waiting",
        Sent = "sent",
        /// Nobody tries any longer.
        Failed = "failed",
    }
}

/// What is to be sent.
pub struct Letter {
    pub kind: Kind,
    pub to: String,
    /// What the recipient's browser said of the languages that they read.
    pub languages: String,
    pub about: About,
    pub secret: Option<Secret>,
    /// No use in sending it later than that.
    pub lives: Duration,
}

/// What a letter says, beside its secret: nothing that opens anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub username: String,
    /// Another mail address that the letter speaks of.
    pub other: Option<String>,
    /// What a second factor is called.
    pub factor: Option<String>,
    /// The device that it was done with, as it calls itself.
    pub user_agent: Option<String>,
    /// The address on the network that it was done from.
    pub source: Option<String>,
}

/// A link's token, and for some a code to type in its place.
pub struct Secret {
    pub token: OpaqueToken,
    pub code: Option<ShortCode>,
}

impl Letter {
    /// How long a letter is tried where nothing in it ends sooner.
    pub const LIVES: Duration = Duration::from_secs(3 * 86_400);

    /// A letter that tells somebody what was done, and from where.
    pub fn notice(kind: Kind, to: &str, username: &str, origin: &Origin) -> Self {
        let about = About {
            username: username.to_owned(),
            user_agent: Some(origin.user_agent.clone()).filter(|said| !said.is_empty()),
            source: Some(origin.address.clone()).filter(|said| !said.is_empty()),
            ..About::default()
        };
        Self { kind, to: to.to_owned(), languages: origin.languages.clone(), about, secret: None, lives: Self::LIVES }
    }

    /// The same with a link, and no use beyond its life.
    pub fn with_secret(self, secret: Secret, lives: Duration) -> Self {
        Self { secret: Some(secret), lives: lives.min(Self::LIVES), ..self }
    }

    pub fn about_other(mut self, address: &str) -> Self {
        self.about.other = Some(address.to_owned());
        self
    }

    pub fn about_factor(mut self, name: &str) -> Self {
        self.about.factor = Some(name.to_owned());
        self
    }
}

impl Secret {
    pub(super) fn as_text(&self) -> String {
        format!("{}\n{}", self.token.reveal(), self.code.as_ref().map_or("", ShortCode::reveal))
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (token, code) = text.split_once('\n')?;
        Some(Self { token: OpaqueToken::sent(token), code: ShortCode::typed(code) })
    }
}
