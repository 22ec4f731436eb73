//! Each entry carries a hash of itself and of the one before: none is changed, put in or taken out unnoticed.

use super::store::{self, Row};
use crate::platform::db::{Fault, Tx};
use crate::platform::secret::sha256;

/// SHA-256.
pub type Hash = [u8; 32];

/// What stands for the hash of the one before the first entry, and of those that were recorded before there was a chain.
pub const GENESIS: Hash = [0; 32];

/// Changes with the form below, so that no hash of one form counts in another.
const FORM: &[u8] = b"vestibule audit entry v1";

/// The hash of an entry that follows one with the hash `previous`. The form that is hashed gives every column its length, so
/// that no two entries have the same; docs/AUDIT.md has it for those who want to check it with a program of their own.
pub fn hash(previous: &Hash, row: &Row) -> Hash {
    let mut form = FORM.to_vec();
    form.extend(previous);
    form.extend(row.seq.to_be_bytes());
    form.extend(row.at.millis().to_be_bytes());
    for text in row.texts() {
        match text {
            None => form.push(0),
            Some(text) => {
                form.push(1);
                form.extend((text.len() as u64).to_be_bytes());
                form.extend(text.as_bytes());
            }
        }
    }
    sha256(&form)
}

/// What stands in a column, as a hash.
pub fn of_column(hash: Option<&[u8]>) -> Option<Hash> {
    match hash {
        None => Some(GENESIS),
        Some(bytes) => bytes.try_into().ok(),
    }
}

/// Numbers these entries, in the order of commits, and chains them. From here to the commit whoever else records waits, so this
/// comes last in a transaction.
pub(super) fn append(tx: &mut Tx, mut rows: Vec<Row>) -> Result<(), Fault> {
    let (mut seq, last) = store::take_numbers(tx, rows.len())?;
    let mut previous =
        of_column(last.as_deref()).ok_or_else(|| Fault::Broken("the head of the audit log has no hash".to_owned()))?;
    for row in &mut rows {
        seq += 1;
        row.seq = seq;
        previous = hash(&previous, row);
        row.hash = Some(previous.to_vec());
    }
    store::insert(tx, &rows)?;
    store::set_head(tx, &previous)
}

/// `None` where it is not the digits of 32 bytes.
pub fn unhex(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = GENESIS;
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::hex::hex;
    use crate::platform::ids::{EventId, RequestId};
    use crate::platform::time::UnixTime;

    fn row() -> Row {
        Row {
            seq: 7,
            id: EventId::from_outside("e"),
            at: UnixTime::from_millis(1000),
            kind: "signin.succeeded".to_owned(),
            actor_id: None,
            actor_name: Some("ab".to_owned()),
            subject_id: None,
            subject_name: Some("c".to_owned()),
            session_id: None,
            address: "::1".to_owned(),
            request_id: RequestId::from_outside("r"),
            detail: "{}".to_owned(),
            hash: None,
        }
    }

    #[test]
    fn the_form_is_the_one_that_is_documented() {
        let mut form = b"vestibule audit entry v1".to_vec();
        form.extend([0; 32]);
        form.extend(7_u64.to_be_bytes());
        form.extend(1000_u64.to_be_bytes());
        for text in [Some("e"), Some("signin.succeeded"), None, Some("ab"), None, Some("c"), None] {
            form.push(u8::from(text.is_some()));
            if let Some(text) = text {
                form.extend((text.len() as u64).to_be_bytes());
                form.extend(text.as_bytes());
            }
        }
        for text in ["::1", "r", "{}"] {
            form.push(1);
            form.extend((text.len() as u64).to_be_bytes());
            form.extend(text.as_bytes());
        }
        assert_eq!(hash(&GENESIS, &row()), sha256(&form));
    }

    #[test]
    fn what_moves_from_one_column_to_the_next_is_another_entry() {
        let moved = Row { actor_name: Some("a".to_owned()), subject_name: Some("bc".to_owned()), ..row() };
        let absent = Row { actor_name: Some(String::new()), ..row() };
        let empty = Row { actor_name: None, ..row() };
        let hashes = [row(), moved, absent, empty].map(|row| hash(&GENESIS, &row));
        let different: std::collections::BTreeSet<Hash> = hashes.into_iter().collect();
        assert_eq!(different.len(), 4);
    }

    #[test]
    fn a_hash_is_read_back_from_its_digits() {
        let hash = sha256(b"x");
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        assert!(["", "00", &"g".repeat(64), &"é".repeat(32)].iter().all(|text| unhex(text).is_none()));
    }
}
