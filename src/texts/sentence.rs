//! A sentence that is chosen where something is refused, and said where it is known who reads it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{EN, Texts};

type Saying = dyn Fn(&'static Texts) -> Cow<'static, str> + Send + Sync;

/// What is to be said, in whatever language: a place in [`Texts`], and what stands in it.
#[derive(Clone)]
pub struct Sentence(Arc<Saying>);

impl Sentence {
    /// A text of ours, found in the texts of whoever reads it.
    pub fn new<S: Into<Cow<'static, str>>>(say: impl Fn(&'static Texts) -> S + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |t| say(t).into()))
    }

    /// The same in every language: what only programs read, and what a file or another program said.
    pub fn as_it_is(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self(Arc::new(move |_| text.clone()))
    }

    /// In the language of these texts.
    pub fn said(&self, t: &'static Texts) -> Cow<'static, str> {
        (self.0)(t)
    }

    /// For programs, which are told everything in English.
    pub fn in_english(&self) -> String {
        self.said(&EN).into_owned()
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.said(&EN), f)
    }
}
