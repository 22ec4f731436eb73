//! A panic is a defect, and one line of the log: by whoever caught it and knows what it was doing, else by the hook here.

use std::any::Any;
use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// What panicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// File and line; empty where nobody noted them.
    pub at: String,
    pub why: String,
}

/// Whether somebody on this thread stands by to catch what panics now, and where it did.
enum Watch {
    Nobody,
    StandsBy,
    Saw(String),
}

thread_local! {
    static WATCH: RefCell<Watch> = const { RefCell::new(Watch::Nobody) };
}

/// From now on a panic that nobody catches by [`caught`] is logged here, in the log's own form.
pub(super) fn log_all() {
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        if !is_watched(&at) {
            tracing::error!(at, why = why_of(info), "something panicked");
        }
    }));
}

fn is_watched(at: &str) -> bool {
    WATCH.with_borrow_mut(|watch| {
        let watched = !matches!(watch, Watch::Nobody);
        if watched {
            *watch = Watch::Saw(at.to_owned());
        }
        watched
    })
}

fn why_of(info: &PanicHookInfo<'_>) -> String {
    text_of(info.payload())
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it did not say why".to_owned())
}

/// Runs `work` to its end, or to its panic, which is the caller's to log.
///
/// # Errors
/// What panicked; `work` is gone then.
pub async fn caught<F: Future>(work: F) -> Result<F::Output, Panic> {
    let mut work = pin!(work);
    poll_fn(|context| {
        let outer = WATCH.replace(Watch::StandsBy);
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        let seen = WATCH.replace(outer);
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => {
                let at = if let Watch::Saw(at) = seen { at } else { String::new() };
                Poll::Ready(Err(Panic { at, why: text_of(&*payload) }))
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn what_panics_is_given_to_whoever_stands_by_and_the_next_work_runs() {
        let panicked = run(caught(async { panic!("at {}", 7) }));
        assert_eq!(panicked.map_err(|panic: Panic| panic.why), Err::<(), _>("at 7".to_owned()));
        assert_eq!(run(caught(async { 5 })), Ok(5));
    }

    #[test]
    fn only_a_panic_that_nobody_stands_by_for_is_the_hooks_to_log() {
        assert!(!is_watched("here"));
        let inner = run(caught(async { is_watched("there") }));
        assert_eq!(inner, Ok(true));
        assert!(!is_watched("here"), "it ends with the work");
    }
}
