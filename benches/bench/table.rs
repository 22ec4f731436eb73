//! The one table, as Markdown: each row a figure of ours, the bare limit that was measured in the same run, their ratio, what it
//! should be, and what others publish of theirs.

/// What a figure is a figure of.
#[derive(Clone, Copy)]
pub enum Unit {
    /// A rate: the more, the better.
    PerSecond,
    /// The less, the better.
    Milliseconds,
    Megabytes,
}

pub struct Row<'a> {
    pub what: &'a str,
    pub unit: Unit,
    pub here: f64,
    /// None where nothing bare would do the same.
    pub limit: Option<f64>,
    pub aim: &'a str,
    /// By others about theirs, on machines of their own; empty where nothing is known.
    pub published: &'a str,
}

pub fn head() {
    println!(
        "| {:<50} | {:>14} | {:>14} | {:>5} | {:>10} | published by others, of theirs |",
        "", "here", "bare limit", "ratio", "aim"
    );
    println!("| {:-<50} | {:->13}: | {:->13}: | {:->4}: | {:->9}: | --- |", "", "", "", "", "");
}

impl Row<'_> {
    pub fn print(&self) {
        let ratio = self.limit.map_or_else(String::new, |limit| format!("{:.2}", self.share_of(limit)));
        let limit = self.limit.map_or_else(String::new, |limit| self.unit.show(limit));
        let here = self.unit.show(self.here);
        println!(
            "| {:<50} | {here:>14} | {limit:>14} | {ratio:>5} | {:>10} | {} |",
            self.what, self.aim, self.published
        );
    }

    /// 1 is as good as the limit, half of it half as good.
    fn share_of(&self, limit: f64) -> f64 {
        match self.unit {
            Unit::PerSecond => self.here / limit,
            Unit::Milliseconds | Unit::Megabytes => limit / self.here,
        }
    }
}

impl Unit {
    fn show(self, figure: f64) -> String {
        match self {
            Self::PerSecond if figure < 100.0 => format!("{figure:.1}/s"),
            Self::PerSecond => format!("{figure:.0}/s"),
            Self::Milliseconds => format!("{figure:.1} ms"),
            Self::Megabytes => format!("{figure:.1} MB"),
        }
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
