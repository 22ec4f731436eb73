//! Roles that were given until a moment, and what is left of roles that were deleted. Whoever asks is told the truth without
//! this: it tidies rows away that say nothing any more.

use super::held_store::{self, Over};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact, Trail};
use crate::platform::db::{Fault, Tx};

/// Takes roles away whose end has come, and writes it down.
///
/// # Errors
/// A [`Fault`].
pub async fn end_roles(app: &App) -> Result<(), Fault> {
    loop {
        let over = app.db.read(held_store::over).await?;
        if over.is_empty() {
            return Ok(());
        }
        app.write(Trail::of_the_clock(app.now()), move |tx| end(tx, &over)).await?;
    }
}

/// Of several nodes that see the same, one takes it away and tells of it.
fn end(tx: &mut Tx, over: &[Over]) -> Result<Outcome<()>, Fault> {
    let mut events = Vec::new();
    for one in over {
        if held_store::take_away(tx, one)? {
            // A role that is gone altogether had its end before.
            let event = one
                .role
                .as_ref()
                .map(|role| Event::new(Fact::RoleEnded).about(&one.user, &one.username).with("role", role.clone()));
            events.extend(event);
        }
    }
    Ok(Outcome::told((), events))
}

/// Sweeps out who had roles that are deleted, a little at a time.
///
/// # Errors
/// A [`Fault`].
pub async fn sweep_roles(app: &App) -> Result<(), Fault> {
    for role in app.db.read(held_store::left_behind).await? {
        loop {
            let role = role.clone();
            if app.db.write(move |tx| held_store::sweep(tx, &role)).await? == 0 {
                break;
            }
        }
    }
    Ok(())
}
