//! The bare limits: what the machine gives to code that does nothing but the one thing.

use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The answer of `/protected` from actix with no middleware at all; its port.
pub fn bare_route() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || serve_on(listener));
    port
}

/// The same as a whole process, until it is killed.
pub fn serve_bare(port: u16) {
    serve_on(TcpListener::bind(("127.0.0.1", port)).unwrap());
}

fn serve_on(listener: TcpListener) {
    let greet = || async { HttpResponse::Ok().json(serde_json::json!({"message": "Welcome, alice!"})) };
    let routes = move || App::new().route("/protected", web::get().to(greet)).route("/health", web::get().to(greet));
    let server = HttpServer::new(routes).disable_signals().listen(listener).unwrap().run();
    actix_web::rt::System::new().block_on(server).unwrap();
}

/// bcrypt verifications per second at the default cost, on so many threads.
pub fn bcrypt_verifications(threads: usize, span: Duration) -> f64 {
    let hash = bcrypt::non_truncating_hash(crate::subject::PASSWORD, 12).unwrap();
    let started = Instant::now();
    let work = || {
        let mut done = 0_u32;
        while started.elapsed() < span {
            assert!(bcrypt::non_truncating_verify(crate::subject::PASSWORD, &hash).unwrap());
            done += 1;
        }
        done
    };
    let done: u32 = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    f64::from(done) / started.elapsed().as_secs_f64()
}

/// Rotations per second of one SQLite writer that shares commits among its callers: mark the old row, add the new one, in a
/// table with the columns and indexes of `refresh_tokens` and 50 000 rows, `synchronous=FULL`; no HTTP, no session, no
/// user, no signature.
pub fn rotations(callers: usize, span: Duration) -> f64 {
    let folder = std::env::temp_dir().join(format!("vestibule-limit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut conn = SqliteConnection::establish(&folder.join("limit.db").to_string_lossy()).unwrap();
    fill(&mut conn, callers);
    let (queue, jobs) = mpsc::sync_channel::<Rotation>(1024);
    let started = Instant::now();
    let done = std::thread::scope(|scope| {
        scope.spawn(move || write_in_batches(&mut conn, &jobs));
        let caller = |caller: usize| {
            let queue = queue.clone();
            move || {
                let (mut done, mut old) = (0_u64, digest(caller, 0));
                let (reply, answer) = mpsc::sync_channel(1);
                while started.elapsed() < span {
                    done += 1;
                    let new = digest(caller, done);
                    queue.send((old, new.clone(), reply.clone())).unwrap();
                    assert!(answer.recv().unwrap(), "a living chain was refused");
                    old = new;
                }
                done
            }
        };
        let all: Vec<_> = (0..callers).map(|n| scope.spawn(caller(n))).collect();
        drop(queue);
        all.into_iter().map(|one| one.join().unwrap()).sum::<u64>()
    });
    let rate = done as f64 / started.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&folder).unwrap();
    rate
}

/// Puts so many ended sessions into a database whose server is down.
pub fn fill_revocations(database: &Path, entries: u32) {
    let mut conn = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    conn.batch_execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {entries}) \
         INSERT INTO revocations (seq, session_id, user_id, before, expires_at) \
         SELECT i, lower(hex(randomblob(16))), NULL, 0, unixepoch() * 1000 + 3600000 FROM n; \
         UPDATE counters SET value = {entries} WHERE name = 'revocations';"
    ))
    .unwrap();
}

diesel::table! {
    tokens (hash) {
        hash -> Binary,
        session_id -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

fn fill(conn: &mut SqliteConnection, callers: usize) {
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE tokens (hash BYTEA PRIMARY KEY NOT NULL, session_id TEXT NOT NULL, expires_at BIGINT NOT NULL, \
                              used_at BIGINT); \
         CREATE INDEX tokens_session ON tokens (session_id); CREATE INDEX tokens_expires_at ON tokens (expires_at);",
    )
    .unwrap();
    let first = (0..callers).map(|caller| digest(caller, 0));
    let others = (0..50_000).map(|n| digest(usize::MAX, n));
    conn.transaction(|c| first.chain(others).try_for_each(|hash| insert(c, &hash))).unwrap();
}

fn insert(c: &mut SqliteConnection, hash: &[u8]) -> QueryResult<()> {
    let row =
        (tokens::hash.eq(hash), tokens::session_id.eq("01a200e867867b039c524bf6e1500784"), tokens::expires_at.eq(1));
    diesel::insert_into(tokens::table).values(row).execute(c).map(drop)
}

fn digest(caller: usize, n: u64) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{caller}-{n}").as_bytes()).as_ref().to_vec()
}

type Rotation = (Vec<u8>, Vec<u8>, mpsc::SyncSender<bool>);

fn write_in_batches(conn: &mut SqliteConnection, jobs: &mpsc::Receiver<Rotation>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Rotation> = std::iter::once(first).chain(jobs.try_iter().take(127)).collect();
        let written: QueryResult<Vec<bool>> = conn.immediate_transaction(|c| {
            let rotate = |(old, new, _): &Rotation| {
                let unused = tokens::table.find(old).filter(tokens::used_at.is_null());
                let won = diesel::update(unused).set(tokens::used_at.eq(1)).execute(c)? == 1;
                insert(c, new).map(|()| won)
            };
            batch.iter().map(rotate).collect()
        });
        written.unwrap().iter().zip(&batch).for_each(|(won, (_, _, reply))| reply.send(*won).unwrap());
    }
}
