//! The elements of one list in a JSON document of any size, each as its own bytes. Only brackets and strings are looked
//! at; whether an element is sound, whoever parses it finds out.

use std::io::BufRead;

use super::{LONGEST_ROW, Piece, too_long};
use crate::transfer::source::unreadable;

/// Where the list stands.
#[derive(Clone, Copy)]
pub(in crate::transfer) enum Within {
    /// It is the document.
    List,
    /// Under this key of the object that is the document.
    Key(&'static str),
}

pub(in crate::transfer) struct Elements<R> {
    bytes: R,
    within: Within,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Inside,
    Over,
}

/// Why reading stopped.
enum Stop {
    Input(std::io::Error),
    /// In the middle of something.
    End,
    /// There is no such list.
    NoList,
    /// Something comes after it.
    More,
}

impl<R: BufRead> Elements<R> {
    pub fn new(bytes: R, within: Within) -> Self {
        Self { bytes, within, place: Place::Before }
    }

    fn peek(&mut self) -> Result<u8, Stop> {
        let ahead = self.bytes.fill_buf().map_err(Stop::Input)?;
        ahead.first().copied().ok_or(Stop::End)
    }

    fn take(&mut self) -> Result<u8, Stop> {
        let byte = self.peek()?;
        self.bytes.consume(1);
        Ok(byte)
    }

    /// The next byte that is no space, and none of these.
    fn skip(&mut self, marks: &[u8]) -> Result<u8, Stop> {
        loop {
            let byte = self.peek()?;
            if !byte.is_ascii_whitespace() && !marks.contains(&byte) {
                return Ok(byte);
            }
            self.bytes.consume(1);
        }
    }

    /// A string from its first quote to its last, into `kept` as long as that is wanted.
    fn string(&mut self, kept: &mut Kept) -> Result<(), Stop> {
        kept.push(self.take()?);
        loop {
            let byte = self.take()?;
            kept.push(byte);
            match byte {
                b'"' => return Ok(()),
                b'\\' => kept.push(self.take()?),
                _ => {}
            }
        }
    }

    /// A value of any kind: to the bracket that closes it, or to what follows a plain one.
    fn value(&mut self, kept: &mut Kept) -> Result<(), Stop> {
        let mut depth = 0_u32;
        loop {
            match self.peek()? {
                b'"' => self.string(kept)?,
                b'{' | b'[' => {
                    depth += 1;
                    kept.push(self.take()?);
                }
                b'}' | b']' | b',' if depth == 0 => return Ok(()),
                b'}' | b']' => {
                    depth -= 1;
                    kept.push(self.take()?);
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => kept.push(self.take()?),
            }
        }
    }

    /// Goes to the first element.
    fn enter(&mut self) -> Result<(), Stop> {
        let Within::Key(wanted) = self.within else { return self.open(b'[') };
        self.open(b'{')?;
        loop {
            if self.skip(b",")? != b'"' {
                return Err(Stop::NoList);
            }
            let found = self.key()? == format!("\"{wanted}\"").as_bytes();
            match self.skip(b":")? {
                b'[' if found => return self.open(b'['),
                _ => self.value(&mut Kept::none())?,
            }
        }
    }

    fn open(&mut self, bracket: u8) -> Result<(), Stop> {
        if self.skip(b"")? != bracket {
            return Err(Stop::NoList);
        }
        self.take().map(|_| ())
    }

    /// What stands beside the list, up to the document's end: a second list would be lost in silence.
    fn rest(&mut self) -> Result<(), Stop> {
        let Within::Key(wanted) = self.within else { return self.end() };
        loop {
            match self.skip(b",")? {
                b'"' if self.key()? == format!("\"{wanted}\"").as_bytes() => return Err(Stop::More),
                b'"' => {
                    self.skip(b":")?;
                    self.value(&mut Kept::none())?;
                }
                b'}' => {
                    self.bytes.consume(1);
                    return self.end();
                }
                _ => return Err(Stop::End),
            }
        }
    }

    fn key(&mut self) -> Result<Vec<u8>, Stop> {
        let mut key = Kept::new();
        self.string(&mut key)?;
        Ok(key.bytes)
    }

    /// Nothing comes after the document: two files put together would lose the second.
    fn end(&mut self) -> Result<(), Stop> {
        match self.skip(b"") {
            Err(Stop::End) => Ok(()),
            Err(stop) => Err(stop),
            Ok(_) => Err(Stop::More),
        }
    }

    fn element(&mut self) -> Result<Option<Result<Vec<u8>, String>>, Stop> {
        if self.place == Place::Before {
            self.enter()?;
            self.place = Place::Inside;
        }
        match self.skip(b",")? {
            b']' => {
                self.place = Place::Over;
                self.bytes.consume(1);
                self.rest()?;
                Ok(None)
            }
            // Nothing closes here: the list is broken.
            b'}' => Err(Stop::End),
            _ => {
                let mut kept = Kept::new();
                self.value(&mut kept)?;
                Ok(Some(kept.whole()))
            }
        }
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.place == Place::Over {
            return None;
        }
        match self.element() {
            Ok(piece) => piece.map(Ok),
            Err(stop) => {
                self.place = Place::Over;
                Some(Err(match stop {
                    Stop::Input(error) => unreadable(&error),
                    Stop::End => "The file ends in the middle of its JSON, or its brackets do not fit.".into(),
                    Stop::More => {
                        "There is more in the file after the end of its list, and none of that was read.".into()
                    }
                    Stop::NoList => "The file has no list of users where there has to be one.".into(),
                }))
            }
        }
    }
}

/// Bytes that are kept, up to as many as a row may have.
struct Kept {
    bytes: Vec<u8>,
    room: usize,
    wanted: usize,
}

impl Kept {
    fn new() -> Self {
        Self { bytes: Vec::new(), room: LONGEST_ROW, wanted: 0 }
    }

    fn none() -> Self {
        Self { room: 0, ..Self::new() }
    }

    fn push(&mut self, byte: u8) {
        self.wanted += 1;
        if self.bytes.len() < self.room {
            self.bytes.push(byte);
        }
    }

    fn whole(self) -> Result<Vec<u8>, String> {
        if self.wanted > self.bytes.len() { Err(too_long()) } else { Ok(self.bytes) }
    }
}
