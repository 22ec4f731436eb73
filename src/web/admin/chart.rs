//! Bars, drawn on the server: their places in a picture that is stretched to its card. What is written beside them is text of
//! the page, and so keeps its size.

use crate::platform::time::UnixTime;
use crate::statistics::Span;
use crate::texts::Texts;

/// The picture is this high, and as wide as it has bars.
const HEIGHT: i64 = 100;

/// One series as bars.
pub struct Chart {
    pub title: &'static str,
    /// The figure above the bars, and what it is.
    pub figure: String,
    pub about: String,
    /// Which colour: a class.
    pub tone: &'static str,
    /// What the picture shows, in a sentence.
    pub sentence: String,
    pub width: usize,
    pub bars: Vec<Bar>,
    /// The scale, from above: the highest, its half, nothing.
    pub scale: [String; 3],
    /// What stands below: the beginning, the middle, the end.
    pub axis: [String; 3],
    pub is_empty: bool,
}

/// In units of the picture; the place is that of the bar's number.
pub struct Bar {
    pub place: usize,
    pub top: i64,
    pub height: i64,
    /// What a pointer is told.
    pub title: String,
}

/// What a chart is about.
pub struct Subject {
    pub title: &'static str,
    pub figure: i64,
    pub about: String,
    pub tone: &'static str,
}

impl Chart {
    pub fn new(t: &Texts, span: Span, subject: Subject, values: &[(UnixTime, i64)]) -> Self {
        let most = values.iter().max_by_key(|(_, value)| *value).copied();
        let (most_at, most) = most.unwrap_or((UnixTime::from_millis(0), 0));
        let top = scale(most);
        let label = |at: UnixTime| t.dashboard.moment(span, at);
        let at = |place: usize| values.get(place).map(|(at, _)| label(*at)).unwrap_or_default();
        let said = match most {
            0 => t.dashboard.nothing.to_owned(),
            _ => t.dashboard.most(most, &label(most_at)),
        };
        Self {
            title: subject.title,
            figure: t.dashboard.number(subject.figure),
            sentence: format!("{}: {} {}. {said}", subject.title, t.dashboard.number(subject.figure), subject.about),
            about: subject.about,
            tone: subject.tone,
            width: values.len(),
            bars: (0..).zip(values).filter_map(|(place, value)| Bar::new(t, span, (place, value), top)).collect(),
            scale: [top, top / 2, 0].map(|value| t.dashboard.number(value)),
            axis: [at(0), at(values.len() / 2), at(values.len().saturating_sub(1))],
            is_empty: most == 0,
        }
    }
}

impl Bar {
    /// None where there is nothing to draw.
    fn new(t: &Texts, span: Span, (place, (at, value)): (usize, &(UnixTime, i64)), top: i64) -> Option<Self> {
        // One of very many is still to be seen.
        let height = (value.saturating_mul(HEIGHT) / top).max(1);
        let title = format!("{}: {}", t.dashboard.moment(span, *at), t.dashboard.number(*value));
        (*value > 0).then_some(Self { place, top: HEIGHT - height, height, title })
    }
}

/// The end of the scale: a round number not far above, whose half is round too.
fn scale(most: i64) -> i64 {
    if most <= 10 {
        return (most + most % 2).max(2);
    }
    let mut step = 1_i64;
    while most > step.saturating_mul(100) {
        step = step.saturating_mul(10);
    }
    let round = [12, 16, 20, 30, 40, 60, 80, 100].map(|number| step.saturating_mul(number));
    round.into_iter().find(|top| *top >= most).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::EN;

    #[test]
    fn the_scale_ends_at_a_round_number_that_has_a_half() {
        let ends = [0, 1, 2, 3, 9, 10, 11, 61, 100, 101, 1110, 999_999].map(scale);
        assert_eq!(ends, [2, 2, 2, 4, 10, 10, 12, 80, 100, 120, 1200, 1_000_000]);
        assert_eq!(scale(i64::MAX), i64::MAX);
    }

    #[test]
    fn bars_stay_inside_the_picture_and_the_smallest_can_be_seen() {
        let subject = Subject { title: "Sign-ins", figure: 1001, about: "in the last 24 hours".to_owned(), tone: "" };
        let at = |hour: i64| UnixTime::from_seconds(hour * 3600);
        let chart = Chart::new(&EN, Span::Day, subject, &[(at(0), 1), (at(1), 0), (at(2), 1000)]);
        let bars: Vec<_> = chart.bars.iter().map(|bar| (bar.place, bar.top, bar.height)).collect();
        assert_eq!(bars, [(0, 99, 1), (2, 0, 100)]);
        assert_eq!(chart.sentence, "Sign-ins: 1,001 in the last 24 hours. The most: 1,000 (02:00).");
        assert_eq!(chart.scale, ["1,000", "500", "0"]);
    }
}
