//! Sending: a thread of its own gathers what was handed over and sends it, some at a time. The way to it is bounded, and what
//! does not fit is lost and counted.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::id::fresh_span;
use super::recording::Span;
use super::{Settings, otlp};
use crate::platform::hex::hex;
use crate::platform::http::{Authorities, Client};
use crate::platform::metrics::Counter;

/// Traces that wait at the most.
const QUEUE: usize = 1024;
/// Spans that are sent at once, and how long the first of them waits for more.
const BATCH: usize = 512;
const PAUSE: Duration = Duration::from_secs(1);
/// How long the collector may take, and how often it is tried.
const PATIENCE: Duration = Duration::from_secs(5);
const TRIES: u32 = 3;
/// That it does not take them is said so often.
const COMPLAIN_EVERY: Duration = Duration::from_secs(60);

enum Order {
    Send(Vec<Span>),
    /// Everything that was handed over before.
    Flush(oneshot::Sender<()>),
}

pub(super) struct Exporter {
    queue: SyncSender<Order>,
    counted: Arc<Counted>,
}

#[derive(Default)]
struct Counted {
    sent: Counter,
    lost: Counter,
}

impl Exporter {
    pub(super) fn start(settings: &Settings) -> Self {
        let (queue, orders) = sync_channel(QUEUE);
        let counted = Arc::new(Counted::default());
        let courier = Courier::new(settings, Arc::clone(&counted));
        if let Err(error) = std::thread::Builder::new().name("traces".into()).spawn(move || courier.work(&orders)) {
            tracing::error!(%error, "the thread that sends traces could not be started");
        }
        Self { queue, counted }
    }

    pub(super) fn take(&self, spans: Vec<Span>) {
        if self.queue.try_send(Order::Send(spans)).is_err() {
            self.counted.lost.one_more();
        }
    }

    pub(super) fn flush(&self) -> impl Future<Output = ()> + use<> {
        let (tell, told) = oneshot::channel();
        let asked = self.queue.try_send(Order::Flush(tell)).is_ok();
        async move {
            if asked {
                let _ = told.await;
            }
        }
    }

    pub(super) fn counted(&self) -> (u64, u64) {
        (self.counted.sent.read(), self.counted.lost.read())
    }
}

/// Who goes to the collector.
struct Courier {
    client: Client,
    url: String,
    settings: Settings,
    /// Tells this process from the others of the same name.
    instance: String,
    counted: Arc<Counted>,
    complained: Option<Instant>,
}

impl Courier {
    fn new(settings: &Settings, counted: Arc<Counted>) -> Self {
        Self {
            client: Client::new(&Authorities::Public, PATIENCE),
            url: format!("{}/v1/traces", settings.endpoint.trim_end_matches('/')),
            settings: settings.clone(),
            instance: hex(&fresh_span()),
            counted,
            complained: None,
        }
    }

    fn work(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            let (mut spans, mut traces, mut flushed) = (Vec::new(), 0, None);
            let deadline = Instant::now() + PAUSE;
            let mut next = Ok(first);
            while let Ok(order) = next {
                match order {
                    Order::Send(more) => {
                        spans.extend(more);
                        traces += 1;
                    }
                    Order::Flush(tell) => flushed = Some(tell),
                }
                let full = spans.len() >= BATCH || flushed.is_some();
                next = if full { Err(RecvTimeoutError::Timeout) } else { orders.recv_timeout(until(deadline)) };
            }
            self.send(&spans, traces);
            if let Some(tell) = flushed {
                let _ = tell.send(());
            }
        }
    }

    fn send(&mut self, spans: &[Span], traces: usize) {
        if spans.is_empty() {
            return;
        }
        let body = otlp::body(&self.settings.service, &self.instance, spans);
        let sent = self.persist(&body);
        let counter = if sent.is_ok() { &self.counted.sent } else { &self.counted.lost };
        (0..traces).for_each(|_| counter.one_more());
        if let Err(why) = sent {
            self.complain(&why);
        }
    }

    /// What another try may mend is tried again, after a pause that doubles.
    fn persist(&self, body: &[u8]) -> Result<(), String> {
        let own = self.settings.headers.iter().map(|(name, value)| (name.as_str(), value.reveal()));
        let headers: Vec<(&str, &str)> = std::iter::once(("content-type", "application/json")).chain(own).collect();
        let mut pause = PAUSE;
        for attempt in 1.. {
            let why = match self.client.post(&self.url, &headers, body) {
                Ok(reply) if reply.status < 300 => return Ok(()),
                Ok(reply) if !matches!(reply.status, 429 | 502..=504) => {
                    return Err(format!("status {}", reply.status));
                }
                Ok(reply) => format!("status {}", reply.status),
                Err(why) => why,
            };
            if attempt == TRIES {
                return Err(why);
            }
            std::thread::sleep(pause);
            pause *= 2;
        }
        Ok(())
    }

    fn complain(&mut self, why: &str) {
        if self.complained.is_none_or(|last| last.elapsed() > COMPLAIN_EVERY) {
            self.complained = Some(Instant::now());
            tracing::warn!(
                url = self.settings.shown,
                why,
                "traces are lost: the collector does not take them (OTLP over HTTP is mostly at port 4318)"
            );
        }
    }
}

fn until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
