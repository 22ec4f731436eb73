mod account;
mod admin;
mod api_keys;
mod door;
mod frame;
mod installation;
mod mail;
mod passkeys;

use super::Texts;

pub static DE: Texts = Texts {
    words: frame::WORDS,
    chrome: frame::CHROME,
    fields: frame::FIELDS,
    login: door::LOGIN,
    signup: door::SIGNUP,
    setup: door::SETUP,
    account: account::ACCOUNT,
    sessions: account::SESSIONS,
    error: frame::ERROR,
    overview: admin::OVERVIEW,
    users: admin::USERS,
    user: admin::USER,
    refusals: admin::REFUSALS,
    docs: frame::DOCS,
    factor: door::FACTOR,
    codes: door::CODES,
    factors: account::FACTORS,
    confirm: door::CONFIRM,
    password: account::PASSWORD,
    activity: account::ACTIVITY,
    data: account::DATA,
    delete: account::DELETE,
    bypass: admin::BYPASS,
    notices: frame::NOTICES,
    ago: frame::AGO,
    mail: mail::MAIL,
    passkeys: passkeys::PASSKEYS,
    strength: door::STRENGTH,
    api_keys: api_keys::API_KEYS,
    signing_keys: installation::SIGNING_KEYS,
    settings: installation::SETTINGS,
    health: installation::HEALTH,
    curl: installation::CURL,
};
