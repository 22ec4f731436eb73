//! What came back. Every answer of every test is held against what all answers have in common.

use serde_json::Value;
use ureq::Body;
use ureq::http::{HeaderMap, Response};

use super::shape;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn read(response: Response<Body>) -> Self {
        Self::heard(response).expect("the body ends in order")
    }

    /// `None` where it breaks off.
    pub fn heard(mut response: Response<Body>) -> Option<Self> {
        let body = response.body_mut().read_to_vec().ok()?;
        let answer = Self { status: response.status().as_u16(), headers: response.headers().clone(), body };
        shape::hold(&answer);
        Some(answer)
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// An error in the shape that programs get, with this sentence.
    #[track_caller]
    pub fn refused(self, status: u16, detail: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.json()["detail"], detail);
        answer
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a plain header"))
    }

    pub fn headers_named(&self, name: &str) -> Vec<String> {
        self.headers.get_all(name).iter().map(|value| value.to_str().expect("a plain header").to_owned()).collect()
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("{} leads nowhere: {}", self.status, self.text()))
    }

    pub fn is_page(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    pub fn varies_by_accept(&self) -> bool {
        self.headers_named("vary")
            .iter()
            .flat_map(|line| line.split(','))
            .any(|name| name.trim().eq_ignore_ascii_case("accept"))
    }
}
