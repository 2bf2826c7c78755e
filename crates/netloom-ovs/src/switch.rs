//! The handle.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use netloom_wire::Result;

use crate::{
    bridge::{NewBridge, SetBridge},
    change::Change,
    commit,
    inventory::{self, Inventory},
    mirror::Mirror,
    port::{NewPort, SetPort},
    session::{Deadline, Session},
};

/// The folder of its sockets, unless the variable `OVS_RUNDIR` says otherwise, as for Open vSwitch's own programs.
const FOLDER: &str = "/var/run/openvswitch";

/// As long as netloom's sockets wait for the kernel.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An Open vSwitch, by the socket of its database.
///
/// It holds no connection: each call opens one, and is over within the [`timeout`](Self::timeout), or up to 5 s later if
/// there was something to be undone.
///
/// # Errors
///
/// - [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported): there is no socket, or nobody listens at it.
/// - [`ErrorKind::Service`](crate::ErrorKind::Service): the database or `ovs-vswitchd` refused, in its own words;
///   [`is_exists`](crate::Error::is_exists) and [`is_not_found`](crate::Error::is_not_found) tell the usual reasons.
/// - [`ErrorKind::Timeout`](crate::ErrorKind::Timeout): nobody answered in time. What was changed has been undone, or
///   the error names it.
/// - [`ErrorKind::Unknown`](crate::ErrorKind::Unknown): the connection was lost between the change and the answer.
///
/// ```no_run
/// use std::time::Duration;
/// use netloom_ovs::{NewBridge, NewPort, OpenVswitch};
///
/// # fn main() -> netloom_ovs::Result<()> {
/// let ovs = OpenVswitch::at("/run/openvswitch/db.sock").timeout(Duration::from_secs(5));
/// ovs.add_bridge(NewBridge::new("br0"))?;
/// ovs.add_port("br0", NewPort::internal("vlan10").tag(10))?;
/// ovs.delete_port("vlan10")?;
/// ovs.delete_bridge("br0")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVswitch {
    path: PathBuf,
    timeout: Duration,
}

impl OpenVswitch {
    /// That of this machine: `$OVS_RUNDIR/db.sock`, or `/var/run/openvswitch/db.sock`.
    pub fn new() -> Self {
        let folder = env::var_os("OVS_RUNDIR").filter(|folder| !folder.is_empty());
        Self::at(folder.map_or_else(|| PathBuf::from(FOLDER), PathBuf::from).join("db.sock"))
    }

    /// The one whose database listens at this socket.
    pub fn at(socket: impl Into<PathBuf>) -> Self {
        Self { path: socket.into(), timeout: TIMEOUT }
    }

    /// How long a call may take; 30 s if nothing is said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The database's socket.
    pub fn socket(&self) -> &Path {
        &self.path
    }

    /// Whether there is a socket; nobody is asked.
    pub fn has_socket(&self) -> bool {
        self.path.exists()
    }

    /// The network namespace in which `ovs-vswitchd` works, as the file that stands for it (`/proc/PID/ns/net`), by the
    /// process that its file `ovs-vswitchd.pid` beside the socket names; None if there is no such file or process.
    ///
    /// ```no_run
    /// let here = netloom_ovs::OpenVswitch::new().network_namespace();
    /// ```
    pub fn network_namespace(&self) -> Option<PathBuf> {
        let process = fs::read_to_string(self.path.with_file_name("ovs-vswitchd.pid")).ok()?;
        let process: u32 = process.trim().parse().ok()?;
        Some(PathBuf::from(format!("/proc/{process}/ns/net"))).filter(|path| path.exists())
    }

    /// What there is.
    pub fn list(&self) -> Result<Inventory> {
        let deadline = Deadline::within(self.timeout);
        let listed = Session::open(&self.path, deadline)
            .and_then(|mut session| commit::select(&mut session, inventory::questions().collect(), deadline));
        let answers = listed.map_err(|error| error.about("list bridges of Open vSwitch"))?;
        Ok(Inventory::from(&inventory::read(&answers)))
    }

    /// What there is, followed.
    pub fn mirror(&self) -> Result<Mirror> {
        let opened = Mirror::open(self.path.clone(), self.timeout);
        opened.map_err(|error| error.about("follow Open vSwitch"))
    }

    /// Carries out a change of any number of steps, wholly or not at all.
    pub fn apply(&self, change: &Change) -> Result<()> {
        commit::apply(&self.path, self.timeout, change)
    }

    /// [`Change::add_bridge`] alone.
    pub fn add_bridge(&self, bridge: NewBridge) -> Result<()> {
        self.apply(&Change::new().add_bridge(bridge))
    }

    /// [`Change::delete_bridge`] alone.
    pub fn delete_bridge(&self, bridge: &str) -> Result<()> {
        self.apply(&Change::new().delete_bridge(bridge))
    }

    /// [`Change::set_bridge`] alone.
    pub fn set_bridge(&self, bridge: SetBridge) -> Result<()> {
        self.apply(&Change::new().set_bridge(bridge))
    }

    /// [`Change::add_port`] alone.
    pub fn add_port(&self, bridge: &str, port: NewPort) -> Result<()> {
        self.apply(&Change::new().add_port(bridge, port))
    }

    /// [`Change::delete_port`] alone.
    pub fn delete_port(&self, port: &str) -> Result<()> {
        self.apply(&Change::new().delete_port(port))
    }

    /// [`Change::move_port`] alone.
    pub fn move_port(&self, port: &str, bridge: &str) -> Result<()> {
        self.apply(&Change::new().move_port(port, bridge))
    }

    /// [`Change::set_port`] alone.
    pub fn set_port(&self, port: SetPort) -> Result<()> {
        self.apply(&Change::new().set_port(port))
    }
}

impl Default for OpenVswitch {
    fn default() -> Self {
        Self::new()
    }
}
