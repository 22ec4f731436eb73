//! The reasons for which a token is refused: each in a few words and as a sentence, in each language.

use crate::tokens::refusals::Reason;

macro_rules! words {
    ($language:ident { $($reason:ident => $words:literal, $sentence:literal;)* }) => {
        /// A few words, and a sentence.
        pub(super) fn $language(reason: Reason) -> (&'static str, &'static str) {
            match reason { $(Reason::$reason => ($words, $sentence),)* }
        }
    };
}

words! {
    english {
        NotBearer => "No bearer token",
            "The Authorization header had no token in it; it has to be “Bearer”, a space, and the token.";
        TooLong => "Too long",
            "It was longer than any token of this installation.";
        Malformed => "Not a token",
            "What was sent is no access token at all: it does not have the form of one.";
        WrongType => "Another type of token",
            "Its header says that it is of the type {typ}; access tokens of this installation are “at+jwt”.";
        CriticalExtension => "Critical extension",
            "Its header asks for an extension (crit), and such tokens are refused.";
        BringsKey => "Brings its own key",
            "It brought a key of its own along, or the address of one; only keys of this installation count.";
        UnknownKey => "Unknown key",
            "It names no key of this installation, or one that is long gone or was given up: {kid}.";
        KeyRetired => "Retired key",
            "The key that signed it has retired, and counts no more, whatever the token says of its own end.";
        WrongAlgorithm => "Wrong algorithm",
            "It asks for the algorithm {alg}, which does not go with the key that it names.";
        BadSignature => "Wrong signature",
            "Its signature was not made with the key that it names: it was changed on the way, or made by somebody else.";
        UnreadableClaims => "Unknown content",
            "It is signed with a key of this installation, but does not say what an access token of it says.";
        WrongIssuer => "Another issuer",
            "It was issued by {found}; this installation is {expected}.";
        WrongAudience => "Wrong audience",
            "It was made for {found}; here {expected} is expected.";
        WrongKind => "Not an access token",
            "It says that it is of the kind {found}, and not an access token.";
        NotYetValid => "Not valid yet",
            "It counts only from {moment} on; the clocks of two servers may differ.";
        Expired => "Expired",
            "The token had expired {span} before.";
        Ended => "Session ended",
            "Its session had been ended.";
        SessionEnded => "Session ended",
            "Its session had been ended.";
        SessionOver => "Session over",
            "Its session was over: it was not used for too long, or had grown too old.";
        Stale => "Stale",
            "Something about its user has changed since it was issued; a refresh gives a true one.";
        NotFresh => "Proof too old",
            "The token was good, but what was asked for needs a proof of identity that is at most 15 minutes old; the last was given at {moment}.";
        CsrfMissing => "No CSRF token",
            "The token came in a cookie, and the request did not have the header X-CSRF-Token.";
        CsrfMismatch => "Wrong CSRF token",
            "The token came in a cookie, and X-CSRF-Token did not belong to it.";
        RefreshDead => "Unknown refresh token",
            "No such refresh token is known: it was never given out, or it expired and was deleted.";
        RefreshUnknown => "Unknown refresh token",
            "No such refresh token is known: it was never given out, or it expired and was deleted.";
        RefreshExpired => "Refresh token expired",
            "The refresh token had expired {span} before: the session was not used for too long.";
        RefreshReused => "Used refresh token",
            "The refresh token had been used before. Somebody may have a copy, so its session was ended.";
        RefreshOtherClient => "Another client",
            "The refresh token belongs to another client than the one that was named.";
        KeyMalformed => "No API key",
            "It begins as an API key does, and is none: its length or its check digits are wrong, so it was probably cut or mistyped.";
        KeyUnknown => "Unknown API key",
            "No such API key is known: it was never given out, it was deleted long ago, or it is somebody's guess.";
        KeyOver => "API key over",
            "The API key does not count any more: it has expired or was ended, or its owner may not sign in.";
    }
}

words! {
    german {
        NotBearer => "Kein Bearer-Token",
            "Im Authorization-Header stand kein Token; dort muss „Bearer“ stehen, ein Leerzeichen und das Token.";
        TooLong => "Zu lang",
            "Es war länger als jedes Token dieser Installation.";
        Malformed => "Kein Token",
            "Was gesendet wurde, ist gar kein Zugangstoken: Es hat nicht die Form dafür.";
        WrongType => "Andere Art von Token",
            "Laut Kopf ist es vom Typ {typ}; Zugangstokens dieser Installation sind „at+jwt“.";
        CriticalExtension => "Kritische Erweiterung",
            "Sein Kopf verlangt eine Erweiterung (crit), und solche Tokens werden abgelehnt.";
        BringsKey => "Bringt eigenen Schlüssel mit",
            "Es brachte einen eigenen Schlüssel mit oder die Adresse davon; nur Schlüssel dieser Installation zählen.";
        UnknownKey => "Unbekannter Schlüssel",
            "Es nennt keinen Schlüssel dieser Installation, oder einen, der lange vorbei ist oder aufgegeben wurde: {kid}.";
        KeyRetired => "Abgelöster Schlüssel",
            "Der Schlüssel, mit dem es signiert ist, ist abgelöst und zählt nicht mehr, was auch immer das Token über sein Ende sagt.";
        WrongAlgorithm => "Falsches Verfahren",
            "Es verlangt das Verfahren {alg}, das nicht zum genannten Schlüssel gehört.";
        BadSignature => "Falsche Signatur",
            "Die Signatur stammt nicht vom genannten Schlüssel: unterwegs verändert oder von jemand anderem gemacht.";
        UnreadableClaims => "Unbekannter Inhalt",
            "Es ist mit einem Schlüssel dieser Installation signiert, sagt aber nicht, was ihre Zugangstokens sagen.";
        WrongIssuer => "Anderer Aussteller",
            "Es wurde von {found} ausgestellt; diese Installation ist {expected}.";
        WrongAudience => "Falscher Empfänger",
            "Es wurde für {found} gemacht; hier wird {expected} erwartet.";
        WrongKind => "Kein Zugangstoken",
            "Es sagt, dass es von der Art {found} ist, also kein Zugangstoken.";
        NotYetValid => "Noch nicht gültig",
            "Es gilt erst ab {moment}; vielleicht gehen die Uhren zweier Server verschieden.";
        Expired => "Abgelaufen",
            "Das Token war seit {span} abgelaufen.";
        Ended => "Sitzung beendet",
            "Die Sitzung war beendet worden.";
        SessionEnded => "Sitzung beendet",
            "Die Sitzung war beendet worden.";
        SessionOver => "Sitzung zu Ende",
            "Die Sitzung war zu Ende: zu lange nicht benutzt oder zu alt.";
        Stale => "Überholt",
            "An dieser Person hat sich seither etwas geändert; Erneuern bringt ein gültiges Token.";
        NotFresh => "Nachweis zu alt",
            "Das Token war gut, aber für diese Anfrage darf der Nachweis der Identität höchstens 15 Minuten alt sein; der letzte ist von {moment}.";
        CsrfMissing => "Kein CSRF-Token",
            "Das Token kam in einem Cookie, und der Anfrage fehlte der Header X-CSRF-Token.";
        CsrfMismatch => "Falsches CSRF-Token",
            "Das Token kam in einem Cookie, und X-CSRF-Token gehörte nicht dazu.";
        RefreshDead => "Unbekanntes Refresh-Token",
            "Dieses Refresh-Token ist nicht bekannt: nie ausgestellt, oder abgelaufen und gelöscht.";
        RefreshUnknown => "Unbekanntes Refresh-Token",
            "Dieses Refresh-Token ist nicht bekannt: nie ausgestellt, oder abgelaufen und gelöscht.";
        RefreshExpired => "Refresh-Token abgelaufen",
            "Das Refresh-Token war seit {span} abgelaufen: Die Sitzung wurde zu lange nicht benutzt.";
        RefreshReused => "Verbrauchtes Refresh-Token",
            "Das Refresh-Token war schon benutzt. Vielleicht hat jemand eine Kopie, darum wurde die Sitzung beendet.";
        RefreshOtherClient => "Andere Anwendung",
            "Das Refresh-Token gehört zu einer anderen Anwendung als der genannten.";
        KeyMalformed => "Kein API-Schlüssel",
            "Es beginnt wie ein API-Schlüssel und ist keiner: Länge oder Prüfziffern stimmen nicht, vielleicht wurde er abgeschnitten oder falsch getippt.";
        KeyUnknown => "Unbekannter API-Schlüssel",
            "Dieser API-Schlüssel ist nicht bekannt: nie ausgestellt, vor langer Zeit gelöscht, oder geraten.";
        KeyOver => "API-Schlüssel vorbei",
            "Der API-Schlüssel gilt nicht mehr: Er ist abgelaufen oder wurde beendet, oder sein Besitzer darf sich nicht anmelden.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_names_only_what_is_known() {
        let known = ["span", "moment", "found", "expected", "kid", "alg", "typ"];
        for reason in Reason::ALL {
            for (_, pattern) in [english(*reason), german(*reason)] {
                let named = pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next());
                named.for_each(|name| assert!(known.contains(&name), "{pattern}"));
            }
        }
    }
}
