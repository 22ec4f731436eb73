//! The installation itself: its signing keys, settings and health, and the commands that do what pages do.

pub struct SigningKeys {
    pub title: &'static str,
    pub about: &'static str,
    pub published: &'static str,
    pub signs: &'static str,
    pub verifies: &'static str,
    pub signs_from: &'static str,
    pub signs_since: &'static str,
    pub signed_until: &'static str,
    pub verifies_until: &'static str,
    pub created: &'static str,
    pub next: &'static str,
    pub next_about: &'static str,
    pub by_hand: &'static str,
    pub shared_secret: &'static str,
    pub rotate: &'static str,
    pub rotate_about: &'static str,
    pub known: &'static str,
    pub known_about: &'static str,
    pub now: &'static str,
    pub now_about: &'static str,
    pub compromised: &'static str,
    pub compromised_about: &'static str,
    pub start: &'static str,
    pub rotated: &'static str,
}

pub struct SettingsTexts {
    pub title: &'static str,
    pub about: &'static str,
    pub how: &'static str,
    pub name: &'static str,
    pub value: &'static str,
    pub meaning: &'static str,
    pub set: &'static str,
    pub default: &'static str,
    pub unset: &'static str,
}

pub struct Health {
    pub title: &'static str,
    pub about: &'static str,
    pub all_good: &'static str,
    pub all_good_about: &'static str,
    pub to_do: &'static str,
    pub in_order: &'static str,
    pub look: &'static str,
    pub mend: &'static str,
    pub version: &'static str,
}

pub struct CurlTexts {
    pub summary: &'static str,
    pub about: &'static str,
}
