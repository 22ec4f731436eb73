use crate::texts::shape::*;

pub(super) const LOGIN: Login = Login { no_account: "No account yet?" };

pub(super) const SIGNUP: Signup = Signup {
    title: "Create your account",
    email_help: "You can sign in with it as well. It is shown to administrators and to the apps that you use.",
    have_account: "Already have an account?",
    closed_title: "Sign-up is closed",
    closed_about: "New accounts are made by an administrator here, so that only the right people come in.",
    closed_mend: "Ask the person who sent you here, or whoever runs this service for your team, to create an account for you.",
};

pub(super) const SETUP: Setup = Setup {
    title: "Make the first administrator",
    about: "This is a fresh installation. The account you create now can do everything, so choose its password with care.",
    email_help: "You can sign in with it as well.",
    create: "Create administrator",
    expired_title: "This link no longer works",
    expired_about: "It was used already, it is not complete, or an administrator exists by now.",
    expired_mend: "As long as there is no administrator, every restart of the server prints the link. Restart it and open what it shows.",
    expired_have: "Already have an administrator account?",
};

pub(super) const FACTOR: Factor = Factor {
    title: "Second factor",
    about: "Open your authenticator app and type the code that it shows for this site.",
    code: "Code",
    code_help: "Six digits, or one of your recovery codes.",
    go_on: "Go on",
    lost: "Phone lost and no recovery code left? An administrator can let you in once.",
    start_again: "Start again",
    over: "That took too long, or too many codes were wrong. Please sign in again.",
    enrol_title: "Set up a second factor",
    enrol_about: "This installation asks for a second factor beside the password. You need an authenticator app on your phone; any will do.",
    begin: "Set up",
    scan: "Scan this with the app:",
    scan_alt: "QR code for an authenticator app; the secret stands below as text.",
    type_instead: "Or type this into it:",
    first_code: "Code that the app shows now",
    first_code_help: "Six digits. With it you show that the app has it.",
    try_again: "Type the code that the app shows now. If it is refused again, set the clock of the phone to automatic, or start again with a new QR code.",
    confirm: "Confirm",
};

pub(super) const CODES: Codes = Codes {
    title: "Your recovery codes",
    about: "Each of them stands for your second factor once, on the day your phone is gone. They are shown this one time: print them, or put them into your password manager.",
    kept: "I have kept these codes in a safe place",
    go_on: "Go on",
};

pub(super) const CONFIRM: Confirm = Confirm {
    title: "Confirm that it is you",
    about: "What comes next is important for your account, and you have been signed in for a while.",
    go_on: "Confirm",
};

pub(super) const STRENGTH: Strength = Strength {
    short: "Still too short.",
    own: "It can't contain your name, username or address.",
    easy: "Probably too easy to guess.",
    fair: "This may do. It is held against common passwords when you send it.",
    good: "Hard to guess.",
};
