//! Open vSwitch's own daemons, of a test's own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Namespace, finishes, record};

/// `ovsdb-server` and `ovs-vswitchd` with an empty database, in a namespace and a folder of a test's own; gone when
/// dropped.
#[derive(Debug)]
pub struct OvsDaemons {
    folder: PathBuf,
    database: Option<Child>,
    switch: Option<Child>,
    space: Namespace,
}

impl OvsDaemons {
    /// Starts both. None, and the skip recorded, where there are none, or no namespaces.
    ///
    /// # Panics
    /// If they do not start.
    pub fn start() -> Option<Self> {
        let space = Namespace::new()?;
        if !finishes(Command::new("ovs-vswitchd").arg("--version"), Duration::from_secs(10)) {
            record("Open vSwitch", "the daemons are not installed");
            return None;
        }
        if !Path::new("/dev/net/tun").exists() {
            record("Open vSwitch", "no /dev/net/tun, of which the datapath in user space makes its links");
            return None;
        }
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("netloom-ovs-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut daemons = Self { folder, database: None, switch: None, space };
        let schema = "/usr/share/openvswitch/vswitch.ovsschema";
        let made = daemons.command("ovsdb-tool").arg("create").arg(daemons.path("conf.db")).arg(schema).status();
        assert!(made.is_ok_and(|status| status.success()), "ovsdb-tool create");
        daemons.start_database();
        daemons.vsctl(&["--no-wait", "init"]);
        daemons.start_switch();
        Some(daemons)
    }

    /// Starts the database, again if it has been ended.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_database(&mut self) {
        let mut command = self.daemon("ovsdb-server");
        command.arg(self.path("conf.db")).arg(format!("--remote=punix:{}", self.socket().display()));
        self.database = Some(command.spawn().unwrap_or_else(|e| panic!("ovsdb-server: {e}")));
        let socket = self.socket();
        wait_for("the database's socket", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    }

    /// Starts the switch, again if it has been ended.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_switch(&mut self) {
        let mut command = self.daemon("ovs-vswitchd");
        command.arg(format!("unix:{}", self.socket().display()));
        // A child is in the namespace of the thread that starts it.
        let started = self.space.enter(move || command.spawn());
        self.switch = Some(started.unwrap_or_else(|e| panic!("ovs-vswitchd: {e}")));
        let control = self.path("ovs-vswitchd.ctl");
        wait_for("ovs-vswitchd", || control.exists());
    }

    /// Ends the database at once.
    pub fn kill_database(&mut self) {
        end(self.database.take());
    }

    /// Ends the switch at once.
    pub fn kill_switch(&mut self) {
        end(self.switch.take());
        let _ = fs::remove_file(self.path("ovs-vswitchd.ctl"));
    }

    /// Stops the database where it is, until [`Self::resume`].
    pub fn pause_database(&self) {
        signal(self.database.as_ref(), Signal::STOP);
    }

    /// Stops the switch where it is, until [`Self::resume`].
    pub fn pause_switch(&self) {
        signal(self.switch.as_ref(), Signal::STOP);
    }

    /// Lets both go on.
    pub fn resume(&self) {
        signal(self.database.as_ref(), Signal::CONT);
        signal(self.switch.as_ref(), Signal::CONT);
    }

    /// The namespace in which the switch works.
    pub fn space(&self) -> &Namespace {
        &self.space
    }

    /// The database's socket.
    pub fn socket(&self) -> PathBuf {
        self.path("db.sock")
    }

    /// What `ovs-vsctl` prints.
    ///
    /// # Panics
    /// If it does not succeed.
    pub fn vsctl(&self, words: &[&str]) -> String {
        let database = format!("--db=unix:{}", self.socket().display());
        printed(self.command("ovs-vsctl").args([&*database, "--timeout=60"]).args(words))
    }

    /// What `ovs-appctl` prints of the switch.
    ///
    /// # Panics
    /// If it does not succeed.
    pub fn appctl(&self, words: &[&str]) -> String {
        printed(self.command("ovs-appctl").arg("-t").arg(self.path("ovs-vswitchd.ctl")).args(words))
    }

    /// Whether the kernel has a datapath; its module is loaded if it is one.
    pub fn kernel_datapath() -> bool {
        finishes(Command::new("modprobe").arg("openvswitch"), Duration::from_secs(30))
            && Path::new("/sys/module/openvswitch").exists()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("OVS_RUNDIR", &self.folder).env("OVS_LOGDIR", &self.folder).stdin(Stdio::null());
        command
    }

    fn daemon(&self, program: &str) -> Command {
        let mut command = self.command(program);
        for (option, end) in [("unixctl", "ctl"), ("pidfile", "pid"), ("log-file", "log")] {
            command.arg(format!("--{option}={}", self.path(&format!("{program}.{end}")).display()));
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for OvsDaemons {
    fn drop(&mut self) {
        self.kill_switch();
        self.kill_database();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn printed(command: &mut Command) -> String {
    let out: Output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr).trim());
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn wait_for(what: &str, ready: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !ready() {
        assert!(Instant::now() < end, "{what} is not there after 60 s");
        sleep(Duration::from_millis(10));
    }
}

fn end(child: Option<Child>) {
    if let Some(mut child) = child {
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn signal(child: Option<&Child>, signal: Signal) {
    if let Some(child) = child {
        let _ = kill_process(Pid::from_child(child), signal);
    }
}
