//! bcrypt on threads of its own: as many as there are cores, at lower priority, behind a short bounded queue. A flood of
//! sign-ins then waits or is turned away, and everything else keeps its latency (measured: docs/decisions/0005).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::metrics::Queue;
use super::secret::Password;

/// How far below the rest of the program the hashing threads run.
const NICENESS: libc::c_int = 10;
/// Waiting places per thread at cost 12: a wait of about three seconds, which a team that comes to work at nine bears better
/// than being turned away, and after which few clients have given up.
const QUEUE_PER_THREAD: usize = 12;
const USUAL_COST: u32 = 12;

/// The lowest cost that bcrypt has.
const CHEAPEST: u32 = 4;

/// bcrypt ends at 72 bytes, the last of which is its own.
pub const MAX_BYTES: usize = 71;

type Job = Box<dyn FnOnce() + Send>;

/// Too many are waiting already: come again in a moment.
#[derive(Debug)]
pub struct Busy;

#[derive(Clone)]
pub struct Hasher {
    queue: SyncSender<Job>,
    /// What an operator sees of the queue, and how many it takes.
    load: Arc<Queue>,
    places: usize,
    cost: u32,
    /// Nanoseconds of the quickest check at that cost so far.
    quickest: Arc<AtomicU64>,
}

impl Hasher {
    /// Starts the threads. `cost` is bcrypt's: each step doubles the work.
    pub fn start(cost: u32, threads: usize) -> Self {
        let threads = threads.max(1);
        // Each step of cost doubles the work, so half as many wait as long.
        let places = threads * (QUEUE_PER_THREAD >> cost.saturating_sub(USUAL_COST)).max(1);
        let (queue, jobs) = sync_channel::<Job>(places);
        let jobs = Arc::new(Mutex::new(jobs));
        for n in 0..threads {
            let jobs = Arc::clone(&jobs);
            let work = move || {
                step_back();
                run(&jobs);
            };
            if let Err(error) = std::thread::Builder::new().name(format!("bcrypt-{n}")).spawn(work) {
                tracing::error!(%error, "a hashing thread could not be started");
            }
        }
        Self { queue, load: Queue::of("hash"), places, cost, quickest: Arc::new(AtomicU64::new(u64::MAX)) }
    }

    pub fn cost(&self) -> u32 {
        self.cost
    }

    /// Who waits, and how many may.
    pub fn load(&self) -> (&Queue, usize) {
        (&self.load, self.places)
    }

    /// Whether bcrypt takes all of it into account.
    pub fn takes_whole(password: &Password) -> bool {
        password.reveal().len() <= MAX_BYTES
    }

    /// Hashes with the current cost.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub async fn hash(&self, password: Password) -> Result<String, Busy> {
        let cost = self.cost;
        self.off_thread(move || bcrypt::non_truncating_hash(password.reveal(), cost)).await?.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Busy
        })
    }

    /// Whether the password is the one the hash was made from; with no hash at all (an unknown user) the same work, and `false`.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, Busy> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| dummy(self.cost));
        let (cost, quickest) = (self.cost, Arc::clone(&self.quickest));
        let work = move || timed(&quickest, || verify_at_cost(&password, &hash, cost));
        Ok(self.off_thread(work).await? && known)
    }

    /// The answer of a check that is not bcrypt's. What it was quicker is made up for, so that the time does not tell whose
    /// hash came from elsewhere.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub async fn verify_with(&self, check: impl FnOnce() -> bool + Send + 'static) -> Result<bool, Busy> {
        let (cost, quickest) = (self.cost, Arc::clone(&self.quickest));
        self.off_thread(move || {
            let began = Instant::now();
            let matches = check();
            make_up(began.elapsed(), cost, &quickest);
            matches
        })
        .await
    }

    /// Runs something that takes milliseconds where it holds up nobody else.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let (reply, answer) = oneshot::channel();
        let place = self.load.enter();
        let job: Job = Box::new(move || {
            // Whoever hung up while waiting is not hashed for.
            if !reply.is_closed() {
                let served = place.served();
                let done = work();
                drop(served);
                let _ = reply.send(done);
            }
        });
        match self.queue.try_send(job) {
            Ok(()) => answer.await.map_err(|_| Busy),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.load.refused.one_more();
                Err(Busy)
            }
        }
    }
}

/// How long one check takes on this thread at a cost.
pub fn time_check(cost: u32) -> Duration {
    let began = Instant::now();
    let _ = bcrypt::non_truncating_verify("whoever may that be", &dummy(cost));
    began.elapsed()
}

/// A well-formed hash that no password has, so that an unknown user costs what a known one costs.
fn dummy(cost: u32) -> String {
    format!("$2b${cost:02}$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK")
}

/// Verifies, and makes up for a hash that is cheaper than today's: nobody learns from the time whose hash is old. The costs
/// between add up to the difference, since each step doubles the work.
fn verify_at_cost(password: &Password, hash: &str, cost: u32) -> bool {
    let matches = verify_any_length(password, hash);
    for step in cost_of(hash).unwrap_or(cost)..cost {
        let _ = bcrypt::non_truncating_verify("made up for", &dummy(step));
    }
    matches
}

/// Does something, and remembers how long it took at the least: what comes in between only makes it longer.
fn timed<T>(quickest: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    quickest.fetch_min(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    done
}

/// Works as long as a check of ours would have taken beyond `spent`. Each step of cost is half of the next, so that some of
/// them add up to nearly any time.
fn make_up(spent: Duration, cost: u32, quickest: &AtomicU64) {
    let verify = |step: u32| bcrypt::non_truncating_verify("made up for", &dummy(step));
    if quickest.load(Ordering::Relaxed) == u64::MAX {
        let _ = timed(quickest, || verify(cost));
        return;
    }
    let whole = Duration::from_nanos(quickest.load(Ordering::Relaxed));
    let mut left = whole.saturating_sub(spent);
    for step in (CHEAPEST..cost).rev() {
        let price = whole / 2_u32.saturating_pow(cost - step);
        if price <= left {
            let _ = verify(step);
            left -= price;
        }
    }
}

/// A password beyond bcrypt's end is cut, as it was wherever its hash was made: here none is ever set, and the hash of a
/// shorter one holds where that one ended, so that nothing can be added to it.
#[allow(clippy::disallowed_methods, reason = "hashes that others made, from passwords that they cut")]
fn verify_any_length(password: &Password, hash: &str) -> bool {
    bcrypt::verify(password.reveal(), hash).unwrap_or(false)
}

/// The cost a hash was made with, where it is bcrypt's.
pub fn cost_of(hash: &str) -> Option<u32> {
    let mut parts = hash.split('$');
    (parts.next() == Some("") && parts.next()?.starts_with('2')).then_some(())?;
    parts.next()?.parse().ok()
}

fn run(jobs: &Mutex<Receiver<Job>>) {
    loop {
        // The lock is held while waiting only; a poisoned one still guards a sound receiver.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { break };
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
    }
}

#[allow(unsafe_code, reason = "no safe wrapper sets one thread's priority")]
fn step_back() {
    // SAFETY: both calls take plain numbers; on Linux `setpriority` with a thread id acts on that thread alone.
    unsafe {
        let thread = libc::syscall(libc::SYS_gettid);
        libc::setpriority(libc::PRIO_PROCESS, libc::id_t::try_from(thread).unwrap_or(0), NICENESS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dummy_hash_is_well_formed_and_matches_nothing() {
        assert_eq!(cost_of(&dummy(10)), Some(10));
        assert!(matches!(bcrypt::non_truncating_verify("whatever", &dummy(10)), Ok(false)));
    }

    #[test]
    fn nothing_can_be_added_to_a_password_of_the_longest_kind() {
        let longest = "q7#Lw".repeat(15)[..MAX_BYTES].to_owned();
        let hash = bcrypt::non_truncating_hash(&longest, 4).expect("a hash");
        let fits = |typed: String| verify_any_length(&Password::new(typed), &hash);
        assert!(fits(longest.clone()) && !fits(format!("{longest}x")) && !fits(format!("{longest}xyz")));
    }

    #[test]
    fn the_cost_is_read_from_bcrypt_hashes_only() {
        assert_eq!(cost_of("$2y$12$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK"), Some(12));
        assert_eq!(cost_of("$argon2id$v=19$m=1,t=2$x"), None);
    }
}
