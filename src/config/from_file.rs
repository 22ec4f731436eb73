//! Secrets that stand in files of their own, such as systemd's credentials and the secrets of a container.

use std::collections::HashMap;

/// Settings that hold a secret, and those that name its file instead.
const BY_FILE: [(&str, &str); 4] = [
    ("DATABASE_URL", "DATABASE_URL_FILE"),
    ("DATABASE_READ_URL", "DATABASE_READ_URL_FILE"),
    ("SECRET_KEY", "SECRET_KEY_FILE"),
    ("SMTP_URL", "SMTP_URL_FILE"),
];

/// Reads each file that is named.
///
/// # Errors
/// One line where it can't be read, is empty, or the secret is set as well.
pub(super) fn fill_in(mut values: HashMap<String, String>) -> Result<HashMap<String, String>, String> {
    for (name, by_file) in BY_FILE {
        let given = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let Some(path) = given(by_file) else { continue };
        if given(name).is_some() {
            return Err(format!("{by_file} is {path:?} and {name} is set as well; it may be one of them"));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{by_file} is {path:?}, which can't be read: {error}"))?;
        if text.trim().is_empty() {
            return Err(format!("{by_file} is {path:?}, which is empty; it may be a file with what {name} would be"));
        }
        values.insert(name.to_owned(), text.trim().to_owned());
    }
    Ok(values)
}
