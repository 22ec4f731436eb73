//! What the audit log tells, as a sentence.

use super::Language;
use crate::audit::Fact;

/// What happened, in the language of the page; `subject` is whom it concerns.
pub fn event(language: Language, fact: Fact, subject: Option<&str>) -> String {
    let pattern = match (language, fact, subject) {
        (Language::En, Fact::SignInFailed, None) => "A sign-in with an unknown name failed",
        (Language::De, Fact::SignInFailed, None) => "Anmeldung mit unbekanntem Namen fehlgeschlagen",
        (Language::En, fact, _) => english(fact),
        (Language::De, fact, _) => german(fact),
    };
    pattern.replace("{}", subject.unwrap_or_default())
}

fn english(fact: Fact) -> &'static str {
    match fact {
        Fact::SetUp => "{} became the first administrator",
        Fact::SignedUp => "{} signed up",
        Fact::UserCreated => "The account {} was created",
        Fact::UserChanged => "The profile of {} was changed",
        Fact::UserDisabled => "{} was disabled",
        Fact::UserEnabled => "{} was enabled",
        Fact::RolesChanged => "The roles of {} were changed",
        Fact::PasswordSet => "The password of {} was set",
        Fact::SignedIn => "{} signed in",
        Fact::SignInFailed => "A sign-in as {} failed",
        Fact::TriesStopped => "Too many tries from one place, or for one account, were stopped for a while",
        Fact::SignedOut => "{} signed out",
        Fact::SessionsEnded => "Sessions of {} were ended",
        Fact::KeyRotated => "A new signing key was made",
        Fact::UserDeleted => "The account {} was deleted",
        Fact::FactorFailed => "A second factor of {} was wrong",
        Fact::Confirmed => "{} confirmed that it is them",
        Fact::FactorAdded => "{} added a second factor",
        Fact::FactorRemoved => "{} removed a second factor",
        Fact::RecoveryCodesRenewed => "{} made new recovery codes",
        Fact::RecoveryCodeUsed => "{} signed in with a recovery code",
        Fact::BypassGiven => "{} may sign in once without a second factor",
        Fact::BypassUsed => "{} signed in without a second factor, as an administrator allowed",
        Fact::PasskeyAdded => "{} added a passkey",
        Fact::PasskeyRenamed => "{} renamed a passkey",
        Fact::PasskeyRemoved => "{} removed a passkey",
        Fact::PasskeyRefused => "A passkey of {} was refused",
        Fact::RefreshReused => "A used refresh token of {} was sent again; its session was ended",
        Fact::ResetAsked => "A mail to set a new password was asked for {}",
        Fact::EmailVerified => "{} verified their address",
        Fact::EmailChangeAsked => "{} asked for another address",
        Fact::EmailChanged => "{} has another address now",
        Fact::EmailChangeDropped => "{} kept the address after all",
        Fact::NotMe => "{} said that a sign-in was not theirs",
        Fact::MailResent => "A mail was sent again",
        Fact::ApiKeyCreated => "An API key of {} was created",
        Fact::ApiKeyEnded => "An API key of {} was ended",
        Fact::ApiKeyRefused => "An API key of {} was sent that does not count",
        Fact::Invited => "Somebody was invited",
        Fact::InvitationWithdrawn => "An invitation was withdrawn",
        Fact::AuditTrimmed => "Entries of this log that were too old were removed",
    }
}

fn german(fact: Fact) -> &'static str {
    match fact {
        Fact::SetUp => "{} wurde zur ersten Person mit Verwaltungsrechten",
        Fact::SignedUp => "{} hat sich registriert",
        Fact::UserCreated => "Das Konto {} wurde angelegt",
        Fact::UserChanged => "Das Profil von {} wurde geändert",
        Fact::UserDisabled => "{} wurde gesperrt",
        Fact::UserEnabled => "{} wurde entsperrt",
        Fact::RolesChanged => "Die Rollen von {} wurden geändert",
        Fact::PasswordSet => "Das Passwort von {} wurde gesetzt",
        Fact::SignedIn => "{} hat sich angemeldet",
        Fact::SignInFailed => "Eine Anmeldung als {} ist fehlgeschlagen",
        Fact::TriesStopped => "Zu viele Versuche von einem Ort oder für ein Konto wurden eine Weile gestoppt",
        Fact::SignedOut => "{} hat sich abgemeldet",
        Fact::SessionsEnded => "Sitzungen von {} wurden beendet",
        Fact::KeyRotated => "Ein neuer Signaturschlüssel wurde erzeugt",
        Fact::UserDeleted => "Das Konto {} wurde gelöscht",
        Fact::FactorFailed => "Ein zweiter Faktor von {} war falsch",
        Fact::Confirmed => "{} hat die eigene Identität bestätigt",
        Fact::FactorAdded => "{} hat einen zweiten Faktor hinzugefügt",
        Fact::FactorRemoved => "{} hat einen zweiten Faktor entfernt",
        Fact::RecoveryCodesRenewed => "{} hat neue Wiederherstellungscodes erzeugt",
        Fact::RecoveryCodeUsed => "{} hat sich mit einem Wiederherstellungscode angemeldet",
        Fact::BypassGiven => "{} darf sich einmal ohne zweiten Faktor anmelden",
        Fact::BypassUsed => "{} hat sich mit Erlaubnis der Verwaltung ohne zweiten Faktor angemeldet",
        Fact::PasskeyAdded => "{} hat einen Passkey hinzugefügt",
        Fact::PasskeyRenamed => "{} hat einen Passkey umbenannt",
        Fact::PasskeyRemoved => "{} hat einen Passkey entfernt",
        Fact::PasskeyRefused => "Ein Passkey von {} wurde abgelehnt",
        Fact::RefreshReused => "Ein verbrauchtes Refresh-Token von {} wurde erneut gesendet; die Sitzung wurde beendet",
        Fact::ResetAsked => "Für {} wurde eine Mail zum Setzen eines neuen Passworts angefordert",
        Fact::EmailVerified => "{} hat die eigene Adresse bestätigt",
        Fact::EmailChangeAsked => "{} möchte eine andere Adresse",
        Fact::EmailChanged => "{} hat jetzt eine andere Adresse",
        Fact::EmailChangeDropped => "{} behält die Adresse doch",
        Fact::NotMe => "{} hat eine Anmeldung als fremd gemeldet",
        Fact::MailResent => "Eine Mail wurde erneut gesendet",
        Fact::ApiKeyCreated => "Ein API-Schlüssel von {} wurde angelegt",
        Fact::ApiKeyEnded => "Ein API-Schlüssel von {} wurde beendet",
        Fact::ApiKeyRefused => "Ein API-Schlüssel von {} wurde gesendet, der nicht gilt",
        Fact::Invited => "Jemand wurde eingeladen",
        Fact::InvitationWithdrawn => "Eine Einladung wurde zurückgezogen",
        Fact::AuditTrimmed => "Zu alte Einträge dieses Protokolls wurden entfernt",
    }
}
