//! Who is sending files at this moment: a gigabyte each is written before anybody can count it among those that wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Refusal;
use crate::platform::ids::UserId;

/// Files that one person sends at once, to one node.
const AT_ONCE: usize = 2;

/// Who is sending how many.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<UserId, usize>>>);

/// Leave to send one; ends with its value.
#[must_use = "it ends as soon as it is dropped"]
pub struct Turn {
    turns: Turns,
    user: UserId,
}

impl Turns {
    /// # Errors
    /// [`Refusal::TooManyWaiting`].
    pub(super) fn take(&self, user: &UserId) -> Result<Turn, Refusal> {
        let mut sending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = sending.entry(user.clone()).or_default();
        if *theirs == AT_ONCE {
            return Err(Refusal::TooManyWaiting);
        }
        *theirs += 1;
        Ok(Turn { turns: self.clone(), user: user.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut sending = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        match sending.get_mut(&self.user) {
            Some(theirs) if *theirs > 1 => *theirs -= 1,
            _ => drop(sending.remove(&self.user)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::UnixTime;

    #[test]
    fn one_person_sends_two_files_at_once_and_another_is_not_held_up() {
        let (turns, now) = (Turns::default(), UnixTime::from_millis(1));
        let (alice, bob) = (UserId::fresh(now), UserId::fresh(now));
        let (first, _second) = (turns.take(&alice).ok(), turns.take(&alice).ok());
        assert!(first.is_some() && turns.take(&alice).is_err());
        assert!(turns.take(&bob).is_ok());
        drop(first);
        assert!(turns.take(&alice).is_ok());
    }
}
