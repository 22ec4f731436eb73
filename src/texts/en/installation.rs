use crate::texts::shape::{CurlTexts, Health, SettingsTexts, SigningKeys};

pub(super) const SIGNING_KEYS: SigningKeys = SigningKeys {
    title: "Signing keys",
    about: "Access tokens are signed with one of these. A new key is published before it signs, and an old one verifies until its last token has expired, so that nobody notices a change.",
    published: "Published, signs soon",
    signs: "Signs",
    verifies: "Verifies only",
    signs_from: "Signs from",
    signs_since: "Signs since",
    signed_until: "Signed until",
    verifies_until: "Verifies until",
    created: "Created",
    next: "Next new key",
    next_about: "By itself, as KEY_ROTATION_DAYS says.",
    by_hand: "Only when somebody makes one: KEY_ROTATION_DAYS is 0.",
    shared_secret: "HS256 signs with SECRET_KEY, which is never rotated. With ALGORITHM=ES256 there are keys that are.",
    rotate: "Make a new key",
    rotate_about: "Nobody is signed out by it, whichever way you choose.",
    known: "Let it sign in a minute",
    known_about: "Services have the new public key before the first token comes with it. Old tokens go on until they expire.",
    now: "Let it sign at once",
    now_about: "Services that keep the public keys for a minute refuse new tokens until they look again.",
    compromised: "The old keys may be in wrong hands",
    compromised_about: "The new key signs at once, and no token counts any more that an old one signed. Programs are refused once and get a new token by refreshing; sessions go on.",
    start: "How it begins",
    rotated: "A new signing key was made. Nobody was signed out.",
};

pub(super) const SETTINGS: SettingsTexts = SettingsTexts {
    title: "Settings",
    about: "What this server was started with. The same as “vestibule config” prints, secrets masked.",
    how: "Settings are read at start: change them in the environment or in the file .env beside the server, then restart it.",
    name: "Setting",
    value: "In force",
    meaning: "Meaning",
    set: "Set",
    default: "Default",
    unset: "Not set",
};

pub(super) const HEALTH: Health = Health {
    title: "Health",
    about: "What an operator should mend, and how.",
    all_good: "All is well",
    all_good_about: "Nothing is to be mended, and nothing asks for a look.",
    to_do: "To do",
    in_order: "In order",
    look: "Have a look",
    mend: "Mend this",
    version: "Version",
};

pub(super) const CURL: CurlTexts =
    CurlTexts { summary: "As a command", about: "Put an access token or an API key of yours into TOKEN first." };
