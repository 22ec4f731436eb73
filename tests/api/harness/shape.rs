//! What all answers have in common (contract, section 3). Each test's every answer passes through here.

use super::answer::Answer;

/// Words by which an answer would tell what it is made of.
const INNARDS: [&str; 14] = [
    "diesel",
    "sqlite",
    "postgres",
    "tokio",
    "actix",
    "panicked",
    "stack backtrace",
    "SELECT ",
    "INSERT ",
    "UNIQUE constraint",
    "src/",
    "Option<",
    "serde",
    "Fault",
];

pub fn hold(answer: &Answer) {
    headers(answer);
    if answer.status >= 400 {
        innards(answer);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "errors are not kept");
        if matches!(answer.status, 429 | 503) {
            assert!(answer.header("retry-after").is_some_and(|value| value.parse::<u32>().is_ok()), "{answer:?}");
        }
        if !answer.is_page() && !answer.body.is_empty() {
            problem(answer);
        }
    }
}

fn headers(answer: &Answer) {
    let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    assert!(header("x-request-id").len() >= 16);
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    assert!(!header("referrer-policy").is_empty());
    let policy = header("content-security-policy");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    // A proxy before it says its own name.
    assert!(
        answer.header("server").is_none_or(|server| server.starts_with("nginx/"))
            && answer.header("x-powered-by").is_none()
    );
}

fn innards(answer: &Answer) {
    let text = answer.text();
    let told: Vec<&&str> = INNARDS.iter().filter(|word| text.contains(**word)).collect();
    assert!(told.is_empty(), "{told:?} in {text}");
}

/// RFC 9457, and OAuth's words beside it where an endpoint speaks OAuth.
fn problem(answer: &Answer) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {body}"));
    assert!(text("type").starts_with("/errors/"));
    assert!(!text("title").is_empty() && !text("detail").is_empty());
    assert_eq!(body["status"], answer.status);
    assert_eq!(Some(text("request_id")), answer.header("x-request-id"));
    let media_type = answer.header("content-type");
    if body["error"].is_null() {
        assert_eq!(media_type, Some("application/problem+json"));
    } else {
        assert_eq!(media_type, Some("application/json"));
        assert_eq!(text("error_description"), text("detail"));
    }
    if answer.status == 422 && body["error"].is_null() {
        let errors = body["errors"].as_array().expect("422 names what is wrong");
        assert!(!errors.is_empty());
        assert!(
            errors.iter().all(|e| e["pointer"].as_str().is_some_and(|p| p.starts_with('/')) && e["detail"].is_string())
        );
    }
    if answer.status == 401 {
        assert!(answer.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{answer:?}");
    }
    assert!(answer.varies_by_accept(), "an error has two faces: {answer:?}");
}
