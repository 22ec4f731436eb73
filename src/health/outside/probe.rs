//! A question that only whoever holds this installation's key can ask, and only a server that holds it can answer: who
//! answers at `PUBLIC_URL`, and what does it see of whoever asks?

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::platform::secret::{Purpose, RootKey, keyed_digest, random, same};
use crate::platform::time::UnixTime;

/// How far the clocks of the two may differ, and how long a question counts.
const COUNTS: std::time::Duration = std::time::Duration::from_secs(300);

/// What the server sees of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub version: String,
    /// Whom it takes for the client.
    pub address: String,
    /// Who is at the other end of the connection, and whether `TRUSTED_PROXIES` has them.
    pub peer: String,
    pub peer_is_trusted: bool,
    /// All that was said of who the client is.
    pub forwarded_for: String,
}

/// A question.
pub struct Probe {
    text: String,
    key: [u8; 32],
}

impl Probe {
    pub const PATH: &str = "/health/seen";
    /// Where the question stands in the request, and the proof in the answer.
    pub const HEADER: &str = "x-vestibule-probe";
    pub const PROOF: &str = "x-vestibule-proof";

    pub fn fresh(root: &RootKey, now: UnixTime) -> Self {
        let key = root.derive(Purpose::Probes);
        let asked = format!("{}.{}", now.millis(), BASE64.encode(random::<16>()));
        Self { text: format!("{asked}.{}", mark(&key, "question", &asked)), key }
    }

    /// As it is sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A question that was sent in; `None` where whoever asks does not hold the key, or asked too long ago.
    pub fn sent(app: &App, text: &str) -> Option<Self> {
        let key = app.derived_key(Purpose::Probes);
        let (asked, marked) = text.rsplit_once('.')?;
        if !same(marked.as_bytes(), mark(&key, "question", asked).as_bytes()) {
            return None;
        }
        let at = UnixTime::from_millis(asked.split_once('.')?.0.parse().ok()?);
        let apart = app.now().since(at).max(at.since(app.now()));
        (apart <= COUNTS).then(|| Self { text: text.to_owned(), key })
    }

    /// The body of an answer, and its proof.
    pub fn answer(&self, seen: &Seen) -> (String, String) {
        let body = serde_json::to_string(seen).unwrap_or_default();
        let proof = self.proof(&body);
        (body, proof)
    }

    /// What was seen; `None` where the answer is somebody else's.
    pub fn answered(&self, body: &str, proof: &str) -> Option<Seen> {
        same(proof.as_bytes(), self.proof(body).as_bytes()).then(|| serde_json::from_str(body).ok())?
    }

    fn proof(&self, body: &str) -> String {
        mark(&self.key, "answer", &format!("{}\n{body}", self.text))
    }
}

fn mark(key: &[u8; 32], what: &str, text: &str) -> String {
    BASE64.encode(keyed_digest(key, format!("{what}\n{text}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_its_own_question_and_unchanged_only() {
        let root = RootKey::new([7; 32]).expect("32 bytes");
        let now = UnixTime::from_seconds(1_893_456_000);
        let (probe, other) = (Probe::fresh(&root, now), Probe::fresh(&root, now));
        let seen = Seen {
            version: "1".into(),
            address: "203.0.113.9".into(),
            peer: "10.0.0.1".into(),
            peer_is_trusted: true,
            forwarded_for: "203.0.113.9".into(),
        };
        let (body, proof) = probe.answer(&seen);
        assert_eq!(probe.answered(&body, &proof), Some(seen));
        assert_eq!(probe.answered(&body.replace("203", "198"), &proof), None);
        assert_eq!(probe.answered(&body, ""), None);
        assert_eq!(other.answered(&body, &proof), None);
    }
}
