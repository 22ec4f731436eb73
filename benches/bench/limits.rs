//! The bare limits: what the machine gives to code that does nothing but the one thing.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

/// The answer of `/protected` from actix with no middleware at all; its port.
pub fn bare_route() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let greet = || async { HttpResponse::Ok().json(serde_json::json!({"message": "Welcome, alice!"})) };
    std::thread::spawn(move || {
        let routes = move || App::new().route("/protected", web::get().to(greet));
        let server = HttpServer::new(routes).disable_signals().listen(listener).unwrap().run();
        actix_web::rt::System::new().block_on(server).unwrap();
    });
    port
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

/// Rotations per second of one SQLite writer that shares commits among its callers: mark the old row, add the new one,
/// `synchronous=FULL`, nothing else.
pub fn rotations(callers: usize, span: Duration) -> f64 {
    let folder = std::env::temp_dir().join(format!("vestibule-limit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut conn = SqliteConnection::establish(&folder.join("limit.db").to_string_lossy()).unwrap();
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; DROP TABLE IF EXISTS t; \
         CREATE TABLE t (hash BYTEA PRIMARY KEY NOT NULL, used_at BIGINT);",
    )
    .unwrap();
    let (queue, jobs) = mpsc::sync_channel::<(Vec<u8>, Vec<u8>, mpsc::SyncSender<()>)>(1024);
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
                    answer.recv().unwrap();
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

fn digest(caller: usize, n: u64) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{caller}-{n}").as_bytes()).as_ref().to_vec()
}

type Rotation = (Vec<u8>, Vec<u8>, mpsc::SyncSender<()>);

fn write_in_batches(conn: &mut SqliteConnection, jobs: &mpsc::Receiver<Rotation>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Rotation> = std::iter::once(first).chain(jobs.try_iter().take(127)).collect();
        let written = conn.immediate_transaction(|c| {
            for (old, new, _) in &batch {
                diesel::sql_query("UPDATE t SET used_at = ? WHERE hash = ? AND used_at IS NULL")
                    .bind::<BigInt, _>(1)
                    .bind::<Binary, _>(old)
                    .execute(c)?;
                diesel::sql_query("INSERT INTO t (hash) VALUES (?)").bind::<Binary, _>(new).execute(c)?;
            }
            diesel::QueryResult::Ok(())
        });
        written.unwrap();
        batch.iter().for_each(|(_, _, reply)| reply.send(()).unwrap());
    }
}
