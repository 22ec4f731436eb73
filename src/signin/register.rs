//! Making an account with its first password: by oneself, or by an admin.

use super::step::Proven;
use super::{Refusal, Wrong, invitation};
use crate::access::{Caller, Origin, words};
use crate::accounts::{self, Email, NewUser, User, Username, display_name};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::Signup;
use crate::credentials::{self, AcceptedPassword, Hashed};
use crate::platform::db::Tx;
use crate::platform::secret::{OpaqueToken, Password};
use crate::throttle::{self, Budget, Permit};

/// What somebody typed to make an account; nothing of it is believed yet.
pub struct Registration {
    pub username: String,
    pub email: String,
    pub name: String,
    pub password: Option<Password>,
}

/// A new account of somebody's own, and the proof that it is theirs.
pub struct Registered {
    pub user: User,
    pub proven: Proven,
}

/// Which roles a new account starts with.
pub enum Role {
    /// Whoever signs up.
    User,
    /// The first administrator.
    Admin,
    Chosen(Vec<String>),
}

/// An account as it can be made: everything was checked, and the password is hashed.
pub(super) struct Prepared {
    new: NewUser,
    hash: Option<Hashed>,
}

/// Somebody makes their own account, by an invitation where they have one: then with its roles, and with its address, which is
/// known to be theirs, for the link went there.
///
/// # Errors
/// Where `SIGNUP` forbids it, the invitation counts no more, a value can't be taken, a name is taken, too many are waiting; a fault.
pub async fn sign_up(
    app: &App,
    origin: &Origin,
    typed: Registration,
    link: Option<OpaqueToken>,
) -> Result<Registered, Refusal> {
    let invited = let_in(app, link).await?;
    let permit = throttle::permit(app, origin, Budget::SignUp).await?;
    let (typed, role) = match &invited {
        Some(open) => (
            Registration { email: open.email.clone().unwrap_or(typed.email), ..typed },
            Role::Chosen(open.roles.clone()),
        ),
        None => (typed, Role::User),
    };
    let prepared = match prepare(app, typed, role).await {
        Ok(prepared) => prepared,
        Err(refusal) => return Err(uncounted(app, &permit, refusal).await),
    };
    let (shared, from) = (app.clone(), origin.clone());
    app.write(origin, move |tx| join(tx, &shared, &from, &prepared, invited)).await
}

/// Whether somebody may make their own account, and by which invitation.
async fn let_in(app: &App, link: Option<OpaqueToken>) -> Result<Option<invitation::Open>, Refusal> {
    match (app.config.signup, link) {
        (Signup::Open, None) => Ok(None),
        (Signup::Open | Signup::Invite, Some(link)) => invitation::open(app, link).await.map(Some),
        (forbids, _) => Err(Refusal::SignupForbidden(forbids)),
    }
}

fn join(
    tx: &mut Tx,
    app: &App,
    origin: &Origin,
    prepared: &Prepared,
    invited: Option<invitation::Open>,
) -> Result<Outcome<Registered>, Refusal> {
    let now = app.now();
    if let Some(open) = &invited {
        invitation::take(tx, open, now)?;
    }
    let mut user = prepared.store(tx, now)?;
    let mut event = Event::new(Fact::SignedUp).about(&user.id, &user.username).by_themselves();
    let mut posted = None;
    if let Some(open) = &invited {
        event = event.with("invitation", open.id.as_str()).with("roles", user.roles.clone());
    }
    match invited.and_then(|open| open.email) {
        // Whoever followed the link has read the mail.
        Some(address) => user.email_verified = accounts::verify_address(tx, &user, &address, now)?,
        None => posted = credentials::ask_to_verify(tx, app, &user, origin)?,
    }
    let proven = Proven::newcomer(user.id.clone());
    Ok(Outcome::told(Registered { user, proven }, [event]).posting(posted))
}

/// A form that is filled in wrong, and a machine that is too busy, tell nothing of anybody, so they do not count.
async fn uncounted(app: &App, permit: &Permit, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(_) | Refusal::Busy => {
            throttle::give_back(app, permit).await.map_or_else(Refusal::from, |()| refusal)
        }
        refusal => refusal,
    }
}

/// An admin makes an account for somebody. Without a password nobody can sign in to it until one is set.
///
/// # Errors
/// Without `users:write`, or `roles:write` where roles are given beyond `user`; where the caller lacks what would be
/// granted; without a fresh proof, where roles are given beyond `user`; else as [`sign_up`].
pub async fn create(app: &App, caller: &Caller, typed: Registration, role: Role) -> Result<User, Refusal> {
    caller.must(words::USERS_WRITE).map_err(accounts::Refusal::from)?;
    if let Role::Chosen(roles) = &role {
        must_be_able_to_give(app, caller, roles)?;
    }
    let prepared = prepare(app, typed, role).await?;
    let (shared, asker, now) = (app.clone(), caller.clone(), app.now());
    app.write(caller, move |tx| {
        accounts::may_grant_for_good(tx, &asker.user, &asker.permissions, &prepared.new.roles)?;
        let user = prepared.store(tx, now)?;
        // Who gets no password sets one by a mail, which shows the same.
        let posted = match prepared.hash {
            Some(_) => credentials::ask_to_verify(tx, &shared, &user, &asker.origin)?,
            None => None,
        };
        let event = Event::new(Fact::UserCreated).about(&user.id, &user.username).with("roles", user.roles.clone());
        Ok(Outcome::told(user, [event]).posting(posted))
    })
    .await
}

/// More than every new account has takes a fresh proof beside the permission.
pub(super) fn must_be_able_to_give(app: &App, caller: &Caller, roles: &[String]) -> Result<(), Refusal> {
    accounts::may_give(&caller.permissions, roles).map_err(accounts::Refusal::from)?;
    if accounts::beyond_user(roles) {
        caller.must_be_fresh(app.now()).map_err(accounts::Refusal::from)?;
    }
    Ok(())
}

/// Checks every value, names all that are wrong, then hashes. A name that is taken is told before the expensive part; the
/// unique index still has the last word.
pub(super) async fn prepare(app: &App, typed: Registration, role: Role) -> Result<Prepared, Refusal> {
    let mut wrong = Vec::new();
    let mut keep = |field, why| wrong.push((field, why));
    let username = Username::parse(&typed.username).map_err(|why| keep("username", Wrong::Account(why))).ok();
    let email = Email::parse(&typed.email).map_err(|why| keep("email", Wrong::Account(why))).ok();
    let name = display_name(&typed.name).map_err(|why| keep("name", Wrong::Account(why))).ok();
    let names = [typed.username.as_str(), typed.email.as_str(), typed.name.as_str()];
    let accepted = match typed.password {
        Some(password) => {
            let judged = AcceptedPassword::accept(app, password, &names).await?;
            judged.map(Some).map_err(|why| keep("password", Wrong::Password(why))).ok()
        }
        None => Some(None),
    };
    let (Some(username), Some(email), Some(name), Some(accepted)) = (username, email, name, accepted) else {
        return Err(Refusal::Invalid(wrong));
    };
    refuse_taken(app, &username, &email).await?;
    let hash = match accepted {
        Some(accepted) => Some(accepted.hash(app).await?),
        None => None,
    };
    let mut roles = match role {
        Role::User => vec![accounts::USER.to_owned()],
        Role::Admin => vec![accounts::ADMIN.to_owned()],
        Role::Chosen(roles) => roles,
    };
    roles.sort();
    roles.dedup();
    Ok(Prepared { new: NewUser { username, email, name, roles }, hash })
}

async fn refuse_taken(app: &App, username: &Username, email: &Email) -> Result<(), Refusal> {
    let (username, email) = (username.as_str().to_owned(), email.as_str().to_owned());
    app.db
        .read(move |conn| {
            if accounts::by_login(conn, &username)?.is_some() {
                return Err(accounts::Refusal::UsernameTaken.into());
            }
            if accounts::by_login(conn, &email)?.is_some() {
                return Err(accounts::Refusal::EmailTaken.into());
            }
            Ok(())
        })
        .await
}

impl Prepared {
    pub(super) fn store(&self, tx: &mut Tx, now: crate::platform::time::UnixTime) -> Result<User, Refusal> {
        let user = accounts::create(tx, &self.new, now)?;
        if let Some(hash) = &self.hash {
            credentials::set(tx, &user.id, hash, now)?;
        }
        Ok(user)
    }
}
