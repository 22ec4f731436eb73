//! Every fact that the system can record, and whom it concerns.

use serde_json::{Map, Value};

use crate::access::{ByKey, Caller, Origin};
use crate::platform::ids::{RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What can happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact { $($(#[$doc])* $name,)* }

        impl Fact {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the log: subject, dot, past participle.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

facts! {
    /// The first administrator was made.
    SetUp = "installation.set_up",
    SignedUp = "user.signed_up",
    UserCreated = "user.created",
    UserChanged = "user.changed",
    UserDisabled = "user.disabled",
    UserDeleted = "user.deleted",
    UserEnabled = "user.enabled",
    RolesChanged = "user.roles_changed",
    PasswordSet = "password.set",
    SignedIn = "signin.succeeded",
    SignInFailed = "signin.failed",
    /// A second factor that was asked for was wrong.
    FactorFailed = "signin.factor_failed",
    /// Somebody signed in already proved once more that it is them.
    Confirmed = "signin.confirmed",
    FactorAdded = "factor.added",
    FactorRemoved = "factor.removed",
    RecoveryCodesRenewed = "factor.recovery_codes_renewed",
    RecoveryCodeUsed = "factor.recovery_code_used",
    /// An administrator let somebody in once without their second factor.
    BypassGiven = "factor.bypass_given",
    BypassUsed = "factor.bypass_used",
    /// Somebody tried too often and has to wait; once for each time.
    TriesStopped = "tries.stopped",
    SignedOut = "session.signed_out",
    SessionsEnded = "session.ended",
    KeyRotated = "key.rotated",
    PasskeyAdded = "passkey.added",
    PasskeyRenamed = "passkey.renamed",
    PasskeyRemoved = "passkey.removed",
    /// What a device signed did not hold.
    PasskeyRefused = "passkey.refused",
    /// A refresh token that was used already was sent again: its session ended.
    RefreshReused = "session.refresh_reused",
    /// A mail by which a new password is set was asked for.
    ResetAsked = "password.reset_asked",
    EmailVerified = "email.verified",
    EmailChangeAsked = "email.change_asked",
    EmailChanged = "email.changed",
    EmailChangeDropped = "email.change_dropped",
    /// Somebody said of a sign-in to their account that it was not theirs.
    NotMe = "signin.disowned",
    MailResent = "mail.resent",
    /// Somebody moved in from a file.
    UserImported = "user.imported",
    /// A file of users was gone through.
    UsersImported = "users.imported",
    UsersExported = "users.exported",
    /// A file of users was sent in.
    ImportSent = "import.sent",
    /// What was found out about one is done.
    ImportStarted = "import.started",
    ImportDiscarded = "import.discarded",
    ApiKeyCreated = "api_key.created",
    ApiKeyEnded = "api_key.ended",
    /// A key that is known was sent and did not count; once an hour for each.
    ApiKeyRefused = "api_key.refused",
    Invited = "invitation.made",
    InvitationWithdrawn = "invitation.withdrawn",
    /// Entries that were older than `AUDIT_DAYS` were removed.
    AuditTrimmed = "audit.trimmed",
    RoleCreated = "role.created",
    RoleChanged = "role.changed",
    RoleDeleted = "role.deleted",
    /// A role that was given until a moment is over.
    RoleEnded = "user.role_ended",
}

/// One fact, with what belongs to it.
#[derive(Clone, Debug)]
pub struct Event {
    pub fact: Fact,
    pub subject: Option<(UserId, String)>,
    pub session: Option<SessionId>,
    pub by_subject: bool,
    pub detail: Map<String, Value>,
}

impl Event {
    /// Where the detail names the key that a program acted by.
    pub const BY_KEY: &str = "by_api_key";

    pub fn new(fact: Fact) -> Self {
        Self { fact, subject: None, session: None, by_subject: false, detail: Map::new() }
    }

    pub fn about(mut self, user: &UserId, username: &str) -> Self {
        self.subject = Some((user.clone(), username.to_owned()));
        self
    }

    /// The subject did it, and was not recognised before: signing up, signing in.
    pub fn by_themselves(mut self) -> Self {
        self.by_subject = true;
        self
    }

    pub fn in_session(mut self, session: &SessionId) -> Self {
        self.session = Some(session.clone());
        self
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

/// Who acts and from where, for everything that one call records.
#[derive(Clone, Debug)]
pub struct Trail {
    pub origin: Origin,
    pub actor: Option<(UserId, String)>,
    /// The key by which a program acted for them.
    pub by_key: Option<ByKey>,
}

impl Trail {
    /// What is due is done by the server itself, for nobody.
    pub fn of_the_clock(now: UnixTime) -> Self {
        let nowhere = String::new;
        Self {
            origin: Origin {
                request_id: RequestId::fresh(now),
                address: nowhere(),
                user_agent: nowhere(),
                device: None,
                languages: nowhere(),
            },
            actor: None,
            by_key: None,
        }
    }

    /// What this trail adds to an event: the key that a program acted by.
    pub(super) fn sign(&self, event: &Event) -> Event {
        let named = self.by_key.as_ref().map(ToString::to_string);
        named.into_iter().fold(event.clone(), |event, key| event.with(Event::BY_KEY, key))
    }
}

impl From<&Origin> for Trail {
    fn from(origin: &Origin) -> Self {
        Self { origin: origin.clone(), actor: None, by_key: None }
    }
}

impl From<&Caller> for Trail {
    fn from(caller: &Caller) -> Self {
        let actor = Some((caller.user.clone(), caller.username.clone()));
        Self { origin: caller.origin.clone(), actor, by_key: caller.by_key.clone() }
    }
}
