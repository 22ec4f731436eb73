//! What each setting means, in each language. English stands with the setting itself, as in `.env.example`.

use super::Language;
use crate::config::Setting;

/// In the language of the page.
pub fn meaning(language: Language, setting: &Setting) -> &'static str {
    match language {
        Language::En => setting.meaning,
        Language::De => german(setting.name).unwrap_or(setting.meaning),
    }
}

fn german(name: &str) -> Option<&'static str> {
    Some(match name {
        "DATABASE_URL" => "sqlite://PFAD oder postgres://NUTZER:PASSWORT@HOST/NAME; Migrationen laufen beim Start.",
        "DATABASE_URL_FILE" => {
            "Datei, in der DATABASE_URL steht, etwa das Geheimnis eines Containers oder ein Credential."
        }
        "DATABASE_READ_URL" => {
            "Ein Standby einer Datenbank mit postgres://, für Listen, Suchen, Exporte und Statistik."
        }
        "DATABASE_READ_URL_FILE" => "Datei, in der DATABASE_READ_URL steht.",
        "DATA_DIR" => "Ordner für das, was beim ersten Start entsteht: die SQLite-Datei und der geheime Schlüssel.",
        "HOST" => "Adresse, auf der gelauscht wird.",
        "PORT" => "Port, auf dem gelauscht wird.",
        "PUBLIC_URL" => {
            "Wo die Installation erreichbar ist: Aussteller der Tokens und Anfang jedes Links. Ohne Angabe folgt der Port PORT."
        }
        "SECRET_KEY" => {
            "Mindestens 32 Byte: der HS256-Schlüssel und die Wurzel der Schlüssel für Cookies und Siegel. Ohne Angabe unter DATA_DIR angelegt."
        }
        "SECRET_KEY_FILE" => "Datei, in der SECRET_KEY steht.",
        "ALGORITHM" => "Signiert Zugangstokens: ES256, EdDSA, RS256 oder HS256 mit SECRET_KEY.",
        "KEY_ROTATION_DAYS" => {
            "Nach so vielen Tagen folgt unbemerkt ein neuer Signaturschlüssel; 0: nur durch vestibule keys rotate."
        }
        "TOKEN_PROFILE" => "rfc9068 oder fastapi: sub ist der Benutzername, ohne aud, wie die Anleitungen es lesen.",
        "ACCESS_TOKEN_EXPIRE_MINUTES" => "Lebensdauer eines Zugangstokens.",
        "REFRESH_TOKEN_EXPIRE_MINUTES" => "So lange unbenutzt, endet eine Sitzung (7 Tage).",
        "SESSION_MAX_DAYS" => "Nach so vielen Tagen endet eine Sitzung endgültig.",
        "AUDIENCE" => "aud der Zugangstokens; ohne Angabe PUBLIC_URL.",
        "BCRYPT_COST" => {
            "10 bis 15; jede Stufe verdoppelt die Arbeit. Billigere Hashes werden bei der nächsten Anmeldung erneuert."
        }
        "SIGNUP" => {
            "Wer ein Konto anlegen darf: open (alle), invite (wer eingeladen ist) oder closed (niemand selbst)."
        }
        "SECOND_FACTOR" => "Wer einen zweiten Faktor haben muss: optional (wer will), admins oder required (alle).",
        "PASSWORD_GRANT" => "off lehnt grant_type=password und /login mit JSON ab.",
        "SMTP_URL" => {
            "smtp://NUTZER:PASSWORT@HOST:587 (STARTTLS) oder smtps://…; ohne Angabe landen Mails in DATA_DIR/outbox."
        }
        "SMTP_URL_FILE" => "Datei, in der SMTP_URL steht.",
        "MAIL_FROM" => "Von wem Mails sind: no-reply@example.com oder Name <no-reply@example.com>.",
        "CORS_ORIGINS" => "Origins, durch Kommas getrennt, deren Browser die JSON-Adressen aufrufen dürfen.",
        "RATE_LIMITS" => "off zählt keine Versuche und hält niemanden auf: nur für Lasttests.",
        "TRUSTED_PROXIES" => {
            "Adressen oder CIDRs, durch Kommas getrennt, deren X-Forwarded-For und X-Request-Id geglaubt wird."
        }
        "METRICS_FROM" => {
            "Adressen oder CIDRs, durch Kommas getrennt, die /metrics lesen dürfen; none: nur, wer settings:read hat."
        }
        "OTEL_EXPORTER_OTLP_ENDPOINT" => {
            "Sammelstelle für Traces, über HTTP: http://localhost:4318; ohne Angabe entstehen keine."
        }
        "OTEL_EXPORTER_OTLP_HEADERS" => "Was ihr sonst gesendet wird: name=wert, durch Kommas getrennt.",
        "OTEL_SERVICE_NAME" => "Wie dieser Dienst in Traces heißt.",
        "OTEL_TRACES_SAMPLER_ARG" => "Der Anteil der Anfragen, von denen Traces entstehen, von 0 bis 1.",
        "AUDIT_DAYS" => {
            "Nach so vielen Tagen werden Einträge des Protokolls entfernt, und der Rest bleibt beweisbar; 0: alle bleiben."
        }
        "PAGE_LANGUAGE" => "Sprache der Seiten: en oder de; ohne Angabe, was der Browser wünscht.",
        "LOG_FORMAT" => "pretty oder json; ohne Angabe pretty auf einem Terminal und sonst json.",
        "RUST_LOG" => "Was protokolliert wird: error, warn, info, debug oder trace, auch je Modul.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::german;
    use crate::config::SETTINGS;

    #[test]
    fn every_setting_is_explained_in_german_too() {
        let lacking: Vec<&str> = SETTINGS.iter().map(|one| one.name).filter(|name| german(name).is_none()).collect();
        assert!(lacking.is_empty(), "{lacking:?}");
    }
}
