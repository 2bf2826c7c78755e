//! The proxy: which Open vSwitch it is, whether it is here, and what becomes of messages.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicBool, Ordering},
};

use netloom_ovs::OpenVswitch;
use netloom_route::{Rtnetlink, group};
use netloom_socket::{
    Beside, Namespace,
    hooks::{Incoming, Kit, Outgoing, ReceiveVerdict, Verdict},
};
use netloom_wire::Result;

use super::{follower, known::State, order, question, show};
use crate::proxies::Carrier;

/// What the proxy of one socket knows.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(super) beside: Beside,
    /// Whether who subscribes may wait.
    blocking: bool,
    state: Mutex<State>,
    /// The database has been asked by somebody.
    pub(super) asked: Condvar,
    /// A thread follows the database.
    pub(super) followed: AtomicBool,
    me: Weak<Self>,
}

/// Adds the proxy to a kit.
pub(crate) fn add(mut kit: Kit<Carrier>) -> Kit<Carrier> {
    const NAME: &str = "Open vSwitch";
    for command in Proxy::ORDERS {
        let concerns = |carrier: &Carrier, message: &Outgoing<'_>| carrier.open_vswitch.is_concerned(message);
        kit = kit.on_send_slow_if::<Rtnetlink>(NAME, command, concerns, |carrier, message| {
            carrier.open_vswitch.send(message)
        });
    }
    let learn = |carrier: &Carrier, _: &Outgoing<'_>| {
        carrier.open_vswitch.learn();
        None
    };
    kit.on_send_slow_if::<Rtnetlink>(NAME, Proxy::ASKED, |carrier, _| carrier.open_vswitch.is_to_learn(), learn)
        .on_send::<Rtnetlink>(NAME, Proxy::ASKED, |carrier, message| carrier.open_vswitch.ask(message))
        .on_receive::<Rtnetlink>(NAME, Proxy::SHOWN, |carrier, message| carrier.open_vswitch.receive(message))
}

impl Proxy {
    /// `RTM_NEWLINK`, `RTM_DELLINK`, `RTM_SETLINK`.
    const ORDERS: [u16; 3] = [Self::SHOWN, Self::GONE, 19];
    /// `RTM_NEWLINK`.
    pub(super) const SHOWN: u16 = 16;
    /// `RTM_DELLINK`.
    pub(super) const GONE: u16 = 17;
    /// `RTM_GETLINK`.
    const ASKED: u16 = 18;

    pub(crate) fn new(beside: Beside, blocking: bool) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            beside,
            blocking,
            state: Mutex::default(),
            asked: Condvar::new(),
            followed: AtomicBool::new(false),
            me: Weak::clone(me),
        })
    }

    pub(crate) fn set(&self, open_vswitch: OpenVswitch) {
        self.state().name(open_vswitch);
        self.asked.notify_all();
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

    /// Whether an order may be its affair: it says so, or there is a database. Nothing is waited for.
    fn is_concerned(&self, message: &Outgoing<'_>) -> bool {
        order::says_so(message) || self.open_vswitch().has_socket()
    }

    /// What is to become of an order.
    pub(crate) fn send(&self, message: &Outgoing<'_>) -> Option<Verdict> {
        let verdict = order::decide(self, message).unwrap_or_else(|error| Some(Verdict::Error(error)));
        if verdict.is_some() {
            self.catch_up();
        }
        verdict
    }

    /// What is to become of a question.
    pub(crate) fn ask(&self, message: &Outgoing<'_>) -> Option<Verdict> {
        question::decide(&self.beside, &*self.known()?, message)
    }

    /// How a link shows.
    pub(crate) fn receive(&self, message: &Incoming<'_>) -> Option<ReceiveVerdict> {
        let Some(known) = self.known() else {
            // What changes is told from the database's begin on.
            if message.is_notification() && self.is_to_learn() && self.beside.has_subscription(group::LINK) {
                self.follow();
            }
            return None;
        };
        show::shown(&self.beside, &known, message)
    }

    /// Somebody has subscribed.
    pub(crate) fn subscribed(&self, groups: &[u32]) {
        if !groups.contains(&group::LINK) {
            return;
        }
        let is_to_learn = self.is_to_learn();
        if is_to_learn && self.blocking {
            self.learn();
        }
        if is_to_learn || self.known().is_some() {
            self.follow();
        } else {
            self.state().know_of_nothing();
        }
    }

    /// Has a thread follow the database for as long as somebody listens.
    fn follow(&self) {
        if !self.followed.swap(true, Ordering::AcqRel) && follower::start(Weak::clone(&self.me)).is_err() {
            self.followed.store(false, Ordering::Release);
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // What a panic leaves in there is no worse than what a lost connection does.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
