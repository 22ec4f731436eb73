//! What the meter beside a new password says, in each language.

pub struct Strength {
    pub short: &'static str,
    pub own: &'static str,
    pub easy: &'static str,
    pub fair: &'static str,
    pub good: &'static str,
}

pub(super) const EN: Strength = Strength {
    short: "Still too short.",
    own: "It can't contain your name, username or address.",
    easy: "Probably too easy to guess.",
    fair: "This may do. It is held against common passwords when you send it.",
    good: "Hard to guess.",
};

pub(super) const DE: Strength = Strength {
    short: "Noch zu kurz.",
    own: "Ihr Name, Ihr Benutzername und Ihre Adresse dürfen nicht darin vorkommen.",
    easy: "Wahrscheinlich zu leicht zu erraten.",
    fair: "Das könnte reichen. Beim Absenden wird es mit häufigen Passwörtern verglichen.",
    good: "Schwer zu erraten.",
};
