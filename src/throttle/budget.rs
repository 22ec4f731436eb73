//! What is counted, by what, and how strictly: every limit of the house stands in this file.

use std::net::IpAddr;
use std::time::Duration;

use super::bucket::Rule;
use crate::access::Origin;
use crate::platform::ids::UserId;
use crate::platform::network::network;
use crate::platform::secret::keyed_digest;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Few tries, then half a minute, growing to a quarter of an hour.
const GUESSES: Rule = Rule { free: 5, forgets_one_in: HOUR, first_stop: seconds(30), longest_stop: seconds(900) };
/// Somebody at their own browser mistypes more often than they are attacked there.
const OWN_DEVICE: Rule = Rule { free: 10, ..GUESSES };
/// A whole office has one address.
const ONE_ADDRESS: Rule =
    Rule { free: 30, forgets_one_in: seconds(20), first_stop: seconds(5), longest_stop: seconds(300) };
/// Never more than 10 seconds: whoever hammers an account must not lock its owner out.
const ONE_ACCOUNT: Rule =
    Rule { free: 20, forgets_one_in: seconds(30), first_stop: seconds(1), longest_stop: seconds(10) };
/// Five failures a second for good, over everybody: fewer than two cores can check, so that known devices find room.
const INSTALLATION: Rule =
    Rule { free: 600, forgets_one_in: Duration::from_millis(200), first_stop: seconds(1), longest_stop: seconds(2) };
/// A class of thirty signs up from one address.
const SIGN_UPS: Rule = Rule { free: 30, forgets_one_in: MINUTE, ..GUESSES };
const RESETS_FROM_ADDRESS: Rule = Rule { free: 10, forgets_one_in: seconds(300), ..GUESSES };
/// Short, for nobody shall keep somebody from a new password; mails go out once a minute at the most.
const RESETS_OF_ACCOUNT: Rule =
    Rule { free: 10, forgets_one_in: MINUTE, first_stop: seconds(10), longest_stop: MINUTE };
const CODES: Rule = Rule { free: 10, ..GUESSES };
/// Over all addresses: a guess a minute for good, which whoever knows the password can take from its owner.
const CODES_OF_ACCOUNT: Rule =
    Rule { free: 30, forgets_one_in: seconds(300), first_stop: seconds(10), longest_stop: MINUTE };
const MAILS: Rule = Rule { free: 5, forgets_one_in: seconds(600), first_stop: MINUTE, ..GUESSES };

/// Somebody who looks after users writes to one person several times for a reason, and not twenty times an hour.
const MAILS_BY_ADMINS: Rule = Rule { free: 10, ..MAILS };

/// A page of the sign-in asks for one by itself, so an office asks for many; each is a row for five minutes.
const CHALLENGES: Rule =
    Rule { free: 300, forgets_one_in: seconds(1), first_stop: seconds(1), longest_stop: seconds(10) };

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What somebody is about to try. Names come folded, as they are looked up, whether or not anybody has them.
pub enum Budget<'a> {
    /// A password for a sign-in name.
    SignIn {
        name: &'a str,
        client: Client,
    },
    /// The current password, by somebody who is signed in.
    CurrentPassword {
        user: &'a UserId,
    },
    SignUp,
    /// To be sent a way to a new password.
    PasswordReset {
        name: &'a str,
    },
    /// A code or the like, after the password.
    SecondFactor {
        user: &'a UserId,
    },
    /// To be asked for any passkey, by whoever.
    PasskeyChallenge,
    /// A mail to an address, asked for by whoever.
    Mail {
        to: &'a str,
    },
    /// A mail to an address, which need not be anybody's here, that an administrator has sent. It is counted apart: what others
    /// ask for keeps no invitation back.
    MailByAdmin {
        to: &'a str,
    },
}

/// At what somebody tries to sign in.
pub enum Client {
    Stranger,
    /// A browser in which the account behind the name has signed in before; the digest of what it holds.
    KnownDevice(Vec<u8>),
}

/// What becomes of a try that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnSuccess {
    /// All that failed before it is forgotten.
    Clear,
    /// It does not count.
    GiveBack,
    Keep,
}

/// One budget of those that a try is counted in.
#[derive(Clone)]
pub(super) struct Limit {
    /// As the audit log calls it.
    pub word: &'static str,
    pub key: Vec<u8>,
    pub rule: Rule,
    pub on_success: OnSuccess,
}

impl Budget<'_> {
    /// Where this is counted, in an order that is the same for all: two that take several never wait for each other.
    pub(super) fn limits(&self, origin: &Origin, key: &[u8; 32]) -> Vec<Limit> {
        use OnSuccess::{Clear, GiveBack, Keep};
        let address = from(origin);
        let limit = |word: &'static str, who: &[&[u8]], rule, on_success| Limit {
            word,
            key: digest(key, word, who),
            rule,
            on_success,
        };
        match self {
            Self::SignIn { name, client: Client::Stranger } => vec![
                limit("account_and_address", &[name.as_bytes(), address.as_bytes()], GUESSES, Clear),
                limit("account", &[name.as_bytes()], ONE_ACCOUNT, GiveBack),
                limit("address", &[address.as_bytes()], ONE_ADDRESS, GiveBack),
                limit("installation", &[], INSTALLATION, GiveBack),
            ],
            Self::SignIn { name, client: Client::KnownDevice(device) } => {
                vec![limit("device", &[name.as_bytes(), device], OWN_DEVICE, Clear)]
            }
            Self::CurrentPassword { user } => {
                vec![limit("current_password", &[user.as_str().as_bytes()], GUESSES, Clear)]
            }
            Self::PasskeyChallenge => vec![limit("passkey_challenge", &[address.as_bytes()], CHALLENGES, Keep)],
            Self::SignUp => vec![limit("sign_up", &[address.as_bytes()], SIGN_UPS, Keep)],
            Self::PasswordReset { name } => vec![
                limit("reset_of_account", &[name.as_bytes()], RESETS_OF_ACCOUNT, Keep),
                limit("reset_from_address", &[address.as_bytes()], RESETS_FROM_ADDRESS, Keep),
            ],
            Self::SecondFactor { user } => vec![
                limit("second_factor", &[user.as_str().as_bytes(), address.as_bytes()], CODES, Clear),
                limit("second_factor_of_account", &[user.as_str().as_bytes()], CODES_OF_ACCOUNT, GiveBack),
            ],
            Self::Mail { to } => vec![limit("mail", &[folded(to).as_bytes()], MAILS, Keep)],
            Self::MailByAdmin { to } => vec![limit("mail_by_admin", &[folded(to).as_bytes()], MAILS_BY_ADMINS, Keep)],
        }
    }
}

/// One address is one budget, however it is written.
fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A network of version 6 counts as one address; what is none stands for itself.
fn from(origin: &Origin) -> String {
    origin.address.parse::<IpAddr>().map_or_else(|_| origin.address.clone(), |address| network(address).to_string())
}

/// Lengths stand before the parts, so that no two lists of parts look the same.
fn digest(key: &[u8; 32], word: &str, who: &[&[u8]]) -> Vec<u8> {
    let parts = std::iter::once(word.as_bytes()).chain(who.iter().copied());
    let text: Vec<u8> = parts.flat_map(|part| [&part.len().to_be_bytes()[..], part].concat()).collect();
    keyed_digest(key, &text).to_vec()
}
