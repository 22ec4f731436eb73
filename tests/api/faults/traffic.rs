//! Requests as they come: at a steady rate, whether or not the server keeps up, and from a crowd. All on one thread of the test,
//! which leaves the rest of the machine to the server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

#[path = "../../../benches/bench/load.rs"]
#[allow(dead_code, reason = "the benchmarks use all of it")]
mod load;

use load::Line;
pub use load::{Request, closed_loop, run};

/// How a request was answered, and how long after the moment when it was due.
pub struct Answered {
    pub status: u16,
    pub took: Duration,
}

/// So many a second, for so long.
pub async fn at_a_rate(port: u16, request: &Request, per_second: f64, span: Duration) -> Vec<Answered> {
    let (idle, begun) = (Rc::new(RefCell::new(Vec::<Line>::new())), Instant::now());
    let mut all = JoinSet::new();
    for n in 0..(per_second * span.as_secs_f64()) as u32 {
        let due = begun + Duration::from_secs_f64(f64::from(n) / per_second);
        tokio::time::sleep_until(due.into()).await;
        let (idle, request) = (Rc::clone(&idle), request.clone());
        all.spawn_local(async move {
            let free = idle.borrow_mut().pop();
            let mut line = match free {
                Some(line) => line,
                None => Line::open(port).await,
            };
            let (status, _) = line.ask(request.bytes()).await;
            idle.borrow_mut().push(line);
            Answered { status, took: due.elapsed() }
        });
    }
    all.join_all().await
}

/// So many in all, from so many callers that each send as soon as they were answered; how often each status came.
pub async fn so_many(port: u16, requests: &[Request], callers: usize, count: usize) -> Vec<(u16, usize)> {
    let left = Rc::new(Cell::new(count));
    let mut all = JoinSet::new();
    for _ in 0..callers {
        let (requests, left) = (requests.to_vec(), Rc::clone(&left));
        all.spawn_local(async move {
            let (mut line, mut counts) = (Line::open(port).await, Vec::<(u16, usize)>::new());
            while let Some(n) = left.get().checked_sub(1) {
                left.set(n);
                let (status, _) = line.ask(requests[n % requests.len()].bytes()).await;
                add(&mut counts, (status, 1));
            }
            counts
        });
    }
    let mut counts = Vec::new();
    all.join_all().await.into_iter().flatten().for_each(|one| add(&mut counts, one));
    counts
}

fn add(counts: &mut Vec<(u16, usize)>, (status, more): (u16, usize)) {
    match counts.iter_mut().find(|(known, _)| *known == status) {
        Some((_, count)) => *count += more,
        None => counts.push((status, more)),
    }
}

/// The time within which that part of them was answered.
pub fn quantile(answered: &[Answered], part: f64) -> Duration {
    let mut times: Vec<Duration> = answered.iter().map(|one| one.took).collect();
    times.sort();
    times[((times.len() - 1) as f64 * part) as usize]
}
