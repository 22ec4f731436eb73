//! Lines, each of a bounded length; blank ones are none.

use std::io::{BufRead, ErrorKind};

use super::{LONGEST_ROW, Piece, too_long};
use crate::transfer::source::unreadable;

pub(in crate::transfer) struct Lines<R>(R);

impl<R: BufRead> Lines<R> {
    pub fn new(bytes: R) -> Self {
        Self(bytes)
    }

    /// The next line without its end, and whether all of it is there; `None` at the end of the file.
    fn line(&mut self) -> std::io::Result<Option<Result<Vec<u8>, String>>> {
        let (mut line, mut long, mut any) = (Vec::new(), false, false);
        loop {
            let ahead = match self.0.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                ahead => ahead?,
            };
            if ahead.is_empty() {
                break;
            }
            any = true;
            let end = ahead.iter().position(|byte| *byte == b'\n');
            let part = &ahead[..end.unwrap_or(ahead.len())];
            long |= line.len() + part.len() > LONGEST_ROW;
            if !long {
                line.extend_from_slice(part);
            }
            let used = end.map_or(ahead.len(), |end| end + 1);
            self.0.consume(used);
            if end.is_some() {
                break;
            }
        }
        Ok(any.then(|| if long { Err(too_long()) } else { Ok(line) }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            match self.line() {
                Ok(Some(Ok(line))) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(line) => return line.map(Ok),
                Err(error) => return Some(Err(unreadable(&error))),
            }
        }
    }
}
