//! Who belongs together: the ids of W3C's Trace Context, and its header `traceparent`.

use crate::platform::secret::random;

pub type TraceId = [u8; 16];
pub type SpanId = [u8; 8];

pub fn fresh_trace() -> TraceId {
    random()
}

pub fn fresh_span() -> SpanId {
    random()
}

/// What a caller says of the trace that its request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    pub trace: TraceId,
    pub span: SpanId,
    /// Whether it is recorded where it comes from.
    pub sampled: bool,
}

impl Parent {
    /// `00-TRACE-SPAN-FLAGS` (Trace Context section 3.2); later versions may append something. `None` where it is
    /// something else, which then is no part of any trace.
    pub fn read(header: &str) -> Option<Self> {
        let mut parts = header.trim().split('-');
        let version = bytes::<1>(parts.next()?)?[0];
        let (trace, span, flags) = (bytes(parts.next()?)?, bytes(parts.next()?)?, bytes::<1>(parts.next()?)?[0]);
        let sound = version != 0xff && (version > 0 || parts.next().is_none());
        let named = trace != [0; 16] && span != [0; 8];
        (sound && named).then_some(Self { trace, span, sampled: flags & 1 == 1 })
    }
}

/// Whether a trace is in the share that is recorded: the same on every service that goes by its id.
pub fn is_among(trace: &TraceId, share: f64) -> bool {
    let [.., a, b, c, d] = *trace;
    f64::from(u32::from_be_bytes([a, b, c, d])) < share * (f64::from(u32::MAX) + 1.0)
}

/// In lower case, as the header wants it.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::hex::hex;

    const SOUND: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_header_is_read_as_the_standard_says() {
        let parent = Parent::read(SOUND).expect("a parent");
        assert_eq!(hex(&parent.trace), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!((hex(&parent.span).as_str(), parent.sampled), ("b7ad6b7169203331", true));
        assert!(Parent::read(&SOUND.replace("-01", "-00")).is_some_and(|parent| !parent.sampled));
        assert!(Parent::read(&format!("cc{}-what-comes-later", &SOUND[2..])).is_some());
        for wrong in [
            "",
            "00",
            &SOUND.to_uppercase(),
            &format!("{SOUND}-more"),
            &SOUND.replace("00-0", "ff-0"),
            &SOUND.replace("0af7651916cd43dd8448eb211c80319c", "00000000000000000000000000000000"),
            &SOUND.replace("b7ad6b7169203331", "0000000000000000"),
            &SOUND.replace("b7ad6b7169203331", "b7ad6b716920333"),
            &SOUND.replace("b7ad", "b7ä"),
        ] {
            assert_eq!(Parent::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_share_is_that_share() {
        let among = |share| (0..4000).filter(|_| is_among(&fresh_trace(), share)).count();
        assert_eq!((among(0.0), among(1.0)), (0, 4000));
        assert!((200..600).contains(&among(0.1)));
    }
}
