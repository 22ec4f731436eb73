//! A load of real work from several callers at once, and all of it that was acknowledged.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;
use vestibule::platform::secret::OpaqueToken;

use super::signed_in;
use crate::harness::answer::Answer;
use crate::harness::binary::Process;
use crate::harness::database::{Database, on_postgres};
use crate::harness::people::{Call, Person};
use crate::harness::{PASSWORD, unique};

const CALLERS: usize = 6;
/// Rotations of each session.
const ROTATIONS: usize = 4;
/// What some are given.
const ROLE: &str = "clerk";

/// What callers were told is done.
#[derive(Clone, Default)]
pub struct Acknowledged {
    signed_up: Vec<String>,
    tokens: Vec<String>,
    signed_out: Vec<String>,
    clerks: Vec<String>,
    /// The last refresh token of each session that nobody has begun to sign out of.
    living: HashMap<String, String>,
}

impl Acknowledged {
    pub fn count(&self) -> usize {
        self.signed_up.len() + self.tokens.len() + self.signed_out.len() + self.clerks.len()
    }

    pub fn living(&self) -> impl Iterator<Item = &String> {
        self.living.values()
    }

    /// None of it is missing there.
    #[track_caller]
    pub fn is_held_by(&self, database: &Database) {
        let held = |what: &str, query: &str, all: &[String]| {
            let there: HashSet<String> = database.texts(query).into_iter().collect();
            let missing: Vec<&String> = all.iter().filter(|one| !there.contains(*one)).collect();
            assert!(missing.is_empty(), "{what} that were acknowledged are gone, of {}: {missing:?}", all.len());
        };
        let users = "SELECT u.username AS value FROM users u JOIN passwords p ON p.user_id = u.id";
        held("sign-ups", users, &self.signed_up);
        let hash = if on_postgres() { "encode(hash, 'hex')" } else { "lower(hex(hash))" };
        let digests: Vec<String> = self.tokens.iter().map(|token| digest(token)).collect();
        held("rotations", &format!("SELECT {hash} AS value FROM refresh_tokens"), &digests);
        let ended = "SELECT s.id AS value FROM sessions s JOIN revocations r ON r.session_id = s.id \
                     WHERE s.ended_at IS NOT NULL";
        held("sign-outs", ended, &self.signed_out);
        let clerks = format!(
            "SELECT ur.user_id AS value FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE r.name = '{ROLE}'"
        );
        held("changes of roles", &clerks, &self.clerks);
    }
}

fn digest(token: &str) -> String {
    OpaqueToken::sent(token).digest().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Before the first load: what it gives.
pub fn prepare(server: &Process) {
    let role = json!({"name": ROLE, "permissions": []});
    signed_in(server, "root").post("/api/roles").json(role).send().expect(201);
}

/// A load that goes on.
pub struct Load {
    said: Mutex<Acknowledged>,
    over: AtomicBool,
}

/// Why a caller does not go on with what it was doing.
enum Stop {
    /// There is no server any more.
    Gone,
    ComeAgain,
}

/// Has callers work until `meanwhile` returns, or the server is gone; what was acknowledged to them.
pub fn under_load(server: &Process, meanwhile: impl FnOnce(&Load)) -> Acknowledged {
    let load = Load { said: Mutex::default(), over: AtomicBool::new(false) };
    let admin = signed_in(server, "root");
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| load.work(&server.anon(), &admin));
        }
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| meanwhile(&load)));
        load.over.store(true, Ordering::SeqCst);
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    load.said.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl Load {
    /// What was acknowledged so far.
    pub fn acknowledged(&self) -> Acknowledged {
        self.said().clone()
    }

    fn said(&self) -> MutexGuard<'_, Acknowledged> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, anon: &Person, admin: &Person) {
        while !self.over.load(Ordering::SeqCst) {
            if let Err(Stop::Gone) = self.turn(anon, admin) {
                break;
            }
        }
    }

    /// Somebody signs up and in, uses a session, leaves it, and is given a role.
    fn turn(&self, anon: &Person, admin: &Person) -> Result<(), Stop> {
        let name = unique("load").replace("load", "l");
        let new = json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD});
        let user = heard(anon.post("/signup").json(new), 201)?.json()["id"].as_str().expect("an id").to_owned();
        self.said().signed_up.push(name.clone());
        let form = [("username", name.as_str()), ("password", PASSWORD)];
        let mut person = anon.holding(heard(anon.post("/token").form(&form), 200)?.json());
        self.keep(&user, &person);
        for _ in 0..ROTATIONS {
            let sent = json!({"refresh_token": person.refresh_token()});
            person = anon.holding(heard(anon.post("/refresh").json(sent), 200)?.json());
            self.keep(&user, &person);
        }
        self.said().living.remove(&user);
        heard(person.post("/logout"), 204)?;
        self.said().signed_out.push(person.sid());
        let roles = json!({"roles": ["user", ROLE]});
        heard(admin.put(&format!("/api/users/{user}/roles")).json(roles), 200)?;
        self.said().clerks.push(user);
        Ok(())
    }

    fn keep(&self, user: &str, person: &Person) {
        let token = person.refresh_token().to_owned();
        let mut said = self.said();
        said.living.insert(user.to_owned(), token.clone());
        said.tokens.push(token);
    }
}

fn heard(call: Call, status: u16) -> Result<Answer, Stop> {
    match call.heard() {
        None => Err(Stop::Gone),
        Some(answer) if answer.status == 503 => Err(Stop::ComeAgain),
        Some(answer) => Ok(answer.expect(status)),
    }
}
