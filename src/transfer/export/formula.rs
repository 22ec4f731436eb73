//! Spreadsheets run what begins like a formula, whoever wrote it: such a text gets an apostrophe in front, which they show
//! as text (OWASP, "CSV Injection"). Our own reader takes it away again.

const BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn begins(text: &str) -> bool {
    text.starts_with(BEGINS) || text.starts_with('\'')
}

/// As it may stand in a table.
pub(super) fn armed(text: &str) -> String {
    if begins(text) { format!("'{text}") } else { text.to_owned() }
}

/// As it was before.
pub fn disarmed(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| begins(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_comes_back_as_it_was() {
        for text in ["=1+1", "+49", "-x", "@SUM(A1)", "\tx", "'quoted", "''=x", "plain", "", "it's"] {
            let written = armed(text);
            assert!(!written.starts_with(BEGINS), "{written}");
            assert_eq!(disarmed(&written), text);
        }
        assert_eq!(disarmed("'plain"), "'plain");
    }
}
