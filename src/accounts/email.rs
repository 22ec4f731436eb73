//! Mail addresses. Whether one can be reached, only a mail can tell; here is only refused what never could be.

use super::Wrong;

/// An address of the form `local@domain`, at most 254 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if text.len() > 254 {
            return Err(Wrong::EmailLong);
        }
        let sound = text.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        if sound { Ok(Self(text.to_owned())) } else { Err(Wrong::Email) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 5321's dot-string, with letters of any script (RFC 6531). No quoted strings: nobody means them.
fn is_local(local: &str) -> bool {
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (1..=64).contains(&local.len()) && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn addresses_that_could_be_reached_are_taken() {
        for sound in
            ["a@b.co", " alice+tag@example.com ", "jörg@müller.example", "o'neil@example.com", "root@localhost"]
        {
            assert!(Email::parse(sound).is_ok(), "{sound}");
        }
        for wrong in ["", "a", "@b.c", "a@", "a b@c.d", "a@b..c", "a@-b.c", ".a@b.c", "a@b.c\nBcc: x@y.z", "a@@b.c"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
