use crate::texts::shape::*;

pub(super) const ACCOUNT: Account = Account {
    title: "Ihr Konto",
    about: "Wer Sie hier sind und wo Sie angemeldet sind.",
    you: "Über Sie",
    you_about: "Das können Anwendungen erfahren, bei denen Sie sich anmelden.",
    username: "Benutzername",
    email: "E-Mail",
    verified: "Bestätigt",
    unverified: "Nicht bestätigt",
    roles: "Rollen",
    no_roles: "Keine",
    since: "Dabei seit",
    name: "Anzeigename",
    name_about: "Steht statt des Benutzernamens da.",
};

pub(super) const SESSIONS: Sessions = Sessions {
    title: "Wo Sie angemeldet sind",
    about: "Etwas kommt Ihnen fremd vor? Beenden Sie es: Das Gerät ist sofort abgemeldet.",
    manage: "Alle Sitzungen ansehen",
    only_here: "Sie sind nur hier angemeldet.",
    elsewhere_one: "Sie sind hier und an einer anderen Stelle angemeldet.",
    elsewhere_many: "Sie sind hier und an {} anderen Stellen angemeldet.",
    here: "Dieses Gerät",
    living: "Sitzungen",
    no_more: "Keine weiteren Sitzungen.",
    started: "Angemeldet",
    last_used: "Zuletzt benutzt",
    end_one: "Die Sitzung {} beenden",
    end_others: "Überall sonst abmelden",
    end_others_about: "Beendet jede Sitzung außer dieser.",
    reused_one: "Eine Sitzung wurde beendet, weil eines ihrer Tokens zweimal benutzt wurde",
    reused_many: "Sitzungen wurden beendet, weil eines ihrer Tokens zweimal benutzt wurde",
    reused_mend: "Jemand hat vielleicht eine Kopie. Waren das nicht Sie oder ein Programm von Ihnen, ändern Sie Ihr Passwort.",
    over: "Kürzlich beendet",
    over_about: "Die neuesten der letzten 30 Tage.",
    signed_out: "Abgemeldet",
    ended_by_you: "Von Ihnen beendet",
    ended_by_admin: "Von der Verwaltung beendet",
    ended_by_app: "Von einer App beendet",
    account_disabled: "Konto gesperrt",
    password_set: "Passwort geändert",
    token_reused: "Ein Token wurde zweimal benutzt",
    idle: "Zu lange nicht benutzt",
    aged: "Vor zu langer Zeit angemeldet",
    ended_somehow: "Beendet",
    unknown_device: "Unbekanntes Gerät",
    device: "{} unter {system}",
};

pub(super) const FACTORS: Factors = Factors {
    title: "Zweite Faktoren",
    about: "Was neben Ihrem Passwort verlangt wird, damit ein gestohlenes Passwort nicht genügt.",
    manage: "Zweite Faktoren verwalten",
    on: "An",
    off: "Aus",
    none: "Ihr Passwort allein öffnet Ihr Konto.",
    some: "Bei jeder Anmeldung wird ein zweiter Faktor verlangt.",
    required: "Diese Installation verlangt von Ihnen einen zweiten Faktor.",
    app: "Authenticator-App",
    app_about: "Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen sechsstelligen Code.",
    since: "Eingerichtet",
    set_up: "App einrichten",
    remove: "App entfernen",
    remove_title: "Authenticator-App entfernen?",
    remove_about: "Danach öffnet Ihr Passwort allein Ihr Konto, und Ihre Wiederherstellungscodes sind nichts mehr wert.",
    codes: "Wiederherstellungscodes",
    codes_about: "Für den Tag, an dem das Telefon weg ist: Jeder Code gilt einmal.",
    codes_none: "Es gibt keine: Sie kommen mit dem ersten zweiten Faktor.",
    codes_unkept: "Sie haben noch nicht bestätigt, dass Sie sie aufbewahrt haben. Falls nicht, erzeugen Sie neue.",
    codes_new: "Neue Codes erzeugen",
    codes_left_one: "1 von 10 ist übrig.",
    codes_left: "{} von 10 sind übrig.",
};

pub(super) const PASSWORD: PasswordTexts = PasswordTexts {
    title: "Passwort ändern",
    about: "Alle Ihre anderen Sitzungen werden beendet, damit draußen ist, wer das alte kannte.",
    heading: "Passwort",
    heading_about: "Nur Sie kennen es; gespeichert ist ein Hash, aus dem es sich nicht zurücklesen lässt.",
    current: "Jetziges Passwort",
    new: "Neues Passwort",
    change: "Passwort ändern",
};

pub(super) const ACTIVITY: Activity = Activity {
    title: "Letzte Ereignisse",
    about: "Was mit Ihrem Konto geschah, und von wo. Waren das nicht Sie, ändern Sie Ihr Passwort und beenden Sie Ihre anderen Sitzungen.",
    show: "Ereignisse ansehen",
    none: "Noch ist nichts geschehen.",
};

pub(super) const DATA: Data = Data {
    title: "Ihre Daten",
    about: "Alles, was hier über Sie bekannt ist, als JSON-Datei: Konto, Sitzungen, zweite Faktoren und Ereignisse.",
    download: "Meine Daten herunterladen",
};

pub(super) const DELETE: Delete = Delete {
    title: "Konto löschen?",
    about: "Ihr Konto, Ihre Sitzungen und Ihre zweiten Faktoren sind endgültig weg, und Anwendungen, die Sie damit benutzen, kennen Sie nicht mehr. Was das Protokoll über Sie sagt, bleibt.",
    take_along: "Vielleicht möchten Sie vorher Ihre Daten mitnehmen.",
    download: "Meine Daten herunterladen",
    type_name: "Zur Bestätigung tippen Sie Ihren Benutzernamen:",
    not_the_name: "Das ist nicht der Benutzername dieses Kontos.",
    delete: "Mein Konto löschen",
    heading: "Konto löschen",
    heading_about: "Sie können jederzeit gehen.",
};
