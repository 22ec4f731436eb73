//! Who wants a page and who wants JSON (RFC 9110 section 12.5.1).

use actix_web::guard::GuardContext;
use actix_web::http::header::{ACCEPT, HeaderMap, HeaderValue};

/// A route guard: the request prefers `text/html`.
pub fn is_browser(context: &GuardContext<'_>) -> bool {
    prefers_html(&context.head().headers)
}

/// Whether the request prefers `text/html`.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    names_html_first(headers.get_all(ACCEPT))
}

/// Whether `text/html` is named, and wanted more than anything that means JSON. `*/*` alone is a program's.
pub fn names_html_first<'a>(accept: impl Iterator<Item = &'a HeaderValue>) -> bool {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    for part in accept.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        let mut pieces = part.split(';').map(str::trim);
        let kind = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" | "text/*" => html = html.max(weight),
            "application/json" | "application/problem+json" | "application/*" => json = json.max(weight),
            _ => {}
        }
    }
    html > json
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn prefers(accept: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        prefers_html(&headers)
    }

    #[test]
    fn browsers_prefer_html_and_programs_do_not() {
        assert!(prefers("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(prefers("text/html") && prefers("text/*"));
        for program in [
            "*/*",
            "application/json",
            "",
            "application/json, text/html;q=0.5",
            "application/json, text/html",
            "text/html;q=0",
        ] {
            assert!(!prefers(program), "{program}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
    }
}
