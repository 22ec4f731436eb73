//! Which roles may be given, each looked at once for all rows that are taken together.

use std::collections::HashMap;

use super::NewRoles;
use crate::access::{PermissionSet, words};
use crate::accounts::{self, Gift, Refusal, RoleName};
use crate::audit::Event;
use crate::platform::db::{Fault, Tx};
use crate::platform::time::UnixTime;
use crate::transfer::record::cut;

/// What the caller holds, and what they were found to be allowed to give.
pub(super) struct Gifts {
    held: PermissionSet,
    new_roles: NewRoles,
    known: HashMap<String, Known>,
    /// Roles that were made on the way.
    pub events: Vec<Event>,
}

#[derive(Clone)]
enum Known {
    Given(Gift),
    /// It allows what the caller does not hold.
    Above,
    Missing,
}

impl Gifts {
    pub fn new(held: PermissionSet, new_roles: NewRoles) -> Self {
        Self { held, new_roles, known: HashMap::new(), events: Vec::new() }
    }

    /// Why the caller may not give these, of those that are there. What is no name of a role never reaches a statement: a text
    /// with a NUL, for one, would fail all that share its transaction.
    pub fn refuse(&mut self, tx: &mut Tx, roles: &[String]) -> Result<Option<String>, Fault> {
        if let Some(role) = roles.iter().find(|role| RoleName::parse(role).is_err()) {
            return Ok(Some(no_role(role)));
        }
        if accounts::may_give(&self.held, roles).is_err() {
            return Ok(Some(format!(
                "giving roles ({}) needs the permission {}, and for good",
                roles.join(", "),
                words::ROLES_WRITE
            )));
        }
        for role in roles {
            if matches!(self.look(tx, role)?, Known::Above) {
                return Ok(Some(format!(
                    "you do not hold all that these roles allow, or not for good: {}",
                    roles.join(", ")
                )));
            }
        }
        Ok(None)
    }

    /// The roles for somebody who comes, made where they are missing and that is wished; else why they can't be had.
    pub fn of(&mut self, tx: &mut Tx, roles: &[String], now: UnixTime) -> Result<Result<Vec<Gift>, String>, Fault> {
        let mut given = Vec::with_capacity(roles.len());
        for role in roles {
            match self.there(tx, role, now)? {
                Known::Given(gift) => given.push(gift),
                Known::Above => {
                    return Ok(Err(format!("you do not hold all that this role allows, or not for good: {role}")));
                }
                Known::Missing => return Ok(Err(no_role(role))),
            }
        }
        Ok(Ok(given))
    }

    fn there(&mut self, tx: &mut Tx, role: &str, now: UnixTime) -> Result<Known, Fault> {
        let known = self.look(tx, role)?;
        let Known::Missing = known else { return Ok(known) };
        let NewRoles::Create = self.new_roles else { return Ok(known) };
        let Ok(name) = RoleName::parse(role) else { return Ok(known) };
        self.events.extend(accounts::make_role(tx, &name, now)?);
        // Where somebody else has made it at the same moment, it is held against what the caller may give like any other.
        self.known.remove(role);
        self.look(tx, role)
    }

    fn look(&mut self, tx: &mut Tx, role: &str) -> Result<Known, Fault> {
        if let Some(known) = self.known.get(role) {
            return Ok(known.clone());
        }
        let known = match accounts::gift(tx, &self.held, role) {
            Ok(gift) => Known::Given(gift),
            Err(Refusal::UnknownRole(_)) => Known::Missing,
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_) => Known::Above,
        };
        self.known.insert(role.to_owned(), known.clone());
        Ok(known)
    }
}

fn no_role(name: &str) -> String {
    format!("there is no role called {:?}", cut(name))
}
