//! What only a transaction can do: hold rows until it ends, and tell others once it is committed.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl, sql_query};

use super::Fault;
use super::conn::{Conn, ConnKind};

/// A connection inside a transaction: what every writing function takes.
pub struct Tx<'a>(&'a mut Conn);

impl<'a> Tx<'a> {
    pub(super) fn on(conn: &'a mut Conn) -> Self {
        Self(conn)
    }
}

impl Tx<'_> {
    /// Holds a row until this transaction ends, so that two that decide by it come one after the other. On SQLite the
    /// transaction holds the whole database already.
    pub(crate) fn lock_row(&mut self, table: &'static str, id: &str) -> Result<(), Fault> {
        if let ConnKind::Postgres(c) = self.kind() {
            let query = format!("SELECT 1 FROM {table} WHERE id = $1 FOR NO KEY UPDATE");
            sql_query(query).bind::<Text, _>(id).execute(c)?;
        }
        Ok(())
    }

    /// Keeps a row from being deleted until this transaction ends; `false` where it is gone. Others may hold it too.
    pub(crate) fn keep_row(&mut self, table: &'static str, id: &str) -> Result<bool, Fault> {
        let rows = match self.kind() {
            ConnKind::Postgres(c) => {
                let query = format!("SELECT 1 FROM {table} WHERE id = $1 FOR KEY SHARE");
                sql_query(query).bind::<Text, _>(id).execute(c)?
            }
            // Nobody else writes meanwhile.
            ConnKind::Sqlite(_) => 1,
        };
        Ok(rows > 0)
    }

    /// Runs a part of a change that may fail alone: what it did is undone, and the rest goes on.
    ///
    /// # Errors
    /// What the part returns, or a fault where it could not be undone.
    pub(crate) fn alone<T, E: From<Fault>>(&mut self, part: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        self.run("SAVEPOINT part")?;
        let result = part(self);
        if result.is_ok() {
            self.run("RELEASE part")?;
        } else if let Err(fault) = self.run("ROLLBACK TO part").and_then(|()| self.run("RELEASE part")) {
            self.give_up();
            return Err(fault.into());
        }
        result
    }

    /// Runs a part of a change and undoes it, whatever it came to: to find out what would become of something.
    ///
    /// # Errors
    /// What the part returns, or a fault where it could not be undone.
    pub(crate) fn undone<T, E: From<Fault>>(&mut self, part: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        self.run("SAVEPOINT tried")?;
        let result = part(self);
        if let Err(fault) = self.run("ROLLBACK TO tried").and_then(|()| self.run("RELEASE tried")) {
            self.give_up();
            return Err(fault.into());
        }
        result
    }

    /// Writes something that changes nothing.
    pub(super) fn write_on_trial(&mut self) -> Result<(), Fault> {
        match self.kind() {
            // A number of the file's first page that we give no meaning; it is written even where it stays the same.
            ConnKind::Sqlite(c) => c.batch_execute("PRAGMA user_version = 0")?,
            // A server that only follows another has no number to give.
            ConnKind::Postgres(c) => c.batch_execute("SELECT txid_current()")?,
        }
        Ok(())
    }

    /// Wakes whoever waits for [`super::Changes`] in another process, once this is committed. On SQLite they look by
    /// themselves.
    pub(crate) fn announce(&mut self) -> Result<(), Fault> {
        if let ConnKind::Postgres(c) = self.kind() {
            c.batch_execute(&format!("NOTIFY {}", super::changes::CHANNEL))?;
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.0
    }
}

impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.0
    }
}
