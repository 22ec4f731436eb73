//! Traces: what one request waited for and how long each part took, sent to a collector (OpenTelemetry's protocol, OTLP over
//! HTTP, as JSON). Off unless a collector is set, and then nothing is kept, measured or sent. What a request does is gathered
//! beside it and handed over when it is answered; a collector that is away or slow costs spans and nothing else.

mod export;
mod id;
mod otlp;
mod recording;

use std::sync::Arc;
use std::time::Duration;

use export::Exporter;
pub use id::Parent;
pub use recording::{Recording, Value, current};

use super::secret::Password;
use super::time::Clock;

/// Where traces go.
#[derive(Clone)]
pub struct Settings {
    /// The collector's address, without `/v1/traces`.
    pub endpoint: String,
    /// The same as it may be logged, without a password.
    pub shown: String,
    /// What it is to be sent besides, its secrets among them.
    pub headers: Vec<(String, Secret)>,
    /// What this service is called.
    pub service: String,
    /// How many of the requests are traced that nobody else traces, from 0 to 1.
    pub share: f64,
}

/// A header's value, which is never shown.
#[derive(Clone)]
pub struct Secret(Arc<Password>);

impl Secret {
    pub fn new(text: &str) -> Self {
        Self(Arc::new(Password::new(text)))
    }

    fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// The way to the collector, or nothing.
#[derive(Clone, Default)]
pub struct Traces(Option<Arc<On>>);

struct On {
    exporter: Exporter,
    share: f64,
    clock: Clock,
}

/// Whether somebody may decide that a request is traced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Ours,
    Anybodys,
}

impl Traces {
    /// Starts the thread that sends.
    pub fn start(settings: &Settings, clock: &Clock) -> Self {
        let exporter = Exporter::start(settings);
        Self(Some(Arc::new(On { exporter, share: settings.share, clock: clock.clone() })))
    }

    pub fn are_on(&self) -> bool {
        self.0.is_some()
    }

    /// Begins to record a request, in the trace of whoever sent it; `None` where it is not traced. That it shall not be is
    /// believed of anybody, that it shall be only of our own.
    pub fn begin(&self, sent: Option<&str>, trust: Trust) -> Option<Arc<Recording>> {
        let on = self.0.as_ref()?;
        let parent = sent.and_then(Parent::read);
        let trace = parent.as_ref().map_or_else(id::fresh_trace, |parent| parent.trace);
        let wanted = match &parent {
            Some(parent) if !parent.sampled => false,
            Some(_) if trust == Trust::Ours => true,
            _ => id::is_among(&trace, on.share),
        };
        wanted.then(|| Arc::new(Recording::begin(trace, parent.map(|parent| parent.span), on.clock.now())))
    }

    /// Hands over what was recorded.
    pub fn end(&self, recording: &Recording, name: String, attributes: Vec<(&'static str, Value)>) {
        if let Some(on) = &self.0 {
            on.exporter.take(recording.end(name, attributes));
        }
    }

    /// How many traces went out, and how many were lost; `None` where there are none.
    pub fn counted(&self) -> Option<(u64, u64)> {
        self.0.as_ref().map(|on| on.exporter.counted())
    }

    /// Waits until what was handed over is sent, or so long.
    pub async fn finish(&self, patience: Duration) {
        let Some(on) = &self.0 else { return };
        let sent = on.exporter.flush();
        let _ = tokio::time::timeout(patience, sent).await;
    }
}
