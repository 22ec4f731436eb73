//! Posting: the one way in.

use super::letter::Letter;
use super::store;
use crate::app::App;
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::LetterId;
use crate::platform::secret::{Purpose, Seal};

/// The proof that something was posted, to be handed to [`crate::app::Outcome::posting`]: then it is sent at once.
#[must_use = "a letter is sent at once only where it was handed to Outcome::posting"]
pub struct Posted(());

/// Posts a letter in the transaction of what it tells of: where that is undone, nothing is sent.
///
/// # Errors
/// A [`Fault`].
pub fn post(tx: &mut Tx, app: &App, letter: &Letter) -> Result<Posted, Fault> {
    let now = app.now();
    let id = LetterId::fresh(now);
    let sealed =
        letter.secret.as_ref().map(|secret| seal(app).close(secret.as_text().as_bytes(), id.as_str().as_bytes()));
    store::insert(tx, id, letter, sealed, now)?;
    Ok(Posted(()))
}

/// What keeps links and codes from whoever reads the database.
pub(super) fn seal(app: &App) -> Seal {
    app.root().seal(Purpose::Outbox)
}
