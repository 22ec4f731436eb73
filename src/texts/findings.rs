//! What the installation finds when it looks at itself, in each language: what was looked at, what was found, what to do.

use super::Language;
use crate::health::Finding;

/// What a page says of one finding.
pub struct Words {
    pub title: &'static str,
    pub says: String,
    /// Empty where there is nothing to do.
    pub mend: String,
}

/// In the language of the page.
pub fn finding(language: Language, finding: &Finding) -> Words {
    let (title, says, mend) = match language {
        Language::En => english(finding),
        Language::De => german(finding),
    };
    Words { title, says, mend: mend.to_owned() }
}

type Said = (&'static str, String, &'static str);

fn english(finding: &Finding) -> Said {
    use Finding as F;
    match finding {
        F::AddressSound => ("Address", "People reach it over an encrypted connection, or from this machine alone.".into(), ""),
        F::AddressPlain { url } => (
            "Address",
            format!("PUBLIC_URL is {url}: passwords and cookies travel unencrypted."),
            "Put a proxy with TLS in front (the README and deploy/nginx/vestibule.conf show one), and set PUBLIC_URL to its https address.",
        ),
        F::MailByServer => ("Mail", "Mail is handed to the server that is set, and none failed lately.".into(), ""),
        F::MailToFiles { folder } => (
            "Mail",
            format!("No mail server is set: mails are written to {} and reach nobody.", folder.display()),
            "Set SMTP_URL and MAIL_FROM. Until then nobody can reset a password by themselves.",
        ),
        F::MailsFail { count } => (
            "Mail",
            format!("{count} mails of the last week did not go out."),
            "The page Outbox has the mail server's answer to each. Mend SMTP_URL or the address, then send them again there.",
        ),
        F::LimitsOn => ("Limits", "Tries at passwords and codes are counted.".into(), ""),
        F::LimitsOff => (
            "Limits",
            "RATE_LIMITS is off: anybody may guess passwords as fast as the machine can check them.".into(),
            "Set RATE_LIMITS=on. Off is for load tests only.",
        ),
        F::AdminsEnough => ("Administrators", "There is more than one.".into(), ""),
        F::AdminNone => (
            "Administrators",
            "There is none yet.".into(),
            "Follow the link that the server prints when it starts, or make one on the console: vestibule user add NAME --email ADDRESS --role admin.",
        ),
        F::AdminAlone { username } => (
            "Administrators",
            format!("{username} is the only one. If they lose their way in, it takes the machine’s console to get back."),
            "Give somebody else you trust the role admin.",
        ),
        F::AdminsProtected => ("Second factors", "Every administrator has one.".into(), ""),
        F::AdminsUnprotected { usernames } => (
            "Second factors",
            format!("These administrators have none: {}. Their password alone opens everything.", usernames.join(", ")),
            "Ask them to add a passkey or an authenticator app under “Your account”, or require it: SECOND_FACTOR=admins.",
        ),
        F::KeysRotate { next } => ("Signing key", format!("A new one follows by itself on {}.", day(*next)), ""),
        F::KeysByHand => (
            "Signing key",
            "No new one follows by itself (KEY_ROTATION_DAYS=0).".into(),
            "Rotate it on the page Signing keys now and then, or set KEY_ROTATION_DAYS=90.",
        ),
        F::KeysOverdue { since } => (
            "Signing key",
            format!("A new one was due on {} and did not come.", day(*since)),
            "Timers run in every server: look into the log for “could not be rotated”, or rotate it on the page Signing keys.",
        ),
        F::KeysShared => (
            "Signing key",
            "HS256 signs with SECRET_KEY: every service that verifies tokens with it could also make them.".into(),
            "Give services the public keys instead: ALGORITHM=ES256. Nobody is signed out by the change.",
        ),
        F::SecretKept => ("Secret key", "All nodes derive the same keys.".into(), ""),
        F::SecretInFolder => (
            "Secret key",
            "It lies in this node’s own folder, and the database may have other nodes, which then can’t open the signing keys."
                .into(),
            "Set SECRET_KEY to the same value on all nodes; for this one, to what stands in DATA_DIR/secret_key.",
        ),
        F::ClockAgrees => ("Clock", "This node’s clock and the database’s agree.".into(), ""),
        F::ClockApart { seconds } => (
            "Clock",
            format!("This node’s clock and the database’s are {seconds} s apart: tokens may be refused elsewhere."),
            "Let all machines take their time from NTP.",
        ),
        F::RoomEnough { database, free } => {
            ("Disk", format!("The database takes {}, and {} are free.", bytes(*database), bytes(*free)), "")
        }
        F::RoomLittle { database, free } => (
            "Disk",
            format!("Only {} are free, and the database takes {}.", bytes(*free), bytes(*database)),
            "Make room, or move DATABASE_URL to a larger disk: once it is full, nobody can sign in.",
        ),
        F::RoomUnknown { database } => ("Disk", format!("The database takes {}.", bytes(*database)), ""),
        F::BackupKnown { at } => ("Backup", format!("The last one was made on {}.", day(*at)), ""),
        F::BackupOld { at } => (
            "Backup",
            format!("The last one was made on {}: what came since then would be lost with the disk.", day(*at)),
            "Let a timer run `vestibule backup` every day. Backups that other programs make are not known here.",
        ),
        F::BackupUnknown => (
            "Backup",
            "No backup is known to this installation.".into(),
            "Have the database copied every day (docs/OPERATIONS.md says how), and SECRET_KEY once, apart from it.",
        ),
    }
}

fn german(finding: &Finding) -> Said {
    use Finding as F;
    match finding {
        F::AddressSound => ("Adresse", "Erreichbar über eine verschlüsselte Verbindung oder nur von dieser Maschine.".into(), ""),
        F::AddressPlain { url } => (
            "Adresse",
            format!("PUBLIC_URL ist {url}: Passwörter und Cookies reisen unverschlüsselt."),
            "Stellen Sie einen Proxy mit TLS davor (die README und deploy/nginx/vestibule.conf zeigen einen) und setzen Sie PUBLIC_URL auf dessen https-Adresse.",
        ),
        F::MailByServer => ("Mail", "Mails gehen an den eingestellten Server, und zuletzt ist keine gescheitert.".into(), ""),
        F::MailToFiles { folder } => (
            "Mail",
            format!("Es ist kein Mailserver eingestellt: Mails landen in {} und erreichen niemanden.", folder.display()),
            "Setzen Sie SMTP_URL und MAIL_FROM. Bis dahin kann niemand selbst ein neues Passwort setzen.",
        ),
        F::MailsFail { count } => (
            "Mail",
            format!("{count} Mails der letzten Woche gingen nicht hinaus."),
            "Die Seite Postausgang zeigt zu jeder die Antwort des Mailservers. Beheben Sie SMTP_URL oder die Adresse und senden Sie sie dort erneut.",
        ),
        F::LimitsOn => ("Begrenzung von Versuchen", "Versuche mit Passwörtern und Codes werden gezählt.".into(), ""),
        F::LimitsOff => (
            "Begrenzung von Versuchen",
            "RATE_LIMITS ist aus: Alle dürfen Passwörter raten, so schnell die Maschine prüfen kann.".into(),
            "Setzen Sie RATE_LIMITS=on. Aus ist nur für Lasttests.",
        ),
        F::AdminsEnough => ("Verwaltung", "Mehr als eine Person kann verwalten.".into(), ""),
        F::AdminNone => (
            "Verwaltung",
            "Noch niemand verwaltet.".into(),
            "Folgen Sie dem Link, den der Server beim Start ausgibt, oder legen Sie auf der Konsole jemanden an: vestibule user add NAME --email ADRESSE --role admin.",
        ),
        F::AdminAlone { username } => (
            "Verwaltung",
            format!("{username} verwaltet allein. Geht dieser Zugang verloren, hilft nur noch die Konsole der Maschine."),
            "Geben Sie noch jemandem, dem Sie vertrauen, die Rolle admin.",
        ),
        F::AdminsProtected => ("Zweiter Faktor", "Alle, die verwalten, haben einen.".into(), ""),
        F::AdminsUnprotected { usernames } => (
            "Zweiter Faktor",
            format!("Ohne zweiten Faktor verwalten: {}. Ihr Passwort allein öffnet alles.", usernames.join(", ")),
            "Bitten Sie sie, unter „Ihr Konto“ einen Passkey oder eine Authenticator-App hinzuzufügen, oder verlangen Sie es: SECOND_FACTOR=admins.",
        ),
        F::KeysRotate { next } => ("Signaturschlüssel", format!("Ein neuer folgt von selbst am {}.", day(*next)), ""),
        F::KeysByHand => (
            "Signaturschlüssel",
            "Es folgt kein neuer von selbst (KEY_ROTATION_DAYS=0).".into(),
            "Wechseln Sie ihn hin und wieder auf der Seite Signaturschlüssel, oder setzen Sie KEY_ROTATION_DAYS=90.",
        ),
        F::KeysOverdue { since } => (
            "Signaturschlüssel",
            format!("Ein neuer war am {} fällig und kam nicht.", day(*since)),
            "Zeitgesteuerte Aufgaben laufen in jedem Server: Suchen Sie im Log nach „could not be rotated“, oder wechseln Sie ihn auf der Seite Signaturschlüssel.",
        ),
        F::KeysShared => (
            "Signaturschlüssel",
            "HS256 signiert mit SECRET_KEY: Jeder Dienst, der damit Tokens prüft, könnte auch welche machen.".into(),
            "Geben Sie Diensten stattdessen die öffentlichen Schlüssel: ALGORITHM=ES256. Abgemeldet wird dadurch niemand.",
        ),
        F::SecretKept => ("Geheimer Schlüssel", "Alle Knoten leiten dieselben Schlüssel ab.".into(), ""),
        F::SecretInFolder => (
            "Geheimer Schlüssel",
            "Er liegt im Ordner dieses Knotens, und die Datenbank kann weitere haben, die dann die Signaturschlüssel nicht öffnen können."
                .into(),
            "Setzen Sie SECRET_KEY auf allen Knoten auf denselben Wert; hier auf das, was in DATA_DIR/secret_key steht.",
        ),
        F::ClockAgrees => ("Uhr", "Die Uhren dieses Knotens und der Datenbank stimmen überein.".into(), ""),
        F::ClockApart { seconds } => (
            "Uhr",
            format!("Die Uhren dieses Knotens und der Datenbank gehen um {seconds} s auseinander: Tokens können anderswo abgelehnt werden."),
            "Lassen Sie alle Maschinen ihre Zeit von NTP nehmen.",
        ),
        F::RoomEnough { database, free } => {
            ("Speicherplatz", format!("Die Datenbank belegt {}, und {} sind frei.", bytes(*database), bytes(*free)), "")
        }
        F::RoomLittle { database, free } => (
            "Speicherplatz",
            format!("Nur noch {} sind frei, und die Datenbank belegt {}.", bytes(*free), bytes(*database)),
            "Schaffen Sie Platz, oder legen Sie DATABASE_URL auf eine größere Platte: Ist sie voll, kann sich niemand anmelden.",
        ),
        F::RoomUnknown { database } => ("Speicherplatz", format!("Die Datenbank belegt {}.", bytes(*database)), ""),
        F::BackupKnown { at } => ("Sicherung", format!("Die letzte ist vom {}.", day(*at)), ""),
        F::BackupOld { at } => (
            "Sicherung",
            format!("Die letzte ist vom {}: Was seither kam, ginge mit der Platte verloren.", day(*at)),
            "Lassen Sie `vestibule backup` täglich laufen. Von Sicherungen, die andere Programme machen, weiß hier niemand.",
        ),
        F::BackupUnknown => (
            "Sicherung",
            "Dieser Installation ist keine Sicherung bekannt.".into(),
            "Lassen Sie die Datenbank täglich kopieren (docs/OPERATIONS.md sagt, wie) und SECRET_KEY einmal, getrennt davon.",
        ),
    }
}

fn day(moment: crate::platform::time::UnixTime) -> String {
    moment.rfc3339().chars().take(10).collect()
}

/// In the largest unit that leaves something before the point.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let (mut unit, mut whole, mut tenth) = (0, count, 0);
    while whole >= 1000 && unit + 1 < UNITS.len() {
        (tenth, whole, unit) = (whole % 1000 / 100, whole / 1000, unit + 1);
    }
    if unit == 0 || whole >= 100 {
        format!("{whole} {}", UNITS[unit])
    } else {
        format!("{whole}.{tenth} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        let said = [0, 999, 1_000, 1_550, 123_456, 50_000_000_000].map(bytes);
        assert_eq!(said, ["0 B", "999 B", "1.0 kB", "1.5 kB", "123 kB", "50.0 GB"]);
    }
}
