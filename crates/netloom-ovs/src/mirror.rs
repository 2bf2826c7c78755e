//! A copy of the database that is kept up to date by a monitor (RFC 7047 §4.1.5).

use std::{path::PathBuf, time::Duration};

use netloom_wire::Result;
use serde_json::{Map, Value, json};

use crate::{
    commit::DATABASE,
    inventory::{Inventory, TABLES, Tables},
    notation::Row,
    session::{Deadline, Session},
};

/// What there is, followed: the database tells its changes, so that looking again costs next to nothing.
///
/// [`refresh`](Self::refresh) never waits for the database, but for the first time and where the connection has ended
/// (the database ends those that are not looked at for 10 s).
///
/// ```no_run
/// use netloom_ovs::OpenVswitch;
///
/// # fn main() -> netloom_ovs::Result<()> {
/// let mut mirror = OpenVswitch::new().mirror()?;
/// loop {
///     println!("{} bridges", mirror.refresh()?.bridges().len());
///     std::thread::sleep(std::time::Duration::from_secs(1));
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Mirror {
    path: PathBuf,
    timeout: Duration,
    session: Session,
    tables: Tables,
    inventory: Inventory,
}

impl Mirror {
    pub(crate) fn open(path: PathBuf, timeout: Duration) -> Result<Self> {
        let deadline = Deadline::within(timeout);
        let mut session = Session::open(&path, deadline)?;
        let tables: Map<String, Value> =
            TABLES.iter().map(|(table, columns)| ((*table).to_owned(), json!({"columns": columns}))).collect();
        let all = session.ask("monitor", &json!([DATABASE, "netloom", tables]), deadline);
        let mut mirror = Self { path, timeout, session, tables: Tables::default(), inventory: Inventory::default() };
        mirror.take(&all.map_err(|failure| failure.into_error())?);
        mirror.inventory = Inventory::from(&mirror.tables);
        Ok(mirror)
    }

    /// What there was when it was looked at last.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// What there is now.
    pub fn refresh(&mut self) -> Result<&Inventory> {
        match self.session.poll_updates(Deadline::within(self.timeout)) {
            Ok(updates) if updates.is_empty() => {}
            Ok(updates) => {
                updates.iter().for_each(|update| self.take(update));
                self.inventory = Inventory::from(&self.tables);
            }
            Err(_) => *self = Self::open(self.path.clone(), self.timeout)?,
        }
        Ok(&self.inventory)
    }

    /// The same, and certainly with all that was committed before: it waits for an answer of the database.
    pub fn synchronize(&mut self) -> Result<&Inventory> {
        // The database tells changes before it answers what was asked after them.
        let answered = self.session.ask("echo", &json!([]), Deadline::within(self.timeout));
        match answered {
            Err(failure) if failure.is_timeout() => Err(failure.into_error().about("follow Open vSwitch")),
            // A connection that has ended is made again.
            _ => self.refresh(),
        }
    }

    /// Takes over what rows have become; a row without `new` is gone.
    fn take(&mut self, updates: &Value) {
        for ((table, _), rows) in TABLES.iter().zip(&mut self.tables) {
            let changed = updates.get(table).and_then(Value::as_object);
            for (uuid, change) in changed.into_iter().flatten() {
                match change.get("new").and_then(Row::new) {
                    Some(row) => {
                        rows.insert(uuid.clone(), row);
                    }
                    None => {
                        rows.remove(uuid);
                    }
                }
            }
        }
    }
}
