//! The rail beside the pages of people who are signed in: which sections there are, and which of them somebody is shown.

use crate::access::{PermissionSet, words};
use crate::texts::Texts;

/// Which entry of the rail is the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    None,
    Account,
    AdminOverview,
    AdminUsers,
    AdminSessions,
    AdminRoles,
    AdminInvitations,
    AdminOutbox,
    AdminAudit,
    AdminRefusals,
    AdminApiKeys,
    AdminKeys,
    AdminSettings,
    AdminHealth,
    Docs,
}

/// A section of the administration.
pub struct Entry {
    pub section: Section,
    pub path: &'static str,
    pub label: &'static str,
}

type Row = (Section, &'static str, &'static str, fn(&'static Texts) -> &'static str);

/// Each with the permission without which its page is refused.
const ADMINISTRATION: &[Row] = &[
    (Section::AdminOverview, "/admin", words::USERS_READ, |t| t.chrome.overview),
    (Section::AdminUsers, "/admin/users", words::USERS_READ, |t| t.chrome.users),
    (Section::AdminSessions, "/admin/sessions", words::USERS_READ, |t| t.lists.sessions.title),
    (Section::AdminRoles, "/admin/roles", words::USERS_READ, |t| t.roles.title),
    (Section::AdminInvitations, "/admin/invitations", words::USERS_WRITE, |t| t.invitations.title),
    (Section::AdminOutbox, "/admin/outbox", words::USERS_WRITE, |t| t.mail.outbox.title),
    (Section::AdminAudit, "/admin/audit", words::AUDIT_READ, |t| t.audit.title),
    (Section::AdminRefusals, "/admin/refusals", words::AUDIT_READ, |t| t.chrome.refusals),
    (Section::AdminApiKeys, "/admin/api-keys", words::USERS_READ, |t| t.api_keys.title),
    (Section::AdminKeys, "/admin/keys", words::KEYS_WRITE, |t| t.signing_keys.title),
    (Section::AdminSettings, "/admin/settings", words::SETTINGS_READ, |t| t.settings.title),
    (Section::AdminHealth, "/admin/health", words::SETTINGS_READ, |t| t.health.title),
];

/// What somebody who holds this is shown of it.
pub fn administration(held: &PermissionSet, t: &'static Texts) -> Vec<Entry> {
    let shown = ADMINISTRATION.iter().filter(|(_, _, word, _)| held.holds(word));
    shown.map(|(section, path, _, label)| Entry { section: *section, path, label: label(t) }).collect()
}
