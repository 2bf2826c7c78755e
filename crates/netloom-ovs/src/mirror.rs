//! A copy of the database that is kept up to date by a monitor (RFC 7047 §4.1.5).

use std::{
    os::unix::net::UnixStream,
    path::PathBuf,
    time::{Duration, Instant},
};

use netloom_wire::{Error, ErrorKind, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
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

/// A moment of the database: all that was committed before it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(u64);

/// Waits for what the database tells, while others use the [`Mirror`].
///
/// ```no_run
/// use std::time::Duration;
///
/// # fn main() -> netloom_ovs::Result<()> {
/// let mut mirror = netloom_ovs::OpenVswitch::new().mirror()?;
/// let ear = mirror.ear()?;
/// while ear.listen(Duration::from_secs(10)) && mirror.poll()? {
///     println!("{} bridges", mirror.inventory().bridges().len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Ear(UnixStream);

impl Ear {
    /// Waits until something was told, or the connection has ended, at most so long. Whether it was in time.
    pub fn listen(&self, patience: Duration) -> bool {
        let end = Instant::now().checked_add(patience);
        loop {
            let left = end.map_or(patience, |end| end.saturating_duration_since(Instant::now()));
            let left = Timespec::try_from(left).ok();
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], left.as_ref()) {
                Err(rustix::io::Errno::INTR) => {}
                told => return told.is_ok_and(|told| told > 0),
            }
        }
    }
}

impl Mirror {
    /// How long what never waits may take to write a few bytes.
    const AT_ONCE: Duration = Duration::from_millis(5);

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
        if self.poll().is_err() {
            *self = Self::open(self.path.clone(), self.timeout)?;
        }
        Ok(&self.inventory)
    }

    /// Takes what the database has told, without ever waiting for it: whether something changed.
    ///
    /// # Errors
    /// If the connection has ended; what is known stays, and [`refresh`](Self::refresh) makes a new one.
    pub fn poll(&mut self) -> Result<bool> {
        let updates = self.session.poll_updates(Deadline::within(Self::AT_ONCE))?;
        if updates.is_empty() {
            return Ok(false);
        }
        updates.iter().for_each(|update| self.take(update));
        self.inventory = Inventory::from(&self.tables);
        Ok(true)
    }

    /// Asks the database which moment it is, and does not wait for the answer.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # fn main() -> netloom_ovs::Result<()> {
    /// let mut mirror = netloom_ovs::OpenVswitch::new().mirror()?;
    /// let (now, ear) = (mirror.now()?, mirror.ear()?);
    /// while !mirror.has_reached(now) && ear.listen(Duration::from_secs(1)) {
    ///     mirror.poll()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the connection has ended.
    pub fn now(&mut self) -> Result<Moment> {
        // The database tells changes before it answers what was asked after them.
        self.session.begin("echo", &json!([]), Deadline::within(Self::AT_ONCE)).map(Moment)
    }

    /// Whether all is known that had been committed at a moment.
    pub fn has_reached(&self, moment: Moment) -> bool {
        self.session.has_answered(moment.0)
    }

    /// What waits for the database.
    ///
    /// # Errors
    /// If there are no descriptors left.
    pub fn ear(&self) -> Result<Ear> {
        let stream = self.session.stream().try_clone();
        let failed = |e| Error::new(ErrorKind::Service, format!("hear Open vSwitch's database: {e}"));
        stream.map(Ear).map_err(failed)
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
