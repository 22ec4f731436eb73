use crate::texts::shape::*;

pub(super) const WORDS: Words = Words {
    sign_in: "Anmelden",
    sign_up: "Registrieren",
    sign_out: "Abmelden",
    create: "Anlegen",
    save: "Speichern",
    disable: "Sperren",
    enable: "Entsperren",
    end: "Beenden",
    search: "Suchen",
    open: "Öffnen",
    more: "Mehr",
    cancel: "Abbrechen",
    show: "Zeigen",
    hide: "Verbergen",
};

pub(super) const CHROME: ChromeTexts = ChromeTexts {
    skip: "Zum Inhalt springen",
    menu: "Menü",
    sections: "Bereiche",
    administration: "Verwaltung",
    developers: "Für Entwickler",
    account: "Konto",
    overview: "Übersicht",
    users: "Benutzer",
    refusals: "Abgelehnte Tokens",
    try_api: "API ausprobieren",
    check_these: "Bitte prüfen",
};

pub(super) const FIELDS: Fields = Fields {
    username: "Benutzername",
    username_or_email: "Benutzername oder E-Mail",
    username_help: "2 bis 64 Buchstaben (ohne Umlaute), Ziffern, Punkte, Binde- oder Unterstriche. Am Anfang steht ein Buchstabe oder eine Ziffer.",
    username_fixed: "Benutzernamen ändern sich hier nie, weil Anwendungen die Menschen daran erkennen.",
    email: "E-Mail",
    password: "Passwort",
    password_help: "Mindestens 8 Zeichen. Ein paar Wörter, die nichts miteinander zu tun haben, sind leicht zu merken und schwer zu erraten.",
    password_again: "Bitte geben Sie das Passwort noch einmal ein: Es wird nie an diese Seite zurückgeschickt.",
    show_password: "Passwort zeigen",
    hide_password: "Passwort verbergen",
    name: "Name",
    name_help: "So sehen andere Sie, in jeder Schrift. Bleibt das Feld leer, steht dort der Benutzername.",
    optional: "freiwillig",
};

pub(super) const ERROR: ErrorTexts = ErrorTexts {
    home: "Zur Startseite",
    status: "Fehler",
    request: "Anfrage",
    request_about: "Nennen Sie diese Nummer, wenn Sie um Hilfe bitten. Sie führt zu dem, was geschehen ist.",
    problem_kind: "Art von Fehler",
    meaning: "Was er bedeutet",
    mend: "Was Sie tun können",
    machine: "In Antworten an Programme",
    machine_about: "Das ist der „type“ des JSON-Fehlers mit dem Inhaltstyp application/problem+json.",
};

pub(super) const DOCS: Docs = Docs {
    title: "API ausprobieren",
    about: "Authorize drücken, anmelden und jede Adresse von hier aus aufrufen.",
    no_script: "Zum Ausprobieren braucht es JavaScript. Ohne geht das Nachlesen in der",
    reference: "API-Referenz",
    version: "Version",
    routes: "Adressen",
    contents: "Inhalt",
    permission: "Braucht",
    parameters: "Parameter",
    body: "Inhalt der Anfrage",
    required: "nötig",
    answers: "Antworten",
    example: "Beispiel",
};

pub(super) const NOTICES: Notices = Notices {
    saved: "Gespeichert.",
    signed_out: "Sie sind abgemeldet.",
    session_ended: "Diese Sitzung ist beendet.",
    others_ended: "Sie sind überall sonst abgemeldet.",
    password_changed: "Ihr Passwort wurde geändert, und alle anderen Sitzungen wurden beendet.",
    factor_added: "Ihr zweiter Faktor ist eingerichtet.",
    factor_removed: "Ihr zweiter Faktor wurde entfernt.",
    account_deleted: "Ihr Konto wurde gelöscht.",
    created: "{} kann sich jetzt anmelden.",
    disabled: "{} ist gesperrt. Jede Sitzung und jedes Token ist beendet.",
    enabled: "{} ist entsperrt und kann sich wieder anmelden.",
    roles_saved: "Rollen gespeichert. Sie gelten sofort.",
    sessions_ended: "{} ist überall abgemeldet.",
};

pub(super) const AGO: Ago = Ago {
    now: "gerade eben",
    minutes: "vor {} Min.",
    hours: "vor etwa {} Std.",
    yesterday: "gestern",
    days: "vor {} Tagen",
};
