//! Pages of a long list of users, beside the bare SQL of the same page on the same database: the time until a page is there,
//! one after the other. `BENCH_USERS` says how many there are (1 000 000); PostgreSQL where `TEST_DATABASE_URL` names a server.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bare::{Bare, setting};
use crate::subject::Subject;
use crate::table::{Row, Unit};

/// Requests of each page, each followed by its bare statement; fewer where they take longer than that.
const TIMES: usize = 200;
const AT_LEAST: usize = 30;
const PATIENCE: Duration = Duration::from_secs(20);
const PAGE_500: usize = 500;
/// Those that stand for all in the one table, beside what others say of theirs; the rest goes to standard error.
const IN_THE_TABLE: [(&str, &str, &str); 2] =
    [("first page", "a page", ""), ("a part that 1 in 10 000 has", "a search", "Rauthy: about 3 s above 10 million")];
const WORDS: &str = "(u.username_folded || '\n' || u.email_folded || '\n' || coalesce(u.name_folded, ''))";

pub fn measure(_: &Subject) {
    let users = setting("BENCH_USERS").map_or(1_000_000, |count| count.parse().unwrap());
    let subject = Subject::start();
    let bare = Bare::sqlite(&subject.file());
    House { subject, bare }.show("SQLite", users);
    Bare::on_a_new_postgres("lists", |url| {
        let subject = Subject::start_on(Some(url.to_owned()));
        House { subject, bare: Bare::postgres(url) }.show("PostgreSQL", users);
    });
}

struct House {
    subject: Subject,
    bare: Bare,
}

/// A page: its name, its query, and the bare statement on either database.
struct Case {
    name: &'static str,
    query: &'static str,
    sqlite: String,
    postgres: String,
}

impl House {
    fn show(mut self, database: &str, users: u64) {
        let began = Instant::now();
        self.fill(users);
        eprintln!("\n{database}, {users} users, filled in {:.0} s", began.elapsed().as_secs_f64());
        eprintln!(
            "{:<44} {:>8} {:>8} {:>9} {:>9} {:>7} {:>7}",
            "ms", "p50", "p99", "bare p50", "bare p99", "r. p50", "r. p99"
        );
        let token = self.subject.token();
        for case in cases() {
            let bare = self.bare.choose(&case.sqlite, &case.postgres);
            let (here, limit) = self.row(case.name, &token, case.query, &bare);
            if let Some((_, what, published)) = IN_THE_TABLE.iter().find(|(name, _, _)| *name == case.name) {
                let what = format!("{what} of {users} users, {database}, p99");
                let (unit, limit) = (Unit::Milliseconds, Some(limit));
                Row { what: &what, unit, here, limit, aim: "≤ 50 ms", published }.print();
            }
        }
        let (next, key) = self.leaf(&token, PAGE_500);
        let bare = format!("users u WHERE u.username_folded > '{key}' ORDER BY u.username_folded");
        self.row("page 500", &token, &format!("after={next}"), &bare);
    }

    /// Fills the tables behind the server's back, as fast as the database takes them.
    fn fill(&mut self, users: u64) {
        // Divided by primes, so that first name, last name, role and standing have nothing to do with each other.
        let first = "substr('anna ben  claradavidemma felixgretahans ida  jonaskarlaleo  mia  nils olga paul rosa sven tina uwe  vera wim  yara zoe  ', CAST(1 + 5 * (i * 7919 / 101 % 24) AS INTEGER), 5)";
        let last = "substr('schmidt mueller fischer weber   meyer   wagner  becker  schulz  hoffmannkoch    bauer   richter klein   wolf    neumann schwarz braun   krueger hartmannvogel   ', CAST(1 + 8 * (i * 104729 / 103 % 20) AS INTEGER), 8)";
        let part =
            "CASE WHEN i = 777 THEN 'onlyone' WHEN i % 10000 = 1 THEN 'hundred' WHEN i % 100 = 50 THEN 'tenthou'";
        let number = "CAST(10000000 + i * 7919 % 10000019 AS TEXT)";
        self.bare.run(&format!(
            "INSERT INTO users (id, username, username_folded, email, email_folded, name, name_folded, disabled_at, \
             email_verified_at, created_at, updated_at) \
             WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {users} - 1), \
             called AS (SELECT i, {part} ELSE trim({first}) END || '.' || trim({last}) || '.' || {number} AS u FROM n) \
             SELECT '019a' || CAST(1000000000000 + i AS TEXT) || '000000000000000', u, u, u || '@example.com', \
             u || '@example.com', u, u, CASE WHEN i % 50 = 3 THEN 1 END, CASE WHEN i % 10 <> 4 THEN 1 END, \
             1700000000000 + i * 317, 1700000000000 FROM called"
        ));
        self.bare.run(
            "INSERT INTO roles (id, name, created_at) VALUES ('few', 'few', 0), ('staff', 'staff', 0); \
             INSERT INTO user_roles (user_id, role_id) SELECT id, 'user' FROM users WHERE username <> 'alice'; \
             INSERT INTO user_roles (user_id, role_id) SELECT id, 'few' FROM users WHERE created_at % 50000 = 17; \
             INSERT INTO user_roles (user_id, role_id) SELECT id, 'staff' FROM users WHERE created_at % 100 = 17; \
             INSERT INTO user_roles (user_id, role_id) SELECT id, 'admin' FROM users WHERE username = 'alice'",
        );
        if matches!(self.bare, Bare::Postgres(..)) {
            // As the server does by itself within minutes.
            self.bare.run("VACUUM ANALYZE users");
            self.bare.run("VACUUM ANALYZE user_roles");
        }
    }

    fn ask(&self, token: &str, query: &str) -> Value {
        let url = format!("http://127.0.0.1:{}/api/users?{query}", self.subject.port);
        let request = ureq::get(url).header("authorization", format!("Bearer {token}"));
        request.call().unwrap().body_mut().read_json().unwrap()
    }

    /// The cursor after so many pages, and the name before it.
    fn leaf(&self, token: &str, pages: usize) -> (String, String) {
        let mut page = self.ask(token, "limit=40");
        for _ in 1..pages {
            page = self.ask(token, &format!("limit=40&after={}", page["next"].as_str().unwrap()));
        }
        let last = page["items"].as_array().unwrap().last().unwrap()["username"].as_str().unwrap().to_owned();
        (page["next"].as_str().unwrap().to_owned(), last)
    }

    /// The p99 here and of the bare statement, in milliseconds.
    fn row(&mut self, name: &str, token: &str, query: &str, statement: &str) -> (f64, f64) {
        let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
        let url = format!("http://127.0.0.1:{}/api/users?limit=40&{query}", self.subject.port);
        let (mut here, mut bare) = (Vec::new(), Vec::new());
        let all_began = Instant::now();
        for time in 0..TIMES {
            if time >= AT_LEAST && all_began.elapsed() > PATIENCE {
                break;
            }
            let began = Instant::now();
            let request = agent.get(&url).header("authorization", format!("Bearer {token}"));
            let items = request.call().unwrap().body_mut().read_to_vec().unwrap().len();
            here.push(began.elapsed());
            let began = Instant::now();
            let rows = self.bare.page(statement);
            bare.push(began.elapsed());
            assert_eq!(rows == 0, items < 100, "{name}: both find somebody, or neither does");
        }
        let [p50, p99, bare50, bare99] = [at(&mut here, 50), at(&mut here, 99), at(&mut bare, 50), at(&mut bare, 99)];
        eprintln!(
            "{name:<44} {p50:>8.2} {p99:>8.2} {bare50:>9.2} {bare99:>9.2} {:>7.2} {:>7.2}",
            p50 / bare50,
            p99 / bare99
        );
        (p99, bare99)
    }
}

/// The percentile in milliseconds.
fn at(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
}

fn cases() -> Vec<Case> {
    let part = |name, query, trigrams: &str, part: &str| {
        let by_index = format!(
            "users_search s CROSS JOIN users u WHERE u.rowid = s.rowid AND s.users_search MATCH '{trigrams}' \
             AND {WORDS} LIKE '%{part}%' ORDER BY +u.username_folded"
        );
        let postgres = format!("users u WHERE {WORDS} LIKE '%{part}%' ORDER BY u.username_folded");
        Case { name, query, sqlite: by_index, postgres }
    };
    let same = |name, query, statement: &str| Case {
        name,
        query,
        sqlite: statement.to_owned(),
        postgres: statement.to_owned(),
    };
    let everywhere = format!("users u WHERE {WORDS} LIKE '%example.com%' ORDER BY u.username_folded");
    let early = format!("users u WHERE {WORDS} LIKE '%mueller%' ORDER BY u.username_folded");
    vec![
        same("first page", "", "users u WHERE 1 = 1 ORDER BY u.username_folded"),
        same(
            "first page, newest first",
            "sort=-created_at",
            "users u WHERE 1 = 1 ORDER BY u.created_at DESC, u.id DESC",
        ),
        part("a part that nobody has", "q=nobodyatall", "\"nob\" AND \"ody\" AND \"ata\" AND \"all\"", "nobodyatall"),
        part("a part that 1 has", "q=onlyone", "\"onl\" AND \"yon\" AND \"one\"", "onlyone"),
        part("a part that 1 in 10 000 has", "q=hundred", "\"hun\" AND \"dre\" AND \"red\"", "hundred"),
        part("a part that 1 in 100 has", "q=tenthou", "\"ten\" AND \"tho\" AND \"hou\"", "tenthou"),
        part("the same, newest first", "q=tenthou&sort=-created_at", "\"ten\" AND \"tho\" AND \"hou\"", "tenthou"),
        same("a last name that 1 in 20 has", "q=mueller", &early),
        part("a first name that 1 in 24 has, the last", "q=zoe.", "\"zoe\" AND \"oe.\"", "zoe."),
        same("a part that everybody has", "q=example.com", &everywhere),
        same(
            "two letters",
            "q=ve",
            "users u WHERE u.username_folded >= 've' AND u.username_folded < 'vf' ORDER BY u.username_folded",
        ),
        same(
            "a role that few have",
            "role=few",
            "user_roles r CROSS JOIN users u WHERE u.id = r.user_id AND r.role_id = 'few' ORDER BY u.username_folded || ''",
        ),
        same(
            "a role that 1 in 100 has",
            "role=staff",
            "users u WHERE EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role_id || '' = 'staff') \
             ORDER BY u.username_folded",
        ),
        same(
            "a role that everybody has",
            "role=user",
            "users u WHERE EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role_id || '' = 'user') \
             ORDER BY u.username_folded",
        ),
        same(
            "disabled, 1 in 50",
            "status=disabled",
            "users u WHERE u.disabled_at + 0 IS NOT NULL ORDER BY u.username_folded",
        ),
        same(
            "a role that everybody has, and disabled",
            "role=user&status=disabled",
            "users u WHERE u.disabled_at + 0 IS NOT NULL AND EXISTS (SELECT 1 FROM user_roles r \
             WHERE r.user_id = u.id AND r.role_id || '' = 'user') ORDER BY u.username_folded",
        ),
    ]
}
