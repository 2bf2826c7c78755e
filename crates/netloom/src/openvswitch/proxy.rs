//! The proxy: which Open vSwitch it is, and whether it is here.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use netloom_ovs::{Inventory, Mirror, OpenVswitch};
use netloom_socket::{
    Beside, Namespace,
    hooks::{Incoming, Outgoing, ReceiveVerdict, Verdict},
};
use netloom_wire::Result;

use super::{order, question, show};

/// What the proxy of one socket knows.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(super) beside: Beside,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The one that was named; else it is the machine's.
    named: Option<OpenVswitch>,
    /// What links are shown by; opened when a link is to be shown and there is a database.
    mirror: Option<Mirror>,
    /// Not to be tried before.
    again: Option<Instant>,
    /// Something was ordered that the mirror may not have been told yet.
    behind: bool,
}

/// How long a database may take that is asked while links are shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// For how long a database that is not there is not looked for: a look is a system call, and a dump has many links.
const ABSENT: Duration = Duration::from_millis(20);
/// For how long one that did not answer in time is not asked.
const SILENT: Duration = Duration::from_secs(10);

/// Puts the proxy into the way of links.
macro_rules! install {
    ($socket:expr) => {{
        let proxy = $crate::openvswitch::Proxy::new($socket.beside());
        for command in $crate::openvswitch::Proxy::ORDERS {
            let proxy = ::std::sync::Arc::clone(&proxy);
            let _stays = $socket.on_send_slow("Open vSwitch", command, move |message| proxy.send(message));
        }
        let asked = ::std::sync::Arc::clone(&proxy);
        let command = $crate::openvswitch::Proxy::ASKED;
        let _stays = $socket.on_send("Open vSwitch", command, move |message| asked.ask(message));
        let shown = ::std::sync::Arc::clone(&proxy);
        let command = $crate::openvswitch::Proxy::SHOWN;
        let _stays = $socket.on_receive("Open vSwitch", command, move |message| shown.receive(message));
        proxy
    }};
}
pub(crate) use install;

impl Proxy {
    /// `RTM_NEWLINK`, `RTM_DELLINK`, `RTM_SETLINK`.
    pub(crate) const ORDERS: [u16; 3] = [Self::SHOWN, order::DELLINK, 19];
    /// `RTM_NEWLINK`.
    pub(crate) const SHOWN: u16 = 16;

    /// `RTM_GETLINK`.
    pub(crate) const ASKED: u16 = question::COMMAND;

    pub(crate) fn new(beside: Beside) -> Arc<Self> {
        let state = State { named: None, mirror: None, again: None, behind: false };
        Arc::new(Self { beside, state: Mutex::new(state) })
    }

    pub(crate) fn set(&self, open_vswitch: OpenVswitch) {
        *self.state() = State { named: Some(open_vswitch), mirror: None, again: None, behind: false };
    }

    pub(super) fn open_vswitch(&self) -> OpenVswitch {
        self.state().open_vswitch()
    }

    /// Whether `ovs-vswitchd` works in the namespace of the socket; so it is taken to be if that cannot be told.
    pub(super) fn is_here(&self, open_vswitch: &OpenVswitch) -> Result<bool> {
        let theirs = open_vswitch.network_namespace().and_then(|path| Namespace::path(path).ok());
        match theirs {
            Some(theirs) => Ok(theirs.is_same(&self.beside.namespace()?)),
            None => Ok(true),
        }
    }

    /// What is to become of an order.
    pub(crate) fn send(&self, message: &Outgoing<'_>) -> Option<Verdict> {
        let verdict = order::decide(self, message).unwrap_or_else(|error| Some(Verdict::Error(error)));
        if verdict.is_some() {
            // A database that was not there a moment ago may be there now.
            let mut state = self.state();
            state.again = None;
            *absent_until() = None;
            state.behind = true;
        }
        verdict
    }

    /// What is to become of a question.
    pub(crate) fn ask(&self, message: &Outgoing<'_>) -> Option<Verdict> {
        if !question::is_filtered(message) {
            return None;
        }
        question::widened(self.state().inventory(self)?, message)
    }

    /// How a link shows.
    pub(crate) fn receive(&self, message: &Incoming<'_>) -> Option<ReceiveVerdict> {
        let mut state = self.state();
        let inventory = state.inventory(self)?;
        show::rewritten(&self.beside, inventory, message).map(ReceiveVerdict::Rewrite)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic leaves in there is no worse than what a lost connection does.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until when the machine's database is taken to be absent, by all sockets of the process: many are opened for one question.
fn absent_until() -> MutexGuard<'static, Option<Instant>> {
    static UNTIL: Mutex<Option<Instant>> = Mutex::new(None);
    UNTIL.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn open_vswitch(&self) -> OpenVswitch {
        self.named.clone().unwrap_or_default()
    }

    /// What there is now; None where there is nobody to ask.
    fn inventory(&mut self, proxy: &Proxy) -> Option<&Inventory> {
        if self.mirror.is_none() {
            if self.again.is_some_and(|again| Instant::now() < again) {
                return None;
            }
            let now = Instant::now();
            if self.named.is_none() && absent_until().is_some_and(|again| now < again) {
                return None;
            }
            self.again = now.checked_add(ABSENT);
            let open_vswitch = self.open_vswitch();
            if !open_vswitch.has_socket() {
                if self.named.is_none() {
                    *absent_until() = self.again;
                }
                return None;
            }
            if !proxy.is_here(&open_vswitch).unwrap_or(false) {
                return None;
            }
            match open_vswitch.timeout(PATIENCE).mirror() {
                Ok(mirror) => self.mirror = Some(mirror),
                Err(error) => {
                    self.wait_after(&error);
                    return None;
                }
            }
        }
        let mirror = self.mirror.as_mut()?;
        let behind = std::mem::take(&mut self.behind);
        let lost = if behind { mirror.synchronize().err() } else { mirror.refresh().err() };
        if let Some(error) = lost {
            self.mirror = None;
            self.wait_after(&error);
        }
        self.mirror.as_ref().map(Mirror::inventory)
    }

    fn wait_after(&mut self, error: &netloom_wire::Error) {
        self.again = Instant::now().checked_add(if error.is_timeout() { SILENT } else { ABSENT });
    }
}
