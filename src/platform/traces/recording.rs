//! What happens while one request is answered, put together as spans.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::id::{self, SpanId, TraceId};
use crate::platform::hex::hex;
use crate::platform::time::UnixTime;

tokio::task_local! {
    /// What the work of the moment belongs to, where that is traced.
    static CURRENT: Arc<Recording>;
}

/// The request that is being answered right here, where it is traced.
pub fn current() -> Option<Arc<Recording>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// What an attribute says.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Number(i64),
}

/// A part of the work, from when to when.
#[derive(Clone, Debug)]
pub struct Span {
    pub trace: TraceId,
    pub id: SpanId,
    pub parent: Option<SpanId>,
    pub name: String,
    pub kind: Kind,
    /// Nanoseconds since 1970.
    pub from: u128,
    pub to: u128,
    pub attributes: Vec<(&'static str, Value)>,
    pub failed: bool,
}

/// As OTLP numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Internal = 1,
    Server = 2,
}

/// A request that is traced.
pub struct Recording {
    trace: TraceId,
    id: SpanId,
    parent: Option<SpanId>,
    began: Instant,
    began_at: UnixTime,
    parts: Mutex<Vec<Span>>,
}

impl Recording {
    /// Parts of one request that are kept: one that goes on for long does not fill the memory.
    const MOST: usize = 200;

    pub(super) fn begin(trace: TraceId, parent: Option<SpanId>, now: UnixTime) -> Self {
        Self { trace, id: id::fresh_span(), parent, began: Instant::now(), began_at: now, parts: Mutex::default() }
    }

    /// As it stands in the log.
    pub fn trace_id(&self) -> String {
        hex(&self.trace)
    }

    /// Runs what belongs to it.
    pub async fn cover<F: Future>(self: &Arc<Self>, work: F) -> F::Output {
        CURRENT.scope(Arc::clone(self), work).await
    }

    /// A part of it that has just ended: when it was wanted, and how long it waited before it ran.
    pub fn part(&self, name: &'static str, wanted: Instant, waited: Duration) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.len() < Self::MOST {
            let waited = Value::Number(i64::try_from(waited.as_micros()).unwrap_or(i64::MAX));
            parts.push(Span {
                trace: self.trace,
                id: id::fresh_span(),
                parent: Some(self.id),
                name: name.to_owned(),
                kind: Kind::Internal,
                from: self.moment(wanted),
                to: self.moment(Instant::now()),
                attributes: vec![("vestibule.waited_micros", waited)],
                failed: false,
            });
        }
    }

    /// The request and its parts.
    pub(super) fn end(&self, name: String, attributes: Vec<(&'static str, Value)>) -> Vec<Span> {
        let failed = attributes.iter().any(|(name, value)| match value {
            Value::Number(status) => *name == "http.response.status_code" && *status >= 500,
            Value::Text(_) => false,
        });
        let whole = Span {
            trace: self.trace,
            id: self.id,
            parent: self.parent,
            name,
            kind: Kind::Server,
            from: self.moment(self.began),
            to: self.moment(Instant::now()),
            attributes,
            failed,
        };
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(whole).chain(parts.drain(..)).collect()
    }

    /// The clock is asked once; from then on time is measured, so that no part ends before it begins.
    fn moment(&self, at: Instant) -> u128 {
        let began = Duration::from_millis(u64::try_from(self.began_at.millis()).unwrap_or(0));
        (began + at.saturating_duration_since(self.began)).as_nanos()
    }
}
