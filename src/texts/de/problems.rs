use crate::texts::shape::{Problem, Problems};

pub(super) const PROBLEMS: Problems = Problems {
    bad_request: Problem {
        title: "Anfrage nicht lesbar",
        meaning: "Die Anfrage war nicht lesbar: fehlerhaftes JSON, ein Feld zweimal, zwei Authorization-Header oder etwas an der falschen Stelle.",
        mend: "Vergleichen Sie die Anfrage mit der Referenz unter /redoc. Im „detail“ steht, was falsch war.",
    },
    credentials_in_query: Problem {
        title: "Geheimnis in der Adresse",
        meaning: "In der Adresse stand ein Passwort oder Token, und Protokolle, Proxys und Browserverläufe bewahren Adressen auf.",
        mend: "Senden Sie Passwörter im Inhalt der Anfrage und Tokens im Authorization-Header. Ändern Sie das Passwort oder beenden Sie die Sitzung: Es kann aufgezeichnet worden sein.",
    },
    taken: Problem {
        title: "Schon vergeben",
        meaning: "Diesen Benutzernamen oder diese E-Mail-Adresse hat schon jemand. Groß und klein macht keinen Unterschied.",
        mend: "Nehmen Sie etwas anderes, oder melden Sie sich an, wenn es Ihres ist.",
    },
    not_authenticated: Problem {
        title: "Nicht angemeldet",
        meaning: "Dafür muss man angemeldet sein, und die Anfrage brachte kein Zugangstoken mit.",
        mend: "Holen Sie ein Token bei /token und senden Sie es als „Authorization: Bearer TOKEN“.",
    },
    bad_token: Problem {
        title: "Token ungültig",
        meaning: "Das Zugangstoken ist keines von hier, wurde verändert, ist abgelaufen, oder seine Sitzung ist beendet.",
        mend: "Holen Sie mit dem Refresh-Token bei /refresh ein neues, oder melden Sie sich noch einmal an.",
    },
    not_fresh: Problem {
        title: "Neuer Nachweis nötig",
        meaning: "Das ist eine heikle Sache, und Sie haben sich zuletzt vor mehr als 15 Minuten ausgewiesen.",
        mend: "Melden Sie sich noch einmal an und senden Sie die Anfrage mit dem neuen Token.",
    },
    bad_credentials: Problem {
        title: "Anmeldung gescheitert",
        meaning: "Benutzername und Passwort passen nicht zusammen, oder das Konto darf sich nicht anmelden.",
        mend: "Prüfen Sie beides. Wenn Sie sicher sind, fragen Sie, wer diese Installation betreibt.",
    },
    factor_required: Problem {
        title: "Zweiter Faktor nötig",
        meaning: "Das Passwort war richtig, und es braucht einen zweiten Faktor: einen Code aus einer Authenticator-App oder einen Wiederherstellungscode.",
        mend: "Senden Sie dieselbe Anfrage noch einmal mit dem Code als „otp“, oder POST /token nur mit „mfa_token“ und „otp“.",
    },
    bad_passkey: Problem {
        title: "Passkey nicht angenommen",
        meaning: "Was das Gerät antwortete, war hier nicht verlangt, kam zu spät oder zweimal oder passt nicht zum hinterlegten Schlüssel.",
        mend: "Beginnen Sie noch einmal. Wenn es dabei bleibt, entfernen Sie den Passkey und fügen einen neuen hinzu.",
    },
    bad_grant: Problem {
        title: "Refresh-Token ungültig",
        meaning: "Das Refresh-Token ist unbekannt, abgelaufen, schon benutzt oder gehört zu einer beendeten Sitzung.",
        mend: "Melden Sie sich noch einmal an.",
    },
    bad_code: Problem {
        title: "Link oder Code ungültig",
        meaning: "Der Link oder Code aus einer Mail ist falsch oder unvollständig, wurde schon benutzt oder ist zu alt. Auch ein neues Passwort beendet ihn.",
        mend: "Fordern Sie eine neue Mail an. Einen Code kann man fünfmal versuchen, und es zählt nur der aus der neuesten Mail.",
    },
    bad_token_request: Problem {
        title: "Token-Anfrage ungültig",
        meaning: "Der Anfrage nach einem Token fehlt ein Parameter, oder sie nennt etwas, das es hier nicht gibt.",
        mend: "Siehe RFC 6749, Abschnitte 4.3 und 6, und die Referenz unter /redoc.",
    },
    forbidden: Problem {
        title: "Nicht erlaubt",
        meaning: "Sie sind angemeldet, haben aber die Berechtigung nicht, die es dafür braucht.",
        mend: "Bitten Sie die Verwaltung um eine Rolle, die sie gibt.",
    },
    signup_forbidden: Problem {
        title: "Registrierung nicht offen",
        meaning: "In dieser Installation legt sich niemand selbst ein Konto an.",
        mend: "Bitten Sie die Verwaltung um eines.",
    },
    cross_origin: Problem {
        title: "Anfrage von fremder Website abgelehnt",
        meaning: "Eine andere Website wollte über Ihren Browser hier etwas ändern.",
        mend: "Wenn es Ihre Website ist, nehmen Sie ihre Adresse in CORS_ORIGINS auf.",
    },
    not_found: Problem {
        title: "Nicht gefunden",
        meaning: "Unter dieser Adresse ist nichts, oder nichts mehr.",
        mend: "Prüfen Sie die Adresse.",
    },
    method_not_allowed: Problem {
        title: "Methode nicht erlaubt",
        meaning: "Die Adresse gibt es, aber sie nimmt diese Methode nicht.",
        mend: "Der Allow-Header der Antwort nennt, welche sie nimmt.",
    },
    conflict: Problem {
        title: "Jetzt nicht möglich",
        meaning: "Die Anfrage passt nicht dazu, wie die Dinge stehen: Der letzte Administrator zum Beispiel lässt sich nicht sperren.",
        mend: "Im „detail“ steht, was im Weg ist.",
    },
    changed: Problem {
        title: "Inzwischen geändert",
        meaning: "Die Anfrage nannte in If-Match den Zustand, den sie ändern wollte, und der ist nicht mehr: Jemand war schneller.",
        mend: "Holen Sie den neuen Zustand, sehen Sie nach, was anders ist, und senden Sie die Änderung mit dem neuen ETag.",
    },
    too_slow: Problem {
        title: "Zu lange gedauert",
        meaning: "Der Inhalt kam nicht binnen einer halben Minute, oder ein Stück einer Datei kam nicht.",
        mend: "Senden Sie die Anfrage noch einmal, wenn möglich über eine bessere Verbindung.",
    },
    too_large: Problem {
        title: "Zu groß",
        meaning: "Der Inhalt ist größer als 64 KB, oder eine Datei mit Benutzern größer als 1 GB.",
        mend: "Senden Sie weniger. Eine Datei lässt sich aufteilen oder über die Kommandozeile einlesen, die keine Grenze hat.",
    },
    wrong_media_type: Problem {
        title: "Falscher Inhaltstyp",
        meaning: "Der Inhalt ist weder JSON noch ein Formular.",
        mend: "Senden Sie application/json oder application/x-www-form-urlencoded, und nennen Sie es in Content-Type.",
    },
    invalid: Problem {
        title: "Ungültige Werte",
        meaning: "Einige Werte sind nicht möglich. Bei jedem steht, warum.",
        mend: "Berichtigen Sie sie und senden Sie die Anfrage noch einmal.",
    },
    too_many_tries: Problem {
        title: "Zu viele Versuche",
        meaning: "Von dieser Adresse oder für diesen Namen gab es zu viele Versuche, ob es ein solches Konto gibt oder nicht. So bleibt Erraten langsam.",
        mend: "Warten Sie so lange, wie Retry-After sagt. Ein Browser, in dem Sie schon angemeldet waren, wird von den Versuchen anderer nicht aufgehalten.",
    },
    internal: Problem {
        title: "Interner Fehler",
        meaning: "Etwas ist gescheitert, was nicht scheitern sollte. Es steht mit der Nummer Ihrer Anfrage im Protokoll.",
        mend: "Versuchen Sie es noch einmal. Wenn es dabei bleibt, nennen Sie dem Betreiber die Nummer der Anfrage.",
    },
    busy: Problem {
        title: "Überlastet",
        meaning: "In diesem Augenblick melden sich mehr an, als die Maschine Passwörter prüfen kann.",
        mend: "Versuchen Sie es nach der Zeit in Retry-After noch einmal.",
    },
    unavailable: Problem {
        title: "Nicht verfügbar",
        meaning: "Die Datenbank ist nicht erreichbar oder kann nicht schreiben. Was bestätigt wurde, ist nicht verloren.",
        mend: "Versuchen Sie es nach der Zeit in Retry-After noch einmal.",
    },
    no_room: Problem {
        title: "Kein Platz",
        meaning: "Der Datenträger, auf dem Dateien mit Benutzern liegen, solange sie durchgegangen werden, ist fast voll.",
        mend: "Der Betreiber schafft Platz im Datenordner. Senden Sie bis dahin eine kleinere Datei.",
    },
};
