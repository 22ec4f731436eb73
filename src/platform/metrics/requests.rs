//! Requests by route, method and status. A route is found once, when it is mounted; from then on a request adds to numbers
//! that are there already. The labels are the program's own words, so nobody outside can make up new ones.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::Histogram;

/// What stands for anything else.
const OTHER: &str = "other";
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", OTHER];
const STATUSES: [(u16, &str); 25] = [
    (200, "200"),
    (201, "201"),
    (202, "202"),
    (204, "204"),
    (206, "206"),
    (302, "302"),
    (303, "303"),
    (304, "304"),
    (307, "307"),
    (400, "400"),
    (401, "401"),
    (403, "403"),
    (404, "404"),
    (405, "405"),
    (406, "406"),
    (408, "408"),
    (409, "409"),
    (410, "410"),
    (412, "412"),
    (413, "413"),
    (415, "415"),
    (422, "422"),
    (429, "429"),
    (500, "500"),
    (503, "503"),
];

/// Every route that was mounted.
pub struct Requests {
    routes: Mutex<BTreeMap<&'static str, Arc<Route>>>,
    nowhere: Arc<Route>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { routes: Mutex::default(), nowhere: Arc::new(Route::new("(none)")) }
    }
}

impl Requests {
    /// The route of this pattern, from now on known.
    pub fn route(&self, pattern: &'static str) -> Arc<Route> {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(pattern).or_insert_with(|| Arc::new(Route::new(pattern))))
    }

    /// The route of this pattern, where there is one.
    pub fn find(&self, pattern: &str) -> Option<Arc<Route>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned()
    }

    /// Where requests are counted that no route takes.
    pub fn nowhere(&self) -> Arc<Route> {
        Arc::clone(&self.nowhere)
    }

    /// All that were asked for, in the order of their patterns.
    pub fn all(&self) -> Vec<Arc<Route>> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(&self.nowhere).chain(routes.values()).cloned().collect()
    }
}

/// One route.
pub struct Route {
    pattern: &'static str,
    methods: [OnceLock<Box<Answers>>; METHODS.len()],
}

/// What was answered to one method of it.
#[derive(Default)]
pub struct Answers {
    statuses: [AtomicU64; STATUSES.len()],
    other: AtomicU64,
    pub times: Histogram,
}

impl Route {
    fn new(pattern: &'static str) -> Self {
        Self { pattern, methods: Default::default() }
    }

    /// As the URL map has it.
    pub fn pattern(&self) -> &'static str {
        self.pattern
    }

    pub fn answered(&self, method: &str, status: u16, took: Duration) {
        let method = METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len() - 1);
        let answers = self.methods[method].get_or_init(Box::default);
        let known = STATUSES.binary_search_by_key(&status, |(known, _)| *known);
        known.map_or(&answers.other, |status| &answers.statuses[status]).fetch_add(1, Ordering::Relaxed);
        answers.times.took(took);
    }

    /// Each method that was asked for.
    pub fn methods(&self) -> impl Iterator<Item = (&'static str, &Answers)> {
        METHODS.iter().zip(&self.methods).filter_map(|(name, answers)| Some((*name, &**answers.get()?)))
    }
}

impl Answers {
    /// How often each status was answered, where it was at all.
    pub fn statuses(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let known = STATUSES.iter().zip(&self.statuses).map(|((_, name), count)| (*name, count));
        let all = known.chain([(OTHER, &self.other)]).map(|(name, count)| (name, count.load(Ordering::Relaxed)));
        all.filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_foresaw_is_counted_without_a_label_of_its_own() {
        let requests = Requests::default();
        let route = requests.route("/a/{id}");
        for (method, status) in [("GET", 200), ("GET", 200), ("GET", 418), ("BREW", 405)] {
            route.answered(method, status, Duration::ZERO);
        }
        let route = requests.find("/a/{id}").expect("the route");
        let told: Vec<_> = route.methods().map(|(method, all)| (method, all.statuses().collect::<Vec<_>>())).collect();
        assert_eq!(told, [("GET", vec![("200", 2), ("other", 1)]), ("other", vec![("405", 1)])]);
    }

    #[test]
    fn statuses_are_in_order_and_called_what_they_are() {
        assert!(STATUSES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(STATUSES.iter().all(|(status, name)| status.to_string() == *name));
    }
}
