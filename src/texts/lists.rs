//! What is said of many at once, where a number or a name stands in it.

use super::shape::Asked;
use super::{Texts, fill};

impl Asked {
    /// The question for so many.
    pub fn title(&self, people: usize) -> String {
        let pattern = if people == 1 { self.title_one } else { self.title };
        fill(pattern, &people.to_string())
    }
}

impl Texts {
    pub fn choose(&self, username: &str) -> String {
        fill(self.lists.choose, username)
    }
    pub fn partly(&self, done: usize, all: usize) -> String {
        self.lists.partly.replace("{done}", &done.to_string()).replace("{all}", &all.to_string())
    }
    pub fn delete_title(&self, username: &str) -> String {
        fill(self.lists.deletion.title, username)
    }
    pub fn delete_for_good(&self, username: &str) -> String {
        fill(self.lists.deletion.button, username)
    }
    pub fn sessions_of(&self, username: &str) -> String {
        fill(self.lists.sessions.of_one, username)
    }
    pub fn end_session_of(&self, username: &str) -> String {
        fill(self.lists.sessions.end_one, username)
    }
}
