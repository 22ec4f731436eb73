//! Pages for people: signing in and up, their own account, the documentation.

pub mod account;
pub mod activity;
pub mod address;
pub mod api_keys;
pub mod codes;
pub mod confirm;
pub mod delete;
pub mod docs;
pub mod factor;
pub mod factors;
pub mod forgot;
pub mod home;
pub mod login;
pub mod not_me;
mod onward;
pub mod passkey;
pub mod passkeys;
pub mod password;
pub mod problem;
pub mod reset;
pub mod sessions;
pub mod setup;
pub mod signup;
pub mod verify;

use crate::texts::Sentence;
use crate::web::refuse::Refusal;

/// A place on this server to go on to after signing in. Anything else is none: no open redirect.
pub fn next_path(sent: Option<String>) -> Option<String> {
    sent.filter(|path| {
        let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        path.starts_with('/') && !path.starts_with("//") && plain
    })
}

/// What a form says about a refusal, where it is one that a form can show.
fn sentence(refusal: &Refusal) -> Option<Sentence> {
    let status = refusal.kind.status().as_u16();
    matches!(status, 401 | 429 | 503).then(|| refusal.detail.clone())
}

#[cfg(test)]
mod tests {
    use super::next_path;

    #[test]
    fn only_paths_of_this_server_are_gone_on_to() {
        for good in ["/", "/account", "/admin/users?q=a%20b&sort=-username"] {
            assert_eq!(next_path(Some(good.to_owned())).as_deref(), Some(good));
        }
        for bad in
            ["", "account", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "/\t/x"]
        {
            assert_eq!(next_path(Some(bad.to_owned())), None, "{bad:?}");
        }
    }
}
