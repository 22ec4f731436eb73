//! Crowds that cost an attacker nothing: clients that send a byte now and then, connections that say nothing, more of them than
//! there may be.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::traffic::{Request, at_a_rate, quantile, run};
use super::{QUIET, SECOND, figure, scaled, signed_in};
use crate::harness::binary::Process;
use crate::harness::database::Copy;
use crate::harness::machine::Machine;
use crate::harness::{Home, soaks, within};

/// A head is waited for so long, and a body; with something for a busy machine.
const HEAD: Duration = Duration::from_secs(10);
const BODY: Duration = Duration::from_secs(40);

/// Sends this a byte at a time, and then nothing; how long until the server hangs up.
async fn trickle(port: u16, text: String, every: Duration) -> Duration {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
    let begun = Instant::now();
    let (mut answer, mut written) = ([0; 512], 0);
    loop {
        match timeout(every, stream.read(&mut answer)).await {
            Ok(Ok(read)) if read > 0 => {}
            Ok(_) => return begun.elapsed(),
            Err(_) if written < text.len() => {
                if stream.write_all(&text.as_bytes()[written..=written]).await.is_err() {
                    return begun.elapsed();
                }
                written += 1;
            }
            Err(_) => {}
        }
    }
}

fn bearer(server: &Process) -> Request {
    let bearer = format!("Bearer {}", signed_in(server, "alice").access());
    Request::get(server.port(), "/users/me", &[("authorization", bearer.as_str())])
}

#[test]
fn two_hundred_clients_that_send_a_byte_now_and_then_hold_up_nobody_and_are_let_go() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[QUIET]);
    let (port, bearer) = (server.port(), bearer(&server));
    let every = Duration::from_millis(200);
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(400));
    let post = |length| {
        format!("POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n")
    };
    run(async {
        let (mut heads, mut bodies) = (JoinSet::new(), JoinSet::new());
        for n in 0..200 {
            match n % 2 {
                0 => drop(heads.spawn_local(trickle(port, head.clone(), every))),
                _ => drop(bodies.spawn_local(trickle_body(port, post(60_000), every))),
            }
        }
        let answered = at_a_rate(port, &bearer, 50.0, SECOND * 2).await;
        assert!(answered.iter().all(|one| one.status == 200));
        figure("200 slow clients: bearer p99", format!("{:?}", quantile(&answered, 0.99)));
        assert!(heads.join_all().await.iter().all(|held| *held < HEAD));
        // Half a minute is more than `make test` has.
        if soaks() {
            assert!(bodies.join_all().await.iter().all(|held| *held < BODY));
        }
    });
}

/// The head at once, and a body that does not end.
async fn trickle_body(port: u16, head: String, every: Duration) -> Duration {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    let (begun, mut answer) = (Instant::now(), [0; 512]);
    loop {
        match timeout(every, stream.read(&mut answer)).await {
            Ok(Ok(read)) if read > 0 => {}
            Ok(_) => return begun.elapsed(),
            Err(_) if stream.write_all(b" ").await.is_err() => return begun.elapsed(),
            Err(_) => {}
        }
    }
}

/// Connections that say nothing; as many as were let in.
async fn say_nothing(port: u16, count: usize) -> Vec<TcpStream> {
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        all.push(TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens"));
    }
    all
}

#[test]
fn thousands_of_connections_that_say_nothing_hold_up_nobody_and_are_let_go() {
    vestibule::platform::open_files::raise_limit();
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[QUIET]);
    let (port, bearer) = (server.port(), bearer(&server));
    let count = scaled(1_500, 10_000);
    let before = server.memory();
    run(async {
        let mut idle = say_nothing(port, count).await;
        let took = server.memory().saturating_sub(before);
        let answered = at_a_rate(port, &bearer, 50.0, SECOND).await;
        assert!(answered.iter().all(|one| one.status == 200));
        figure("connections that say nothing", count);
        figure("bytes of memory for each", took / count as u64);
        figure("bearer p99 meanwhile", format!("{:?}", quantile(&answered, 0.99)));
        assert!(took / (count as u64) < 64 * 1024, "{took} bytes");
        let limit = HEAD + SECOND * u32::try_from(count / 1000).expect("a few");
        timeout(limit, async {
            for stream in &mut idle {
                while stream.read(&mut [0; 512]).await.is_ok_and(|read| read > 0) {}
            }
        })
        .await
        .expect("the server lets them go");
    });
}

#[test]
fn more_connections_than_there_may_be_take_no_file_from_the_database() {
    let home = Home::new(Copy::Peopled);
    let machine = Machine::with_files(&home, 600);
    let server = Process::serve(&home, &machine.settings());
    let alice = signed_in(&server, "alice");
    run(async {
        let idle = say_nothing(server.port(), 450).await;
        sleep(Duration::from_millis(1)).await;
        // Whoever comes now waits until others are let go, and is served then.
        let waits = std::thread::spawn(move || alice.get("/users/me").send().status);
        let commands = crate::harness::binary::run(&home, &["user", "list"], "");
        assert_eq!(commands.code, 0, "{commands:?}");
        while !waits.is_finished() {
            sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(waits.join().expect("an answer"), 200);
        drop(idle);
    });
    within(SECOND * 30, "everybody is let in", || server.anon().get("/health/ready").send().status == 200);
    assert!(!server.log().contains("Too many open files"), "{}", server.log());
}
