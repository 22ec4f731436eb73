use crate::texts::shape::*;

pub(super) const LOGIN: Login = Login { no_account: "Noch kein Konto?" };

pub(super) const SIGNUP: Signup = Signup {
    title: "Konto anlegen",
    email_help: "Sie können sich auch damit anmelden. Die Verwaltung und die Apps, die Sie nutzen, sehen sie.",
    have_account: "Sie haben schon ein Konto?",
    closed_title: "Registrieren ist nicht möglich",
    closed_about: "Neue Konten legt hier die Verwaltung an, damit nur die Richtigen hereinkommen.",
    closed_mend: "Bitten Sie die Person, die Sie hierher geschickt hat oder die diesen Dienst für Ihr Team betreibt, ein Konto für Sie anzulegen.",
};

pub(super) const SETUP: Setup = Setup {
    title: "Das erste Verwaltungskonto anlegen",
    about: "Diese Installation ist ganz neu. Das Konto, das Sie jetzt anlegen, darf alles; wählen Sie sein Passwort mit Bedacht.",
    email_help: "Sie können sich auch damit anmelden.",
    create: "Verwaltungskonto anlegen",
    expired_title: "Dieser Link gilt nicht mehr",
    expired_about: "Er wurde schon benutzt, er ist unvollständig, oder es gibt inzwischen ein Verwaltungskonto.",
    expired_mend: "Solange es keines gibt, zeigt jeder Neustart des Servers den Link. Starten Sie ihn neu und öffnen Sie, was er ausgibt.",
    expired_have: "Es gibt schon ein Verwaltungskonto?",
};

pub(super) const FACTOR: Factor = Factor {
    title: "Zweiter Faktor",
    about: "Öffne deine Authenticator-App und tippe den Code ein, den sie für diese Seite zeigt.",
    code: "Code",
    code_help: "Sechs Ziffern, oder einer deiner Wiederherstellungscodes.",
    go_on: "Weiter",
    lost: "Telefon verloren und kein Wiederherstellungscode übrig? Die Verwaltung kann dich einmal hereinlassen.",
    start_again: "Neu beginnen",
    over: "Das hat zu lange gedauert, oder zu viele Codes waren falsch. Bitte melde dich noch einmal an.",
    enrol_title: "Zweiten Faktor einrichten",
    enrol_about: "Diese Installation verlangt neben dem Passwort einen zweiten Faktor. Du brauchst eine Authenticator-App auf dem Telefon; jede ist recht.",
    begin: "Einrichten",
    scan: "Lies das mit der App ein:",
    scan_alt: "QR-Code für eine Authenticator-App; das Geheimnis steht darunter als Text.",
    type_instead: "Oder tippe das in die App:",
    first_code: "Code, den die App jetzt zeigt",
    first_code_help: "Sechs Ziffern. Damit zeigst du, dass die App eingerichtet ist.",
    try_again: "Tippe den Code ein, den die App jetzt zeigt. Wird er wieder abgelehnt, stelle die Uhr des Telefons auf automatisch, oder beginne neu mit einem neuen QR-Code.",
    confirm: "Bestätigen",
};

pub(super) const CODES: Codes = Codes {
    title: "Deine Wiederherstellungscodes",
    about: "Jeder davon ersetzt einmal deinen zweiten Faktor, an dem Tag, an dem das Telefon weg ist. Sie werden nur dieses eine Mal gezeigt: Drucke sie aus, oder lege sie in deinem Passwortmanager ab.",
    kept: "Ich habe diese Codes sicher aufbewahrt",
    go_on: "Weiter",
};

pub(super) const CONFIRM: Confirm = Confirm {
    title: "Bestätige, dass du es bist",
    about: "Was jetzt kommt, ist wichtig für dein Konto, und du bist schon eine Weile angemeldet.",
    go_on: "Bestätigen",
};
