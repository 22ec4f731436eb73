use crate::texts::shape::{CurlTexts, Health, SettingsTexts, SigningKeys};

pub(super) const SIGNING_KEYS: SigningKeys = SigningKeys {
    title: "Signaturschlüssel",
    about: "Mit einem von diesen werden Zugangstokens signiert. Ein neuer wird veröffentlicht, bevor er signiert, und ein alter gilt, bis sein letztes Token abgelaufen ist: So merkt niemand etwas von einem Wechsel.",
    published: "Veröffentlicht, signiert bald",
    signs: "Signiert",
    verifies: "Prüft nur noch",
    signs_from: "Signiert ab",
    signs_since: "Signiert seit",
    signed_until: "Signierte bis",
    verifies_until: "Prüft bis",
    created: "Angelegt",
    next: "Nächster Schlüssel",
    next_about: "Von selbst, wie KEY_ROTATION_DAYS es sagt.",
    by_hand: "Nur, wenn jemand einen anlegt: KEY_ROTATION_DAYS ist 0.",
    shared_secret: "HS256 signiert mit SECRET_KEY, und der wird nie gewechselt. Mit ALGORITHM=ES256 gibt es Schlüssel, die es werden.",
    rotate: "Neuen Schlüssel anlegen",
    rotate_about: "Abgemeldet wird dadurch niemand, wie auch immer Sie es wählen.",
    known: "Er signiert in einer Minute",
    known_about: "Dienste haben den neuen öffentlichen Schlüssel, bevor das erste Token damit kommt. Alte Tokens gelten, bis sie ablaufen.",
    now: "Er signiert sofort",
    now_about: "Dienste, die die öffentlichen Schlüssel eine Minute lang behalten, lehnen neue Tokens ab, bis sie wieder nachsehen.",
    compromised: "Die alten Schlüssel sind vielleicht in falschen Händen",
    compromised_about: "Der neue signiert sofort, und kein Token zählt mehr, das ein alter signiert hat. Programme werden einmal abgelehnt und holen sich durch Erneuern ein neues; Sitzungen laufen weiter.",
    start: "Wie er beginnt",
    rotated: "Ein neuer Signaturschlüssel ist da. Abgemeldet wurde niemand.",
};

pub(super) const SETTINGS: SettingsTexts = SettingsTexts {
    title: "Einstellungen",
    about: "Womit dieser Server gestartet wurde. Dasselbe zeigt „vestibule config“, Geheimnisse verdeckt.",
    how: "Einstellungen werden beim Start gelesen: Ändern Sie sie in der Umgebung oder in der Datei .env neben dem Server, und starten Sie ihn neu.",
    name: "Einstellung",
    value: "In Kraft",
    meaning: "Bedeutung",
    set: "Gesetzt",
    default: "Vorgabe",
    unset: "Nicht gesetzt",
};

pub(super) const HEALTH: Health = Health {
    title: "Zustand",
    about: "Was zu beheben ist, und wie.",
    all_good: "Alles in Ordnung",
    all_good_about: "Es gibt nichts zu beheben und nichts, was einen Blick braucht.",
    to_do: "Zu tun",
    in_order: "In Ordnung",
    look: "Ansehen",
    mend: "Beheben",
    version: "Version",
};

pub(super) const CURL: CurlTexts = CurlTexts {
    summary: "Als Befehl",
    about: "Legen Sie vorher ein Zugangstoken oder einen API-Schlüssel von Ihnen in TOKEN ab.",
};
