//! What runs on a timer beside the requests.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::app::App;
use crate::credentials::passkeys;
use crate::outbox::Failure;
use crate::platform::mail::Trouble;
use crate::platform::telemetry;
use crate::platform::time::{Step, Watch};
use crate::{
    accounts, audit, credentials, health, letters, outbox, sessions, signin, statistics, throttle, tokens, transfer,
};

/// What other processes end is known here within a second, also where nothing tells of it.
const FOLLOW_EVERY: Duration = Duration::from_millis(400);
/// That the clock was set is noticed so soon.
const LOOK_AT_THE_CLOCK_EVERY: Duration = Duration::from_millis(200);
/// Why a token was refused can be asked so soon.
const KEEP_REFUSALS_EVERY: Duration = Duration::from_millis(200);
/// What another node has posted and not sent, or what is to be tried again, is found so soon; what is posted here, at once.
const LOOK_FOR_MAIL_EVERY: Duration = Duration::from_secs(1);
/// What a restart interrupted, or a fault, goes on so soon; what is sent here, at once.
const LOOK_FOR_IMPORTS_EVERY: Duration = Duration::from_secs(5);
/// What happened stands in the statistics so soon.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// Where counting failed, it is tried again so soon.
const COUNT_AGAIN: Duration = Duration::from_secs(60);
/// So often the head of the audit log is signed and kept apart, and at the start and the end.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(86_400);
/// What `/metrics` tells of the database is so old at the most.
const WATCH_EVERY: Duration = Duration::from_secs(15);
/// A role that was given until a moment counts no more from then on; that it is written down takes so long.
const END_ROLES_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// What panics each time shall not fill the log.
const AFTER_A_PANIC: Duration = Duration::from_secs(5);

/// Starts the timers on the current runtime; they end with it. None waits for another: one that is slow or fails keeps only
/// itself.
pub fn start(app: &App) {
    let mut ends = app.changes();
    let mut keys = ends.clone();
    forever(app, async move |app| {
        ends.next(FOLLOW_EVERY).await;
        run(app, "revocations", "what other processes ended could not be read", sessions::follow(app)).await;
    });
    forever(app, async move |app| {
        keys.next(FOLLOW_EVERY).await;
        run(app, "signing_keys", "new signing keys could not be read", tokens::keys::follow(app)).await;
    });
    let mut clock = Watch::from(app.now());
    forever(app, async move |app| {
        sleep(LOOK_AT_THE_CLOCK_EVERY).await;
        match clock.look(app.now()) {
            None => {}
            Some(Step::Ahead(by)) => tracing::warn!(seconds = by.as_secs(), "the clock was set ahead"),
            Some(Step::Back(by)) => set_right(app, by).await,
        }
    });
    forever(app, async |app| {
        sleep(KEEP_REFUSALS_EVERY).await;
        keep_refusals(app).await;
    });
    forever(app, async |app| {
        app.mail_due(LOOK_FOR_MAIL_EVERY).await;
        let answer = credentials::answer_resets(app);
        run(app, "password_resets", "requests for a new password could not be looked into", answer).await;
        run(app, "mail", "the outbox could not be read", deliver(app)).await;
    });
    forever(app, async |app| {
        run(app, "imports", "a file of users could not be gone through", transfer::job::work(app)).await;
        app.import_due(LOOK_FOR_IMPORTS_EVERY).await;
    });
    forever(app, async |app| {
        run(app, "statistics", "what happened could not be counted", statistics::advance(app)).await;
        sleep(COUNT_EVERY).await;
    });
    forever(app, async |app| {
        let mut pause = COUNT_AGAIN;
        let count = async { statistics::sample(app).await.map(|next| pause = next) };
        run(app, "census", "accounts and sessions could not be counted", count).await;
        sleep(pause).await;
    });
    forever(app, async |app| {
        run(app, "watch", "how the installation is could not be looked at", health::watch(app)).await;
        sleep(WATCH_EVERY).await;
    });
    forever(app, async |app| {
        keep_checkpoint(app).await;
        sleep(CHECKPOINT_EVERY).await;
    });
    forever(app, async |app| {
        sleep(END_ROLES_EVERY).await;
        run(app, "role_ends", "roles that are over could not be taken away", accounts::end_roles(app)).await;
    });
    forever(app, async |app| {
        tidy(app).await;
        sleep(TIDY_EVERY).await;
    });
}

/// One turn after the other, beside everything else. A turn that panics is not the last.
fn forever(app: &App, mut turn: impl AsyncFnMut(&App) + 'static) {
    let app = app.clone();
    tokio::task::spawn_local(async move {
        loop {
            if let Err(panic) = telemetry::caught(turn(&app)).await {
                tracing::error!(at = panic.at, why = panic.why, "a job panicked; it goes on");
                sleep(AFTER_A_PANIC).await;
            }
        }
    });
}

/// What was put off by a clock that ran ahead.
async fn set_right(app: &App, by: Duration) {
    tracing::warn!(seconds = by.as_secs(), "the clock was set back");
    hasten_mail(app).await;
    app.wake_mail();
}

async fn hasten_mail(app: &App) {
    report("mails of a clock that ran ahead could not be looked for", outbox::set_right(app).await);
}

async fn tidy(app: &App) {
    hasten_mail(app).await;
    run(app, "tidy_sessions", "sessions that are over could not be deleted", sessions::purge(app)).await;
    run(app, "tidy_roles", "what is left of deleted roles could not be swept out", accounts::sweep_roles(app)).await;
    run(app, "tidy_refresh_tokens", "refresh tokens that have expired could not be deleted", tokens::purge(app)).await;
    run(app, "tidy_sign_ins", "old sign-ins could not be deleted", signin::purge(app)).await;
    run(app, "tidy_passkeys", "challenges that nobody answered could not be deleted", passkeys::purge(app)).await;
    run(app, "tidy_refusals", "old refusals could not be deleted", tokens::refusals::purge(app)).await;
    run(app, "tidy_budgets", "tries that are forgotten could not be deleted", throttle::purge(app)).await;
    run(app, "tidy_devices", "devices that are forgotten could not be deleted", credentials::device::purge(app)).await;
    run(app, "tidy_outbox", "mails that went out long ago could not be deleted", outbox::purge(app)).await;
    run(app, "tidy_codes", "codes that have expired could not be deleted", credentials::purge(app)).await;
    run(app, "tidy_imports", "old imports could not be deleted", transfer::job::purge(app)).await;
    run(app, "tidy_signing_keys", "old signing keys could not be deleted", tokens::keys::purge(app)).await;
    run(app, "names", "names could not be made searchable", accounts::fold_names(app)).await;
    run(app, "key_rotation", "the signing key could not be rotated", tokens::keys::rotate_when_due(app)).await;
    run(app, "tidy_audit_log", "old entries of the audit log could not be removed", audit::trim(app)).await;
    run(app, "tidy_statistics", "old statistics could not be deleted", statistics::tidy(app)).await;
    run(app, "audit_proof", "the audit log could not be proven", audit::check_when_due(app)).await;
}

/// Sends what is due. Where no server takes mail, the rest waits for the next turn.
async fn deliver(app: &App) -> Result<(), impl std::fmt::Debug> {
    loop {
        match outbox::claim(app).await {
            Ok(Some(due)) => {
                if !send(app, due).await {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(why) => return Err(why),
        }
    }
}

/// Tries one letter; `false` where the next would fare no better.
async fn send(app: &App, due: outbox::Due) -> bool {
    let sent = match letters::write(app, &due) {
        Ok(mail) => app.mailer.send(&mail).await,
        Err(why) => Err(Trouble::Mail(why)),
    };
    app.metrics.mails.one_more(if sent.is_ok() { "sent" } else { "failed" });
    let server_is_there = !matches!(sent, Err(Trouble::Server(_)));
    let tried = sent.map_err(|trouble| {
        let why = trouble.words();
        tracing::warn!(kind = due.kind.word(), why, "a mail could not be sent");
        if server_is_there { Failure::of_letter(why) } else { Failure::of_server(why) }
    });
    report("what became of a mail could not be written down", outbox::settle(app, due, tried).await);
    server_is_there
}

/// Does it, and notes for `/metrics` when, how long it took and whether it failed.
async fn run<E: std::fmt::Debug>(
    app: &App,
    name: &'static str,
    trouble: &str,
    work: impl Future<Output = Result<(), E>>,
) {
    let began = Instant::now();
    let done = work.await;
    app.metrics.jobs.ended(name, app.now(), began.elapsed(), done.as_ref().map(drop).map_err(drop));
    report(trouble, done);
}

/// What failed is tried again at the next turn.
fn report<E: std::fmt::Debug>(what: &str, done: Result<(), E>) {
    if let Err(why) = done {
        tracing::warn!(?why, "{what}; trying again");
    }
}

/// What the timers would have done next, once no request comes any more.
pub async fn finish(app: &App) {
    keep_refusals(app).await;
    keep_checkpoint(app).await;
}

async fn keep_checkpoint(app: &App) {
    run(app, "audit_checkpoint", "a checkpoint of the audit log could not be kept", audit::keep_checkpoint(app)).await;
}

async fn keep_refusals(app: &App) {
    run(app, "refusals", "why tokens were refused could not be written down", tokens::refusals::keep(app)).await;
}
