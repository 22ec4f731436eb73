//! Lists by keyset: a page knows where the next one begins, nobody counts and nobody skips.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// One page of a list, and the cursor that asks for the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts `items`, read with one more than `limit`, and takes the cursor from the last that stays.
    pub fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}

/// A place in an ordered list: which order it is, and the sort key and the id of the row before. Opaque outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub order: String,
    pub key: String,
    pub id: String,
}

impl Cursor {
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}\n{}", self.order, self.id, self.key))
    }

    /// `None` where the text was not made by [`Cursor::encode`].
    pub fn decode(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (order, rest) = plain.split_once('\n')?;
        let (id, key) = rest.split_once('\n')?;
        let sound = !plain.contains('\0');
        sound.then(|| Self { order: order.to_owned(), key: key.to_owned(), id: id.to_owned() })
    }
}
