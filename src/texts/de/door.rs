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
    about: "Öffnen Sie Ihre Authenticator-App und tippen Sie den Code ein, den sie für diese Seite zeigt.",
    code: "Code",
    code_help: "Sechs Ziffern, oder einer Ihrer Wiederherstellungscodes.",
    go_on: "Weiter",
    lost: "Telefon verloren und kein Wiederherstellungscode übrig? Die Verwaltung kann Sie einmal hereinlassen.",
    start_again: "Neu beginnen",
    over: "Das hat zu lange gedauert, oder zu viele Codes waren falsch. Bitte melden Sie sich noch einmal an.",
    enrol_title: "Zweiten Faktor einrichten",
    enrol_about: "Diese Installation verlangt neben dem Passwort einen zweiten Faktor. Sie brauchen eine Authenticator-App auf dem Telefon; jede ist recht.",
    begin: "Einrichten",
    scan: "Lesen Sie das mit der App ein:",
    scan_alt: "QR-Code für eine Authenticator-App; das Geheimnis steht darunter als Text.",
    type_instead: "Oder tippen Sie das in die App:",
    first_code: "Code, den die App jetzt zeigt",
    first_code_help: "Sechs Ziffern. Damit zeigen Sie, dass die App eingerichtet ist.",
    try_again: "Tippen Sie den Code ein, den die App jetzt zeigt. Wird er wieder abgelehnt, stellen Sie die Uhr des Telefons auf automatisch, oder beginnen Sie neu mit einem neuen QR-Code.",
    confirm: "Bestätigen",
};

pub(super) const CODES: Codes = Codes {
    title: "Ihre Wiederherstellungscodes",
    about: "Jeder davon ersetzt einmal Ihren zweiten Faktor, an dem Tag, an dem das Telefon weg ist. Sie werden nur dieses eine Mal gezeigt: Drucken Sie sie aus, oder legen Sie sie in Ihrem Passwortmanager ab.",
    kept: "Ich habe diese Codes sicher aufbewahrt",
    go_on: "Weiter",
};

pub(super) const CONFIRM: Confirm = Confirm {
    title: "Bestätigen Sie, dass Sie es sind",
    about: "Was jetzt kommt, ist wichtig für Ihr Konto, und Sie sind schon eine Weile angemeldet.",
    go_on: "Bestätigen",
};

pub(super) const STRENGTH: Strength = Strength {
    short: "Noch zu kurz.",
    own: "Ihr Name, Ihr Benutzername und Ihre Adresse dürfen nicht darin vorkommen.",
    easy: "Wahrscheinlich zu leicht zu erraten.",
    fair: "Das könnte reichen. Beim Absenden wird es mit häufigen Passwörtern verglichen.",
    good: "Schwer zu erraten.",
};
