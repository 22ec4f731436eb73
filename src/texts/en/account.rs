use crate::texts::shape::*;

pub(super) const ACCOUNT: Account = Account {
    title: "Your account",
    about: "Who you are here, and where you are signed in.",
    you: "About you",
    you_about: "What apps that you sign in to can know.",
    username: "Username",
    email: "Email",
    verified: "Verified",
    unverified: "Not verified",
    roles: "Roles",
    no_roles: "None",
    since: "Member since",
    name: "Display name",
    name_about: "Shown instead of your username.",
};

pub(super) const SESSIONS: Sessions = Sessions {
    title: "Where you are signed in",
    about: "Something you don’t recognise? End it: that device is signed out at once.",
    manage: "See all sessions",
    only_here: "You are signed in here and nowhere else.",
    elsewhere_one: "You are signed in here and in one other place.",
    elsewhere_many: "You are signed in here and in {} other places.",
    here: "This device",
    living: "Sessions",
    no_more: "No more sessions.",
    started: "Signed in",
    last_used: "Last used",
    end_one: "End the session {}",
    end_others: "Sign out everywhere else",
    end_others_about: "Ends every session but this one.",
    reused_one: "A session was ended because one of its tokens was used twice",
    reused_many: "Sessions were ended because one of their tokens was used twice",
    reused_mend: "Somebody may have a copy. If that wasn’t you or a program of yours, change your password.",
    over: "Ended lately",
    over_about: "The newest of the last 30 days.",
    signed_out: "Signed out",
    ended_by_you: "Ended by you",
    ended_by_admin: "Ended by an administrator",
    ended_by_app: "Ended by an app",
    account_disabled: "Account disabled",
    password_set: "Password changed",
    token_reused: "A token was used twice",
    idle: "Not used for too long",
    aged: "Signed in too long ago",
    ended_somehow: "Ended",
    unknown_device: "Unknown device",
    device: "{} on {system}",
};

pub(super) const FACTORS: Factors = Factors {
    title: "Second factors",
    about: "What is asked for beside your password, so that a stolen password is not enough.",
    manage: "Manage second factors",
    on: "On",
    off: "Off",
    none: "Your password alone opens your account.",
    some: "A second factor is asked for at every sign-in.",
    required: "This installation asks you for a second factor.",
    app: "Authenticator app",
    app_about: "An app on your phone shows a new six-digit code every half minute.",
    since: "Set up",
    set_up: "Set up an app",
    remove: "Remove the app",
    remove_title: "Remove the authenticator app?",
    remove_about: "From then on your password alone opens your account, and your recovery codes are worth nothing any more.",
    codes: "Recovery codes",
    codes_about: "For the day the phone is gone: each code works once.",
    codes_none: "There are none: they come with the first second factor.",
    codes_unkept: "You have not said yet that you have kept them. If you have not, make new ones.",
    codes_new: "Make new codes",
    codes_left_one: "1 of 10 is left.",
    codes_left: "{} of 10 are left.",
};

pub(super) const PASSWORD: PasswordTexts = PasswordTexts {
    title: "Change password",
    about: "Every other session of yours ends, so that whoever knew the old one is out.",
    heading: "Password",
    heading_about: "Only you know it; it is stored as a hash that can't be read back.",
    current: "Current password",
    new: "New password",
    change: "Change password",
};

pub(super) const ACTIVITY: Activity = Activity {
    title: "Recent activity",
    about: "What happened to your account, and from where. If something was not you, change your password and end your other sessions.",
    show: "Show activity",
    none: "Nothing has happened yet.",
};

pub(super) const DATA: Data = Data {
    title: "Your data",
    about: "All that is known of you here, as a JSON file: your account, sessions, second factors and activity.",
    download: "Download my data",
};

pub(super) const DELETE: Delete = Delete {
    title: "Delete your account?",
    about: "Your account, your sessions and your second factors are gone for good, and apps that you use with it no longer know you. What the log says of you stays.",
    take_along: "You may want to take your data along first.",
    download: "Download my data",
    type_name: "To confirm, type your username:",
    not_the_name: "That is not the username of this account.",
    delete: "Delete my account",
    heading: "Delete account",
    heading_about: "You can leave at any time.",
};
