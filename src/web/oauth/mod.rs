//! The OAuth endpoints: requests read into the capability's types, its answers written as the RFCs have them.

pub mod introspection;
pub mod passkey;
pub mod token;
pub mod wellknown;
