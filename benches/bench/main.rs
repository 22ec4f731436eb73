//! `make bench`: the real server beside the bare limit of the same machine, in the same run. Every row is a ratio; the
//! absolute figures only say what it is a ratio of.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

mod bare;
mod footprint;
mod imports;
mod limits;
mod lists;
mod load;
mod rates;
mod subject;
mod table;

use subject::Subject;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, port] = &arguments[..]
        && word == subject::BE_BARE
    {
        return limits::serve_bare(port.parse().unwrap());
    }
    let subject = Subject::start();
    table::head();
    // `cargo bench -- refresh` runs that row alone.
    let named: Vec<String> = arguments.into_iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, measure) in ROWS {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            measure(&subject);
        }
    }
}

type Row = (&'static str, fn(&Subject));

const ROWS: [Row; 11] = [
    ("bearer", rates::bearer),
    ("sign-in", rates::sign_in),
    ("refresh", rates::refresh),
    ("introspect", rates::introspect),
    ("sign-up", rates::sign_up),
    ("imports", imports::measure),
    ("lists", lists::measure),
    ("start", footprint::start),
    ("memory", footprint::memory),
    ("binary", footprint::binary),
    ("revocations", footprint::revocations),
];
