//! Keys of programs, and whoever holds one.

use serde_json::{Value, json};

use super::TestApp;
use super::people::Person;

impl TestApp {
    /// Makes a key for this person that counts for 90 days: what is answered, the key in it.
    pub fn make_key(&self, owner: &Person, scope: &[&str]) -> Value {
        let new = json!({"name": "nightly job", "scope": scope, "expires": "90d"});
        owner.post("/api/api-keys").json(new).send().expect(201).json()
    }

    /// A program with a key of its own.
    pub fn with_key(&self, owner: &Person, scope: &[&str]) -> Person {
        let made = self.make_key(owner, scope);
        self.anon().bearing(made["key"].as_str().expect("a key"))
    }
}
