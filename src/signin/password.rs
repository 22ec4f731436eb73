//! Signing in with a name and a password.

use super::Refusal;
use super::attempt::Onward;
use super::step::{Proven, Step, next_step};
use crate::access::{Amr, Method, Origin};
use crate::accounts::{self, Standing, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::{self, Match, device};
use crate::platform::db::Fault;
use crate::platform::secret::Password;
use crate::throttle::{self, Budget};

/// Holds a password against the account behind a sign-in name. An unknown name, a wrong password and a disabled account
/// cost the same and are told the same, and so is having tried too often, which is settled before the account is looked for.
///
/// # Errors
/// [`Refusal::Incorrect`], [`Refusal::Stopped`], [`Refusal::Busy`], or a fault.
pub async fn by_password(
    app: &App,
    origin: &Origin,
    (name, typed): (String, Password),
    onward: Onward,
) -> Result<Step, Refusal> {
    let client = device::client(app, origin, &name).await?;
    let budget = Budget::SignIn { name: &accounts::as_looked_up(&name), client };
    let permit = throttle::permit(app, origin, budget).await?;
    let user = app.db.read(move |conn| accounts::by_login(conn, &name)).await?;
    let again = Password::new(typed.reveal());
    let checked = credentials::check(app, &permit, user.as_ref().map(|user| user.id.clone()), typed).await?;
    match (user, checked) {
        (Some(user), Match::Yes(verified)) if user.standing == Standing::Active => {
            // Only here: a disabled account must not tell that the password was right by tries that do not count.
            throttle::succeeded(app, &permit).await?;
            let upgrade = if verified.is_outdated(app) { credentials::upgrade(app, again).await } else { None };
            let amr = Amr::of([Method::Password]);
            next_step(app, Proven { user: user.id, amr, password: Some(verified), upgrade }, onward).await
        }
        (user, _) => {
            note_failure(app, origin, user).await?;
            Err(Refusal::Incorrect)
        }
    }
}

/// A name that nobody has is not written down: people type their password into the wrong field.
async fn note_failure(app: &App, origin: &Origin, user: Option<User>) -> Result<(), Fault> {
    let mut event = Event::new(Fact::SignInFailed);
    if let Some(user) = user {
        event = event.about(&user.id, &user.username);
    }
    app.write(origin, |_| Ok(Outcome::told((), [event]))).await
}
