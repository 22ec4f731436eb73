//! Tables in CSV (RFC 4180): a line of headings, then a row each, quoted where they need to be.

use std::io::BufRead;
use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader};

use super::{LONGEST_ROW, too_long, utf8};
use crate::transfer::source::{Counted, unreadable};

/// Columns at the most.
const COLUMNS: usize = 256;

/// A table that is read row by row.
pub(in crate::transfer) struct Table {
    bytes: Counted,
    reader: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
    headings: Arc<[String]>,
    over: bool,
}

/// A row under its headings.
pub(in crate::transfer) struct Fields {
    headings: Arc<[String]>,
    values: Vec<String>,
}

impl Fields {
    pub fn has(&self, heading: &str) -> bool {
        self.headings.iter().any(|name| name == heading)
    }

    /// What stands under a heading; `None` where that is nothing.
    pub fn text(&self, heading: &str) -> Option<&str> {
        let at = self.headings.iter().position(|name| name == heading)?;
        self.values.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// # Errors
    /// One sentence for what is neither yes nor no.
    pub fn flag(&self, heading: &str) -> Result<bool, String> {
        match self.text(heading).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "f" | "0" | "no") => Ok(false),
            Some("true" | "t" | "1" | "yes") => Ok(true),
            Some(_) => Err(format!("{heading} is neither true nor false")),
        }
    }
}

impl Table {
    /// Reads the headings.
    ///
    /// # Errors
    /// One sentence: no headings, one of them twice, or what `check` says of them.
    pub fn open(bytes: Counted, check: &dyn Fn(&[String]) -> Result<(), String>) -> Result<Self, String> {
        let mut table = Self {
            bytes,
            reader: Reader::new(),
            output: vec![0; LONGEST_ROW],
            ends: vec![0; COLUMNS],
            headings: Arc::new([]),
            over: false,
        };
        let first = table.record()?.ok_or("The file is empty.")?;
        let values = first.map_err(|why| format!("The headings can't be read: {why}."))?;
        let headings: Vec<String> = values.iter().map(|heading| heading.trim().to_owned()).collect();
        if let Some(twice) = headings.iter().enumerate().find(|(at, name)| headings[..*at].contains(name)) {
            return Err(format!("The heading {:?} is there twice.", twice.1));
        }
        check(&headings)?;
        table.headings = headings.into();
        Ok(table)
    }

    /// The fields of the next record; `None` at the end of the file.
    fn record(&mut self) -> Result<Option<Result<Vec<String>, String>>, String> {
        let (mut written, mut fields, mut trouble) = (0, 0, None);
        loop {
            let input = self.bytes.fill_buf().map_err(|error| unreadable(&error))?;
            let (result, read, wrote, ended) =
                self.reader.read_record(input, &mut self.output[written..], &mut self.ends[fields..]);
            self.bytes.consume(read);
            (written, fields) = (written + wrote, fields + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                // What follows of the record is read over what was read of it.
                ReadRecordResult::OutputFull => (written, trouble) = (0, Some(too_long())),
                ReadRecordResult::OutputEndsFull => {
                    (fields, trouble) = (0, Some(format!("the row has more than {COLUMNS} fields")));
                }
                ReadRecordResult::Record => {
                    return Ok(Some(match trouble {
                        Some(why) => Err(why),
                        None => texts(&self.output, &self.ends[..fields]),
                    }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

fn texts(output: &[u8], ends: &[usize]) -> Result<Vec<String>, String> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, end)| utf8(&output[start..*end]).map(str::to_owned)).collect()
}

impl Iterator for Table {
    type Item = Result<Result<Fields, String>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let record = self.record();
        self.over = record.is_err();
        let row = record.transpose()?;
        Some(row.map(|values| {
            let (values, headings) = (values?, Arc::clone(&self.headings));
            match values.len() == headings.len() {
                true => Ok(Fields { headings, values }),
                false => Err(format!("the row has {} fields under {} headings", values.len(), headings.len())),
            }
        }))
    }
}
