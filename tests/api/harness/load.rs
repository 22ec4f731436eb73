//! People who go on signing up, refreshing and being known while something is done to the servers, and what was acknowledged
//! to them.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use vestibule::platform::time::Clock;

use super::answer::Answer;
use super::people::Person;
use super::{PASSWORD, within};

/// How many come at once.
const WALKERS: usize = 4;

/// What one of them got.
#[derive(Debug)]
pub struct Walk {
    /// Whose sign-up was answered with 201.
    pub names: Vec<String>,
    /// The last that a refresh was answered with.
    pub tokens: Value,
    /// How often each status was the answer.
    pub statuses: BTreeMap<u16, usize>,
}

/// What is going on, for who waits until enough of it did.
pub struct Crowd {
    turns: AtomicUsize,
    over: AtomicBool,
}

impl Crowd {
    /// Waits for so many turns more.
    pub fn goes_on(&self, turns: usize) {
        let enough = self.turns.load(Ordering::SeqCst) + turns;
        within(Duration::from_secs(30), "people go on", || self.turns.load(Ordering::SeqCst) >= enough);
    }
}

/// They go from one of these places to the next in turn, until `work` is done.
pub fn walk_while(places: &[&str], work: impl FnOnce(&Crowd)) -> Vec<Walk> {
    let crowd = Crowd { turns: AtomicUsize::new(0), over: AtomicBool::new(false) };
    let begun = [(); WALKERS].map(|()| Walk::begin(places[0]));
    std::thread::scope(|scope| {
        let crowd = &crowd;
        let go = |(n, walk): (usize, Walk)| scope.spawn(move || walk.go(n, places, crowd));
        let walkers: Vec<_> = begun.into_iter().enumerate().map(go).collect();
        let done = catch_unwind(AssertUnwindSafe(|| work(crowd)));
        crowd.over.store(true, Ordering::SeqCst);
        let walks =
            walkers.into_iter().map(|walker| walker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect();
        done.unwrap_or_else(|panic| resume_unwind(panic));
        walks
    })
}

impl Walk {
    fn begin(place: &str) -> Self {
        let form = [("username", "alice"), ("password", PASSWORD)];
        let answer = Person::at(place, Clock::System).post("/token").form(&form).send();
        Self { names: Vec::new(), tokens: answer.expect(200).json(), statuses: BTreeMap::new() }
    }

    fn go(mut self, number: usize, places: &[&str], crowd: &Crowd) -> Self {
        for turn in 0.. {
            if crowd.over.load(Ordering::SeqCst) {
                break;
            }
            self.take_turn(&Person::at(places[turn % places.len()], Clock::System), &format!("walker{number}x{turn}"));
            crowd.turns.fetch_add(1, Ordering::SeqCst);
        }
        self
    }

    fn take_turn(&mut self, anon: &Person, name: &str) {
        self.count(&anon.holding(self.tokens.clone()).get("/protected").send().expect(200));
        let new = json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD});
        if self.count(&anon.post("/signup").json(new).send()) == 201 {
            self.names.push(name.to_owned());
        }
        let token = &self.tokens["refresh_token"];
        let answer = anon.post("/refresh").json(json!({"refresh_token": token})).send();
        if self.count(&answer) == 200 {
            self.tokens = answer.json();
        }
    }

    /// Either it was done, or it is said when to come again.
    fn count(&mut self, answer: &Answer) -> u16 {
        assert!(matches!(answer.status, 200 | 201 | 503), "{}", answer.text());
        assert!(answer.status != 503 || answer.header("retry-after").is_some(), "{}", answer.text());
        *self.statuses.entry(answer.status).or_default() += 1;
        answer.status
    }
}
