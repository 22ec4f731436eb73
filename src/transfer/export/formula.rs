//! Spreadsheets run what begins like a formula, whoever wrote it: such a text gets an apostrophe in front, which they show
//! as text (OWASP, "CSV Injection"). Where they take another sign than the comma between cells, as the semicolon in much of
//! Europe, a cell begins in the middle of a text too. Our own reader takes the apostrophes away again.

const BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// After these, some spreadsheet begins another cell, whatever stands around them.
const PARTS: [char; 4] = [';', '\t', '\r', '\n'];

fn begins(text: &str) -> bool {
    text.starts_with(BEGINS) || text.starts_with('\'')
}

/// What a spreadsheet may take for a cell, each with the sign that ends it.
fn cells(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(PARTS)
}

/// As it may stand in a table.
pub(super) fn armed(text: &str) -> String {
    cells(text).map(|cell| if begins(cell) { format!("'{cell}") } else { cell.to_owned() }).collect()
}

/// As it was before.
pub fn disarmed(text: &str) -> String {
    cells(text).map(|cell| cell.strip_prefix('\'').filter(|rest| begins(rest)).unwrap_or(cell)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_comes_back_as_it_was() {
        for text in [
            "=1+1",
            "+49",
            "-x",
            "@SUM(A1)",
            "\tx",
            "'quoted",
            "''=x",
            "plain",
            "",
            "it's",
            "a;=1+1",
            "a;-b;'c;;=d",
            ";",
            "';'",
            "a\n=b\r\n'=c",
            "\t\t=x",
            "'",
        ] {
            let written = armed(text);
            assert!(written.split(PARTS).all(|cell| !cell.starts_with(BEGINS)), "{written}");
            assert_eq!(disarmed(&written), text);
        }
        assert_eq!(disarmed("'plain;'plain"), "'plain;'plain");
    }
}
