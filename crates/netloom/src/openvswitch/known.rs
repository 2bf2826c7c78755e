//! What is known of the database. Looking at it never waits; who may wait has it asked first.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use netloom_ovs::{Ear, Inventory, Mirror, OpenVswitch};
use netloom_route::group;
use netloom_socket::Beside;

use super::{changes, linkless::Linkless, proxy::Proxy};

/// What there is.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) inventory: Inventory,
    pub(super) linkless: Linkless,
}

impl From<&Inventory> for Known {
    fn from(inventory: &Inventory) -> Self {
        Self { inventory: inventory.clone(), linkless: Linkless::of(inventory) }
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// The one that was named; else it is the machine's.
    named: Option<OpenVswitch>,
    /// How often one was named.
    turn: u64,
    /// What links are shown by; opened when links are asked for and there is a database.
    mirror: Option<Mirror>,
    /// What who listens was told last; None if the database was never reached.
    known: Option<Arc<Known>>,
    /// Somebody waits for the database.
    asking: bool,
    /// Not to be tried before.
    again: Option<Instant>,
    /// Why it was not reached, when it was tried last.
    missed: Option<Missed>,
}

/// Why a database was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missed {
    /// It did not answer in time.
    Silent,
    /// Its switch works in another network namespace.
    Elsewhere,
}

/// How long a database may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// For how long a database that is not there is not looked for: a look is a system call, and a dump has many links.
const ABSENT: Duration = Duration::from_millis(20);
/// For how long one that did not answer in time, or that is elsewhere, is not asked.
const LATER: Duration = Duration::from_secs(10);

/// Until when the machine's database is taken to be absent, by all sockets of the process: many are opened for one question.
fn absent_until() -> MutexGuard<'static, Option<Instant>> {
    static UNTIL: Mutex<Option<Instant>> = Mutex::new(None);
    UNTIL.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(super) fn open_vswitch(&self) -> OpenVswitch {
        self.named.clone().unwrap_or_default()
    }

    /// Names another Open vSwitch.
    pub(super) fn name(&mut self, open_vswitch: OpenVswitch) {
        *self = Self { named: Some(open_vswitch), turn: self.turn.wrapping_add(1), ..Self::default() };
    }

    /// There is no database: all that it will have is new.
    pub(super) fn know_of_nothing(&mut self) {
        self.known.get_or_insert_default();
    }

    /// Whether the database may be asked now.
    fn may_ask(&mut self) -> bool {
        let now = Instant::now();
        let machines = self.named.is_none();
        if self.again.is_some_and(|again| now < again) || machines && absent_until().is_some_and(|again| now < again) {
            return false;
        }
        let there = self.open_vswitch().has_socket();
        if !there {
            self.again = now.checked_add(ABSENT);
            if machines {
                *absent_until() = self.again;
            }
        }
        there
    }

    /// One that was not there a moment ago may be there now.
    fn look_again(&mut self) {
        self.again = None;
        *absent_until() = None;
    }

    /// It was not reached; `missed` says why, unless there is nobody.
    fn miss(&mut self, missed: Option<Missed>) {
        self.missed = missed;
        self.again = Instant::now().checked_add(if missed.is_some() { LATER } else { ABSENT });
    }

    /// Takes what the database has told.
    fn look(&mut self, beside: &Beside) {
        match self.mirror.as_mut().map(Mirror::poll) {
            None | Some(Ok(false)) => {}
            Some(Ok(true)) => self.renew(beside),
            Some(Err(_)) => self.lose(beside),
        }
    }

    fn lose(&mut self, beside: &Beside) {
        if self.mirror.take().is_some() {
            self.renew(beside);
        }
    }

    /// What the mirror has is what is known; who listens is told the difference.
    fn renew(&mut self, beside: &Beside) {
        let new = Arc::new(self.mirror.as_ref().map(|mirror| Known::from(mirror.inventory())).unwrap_or_default());
        let old = self.known.replace(Arc::clone(&new));
        if let Some(old) = old.filter(|_| beside.has_subscription(group::LINK)) {
            changes::tell(beside, &old, &new);
        }
    }
}

impl Proxy {
    /// What there is, as far as it is known by now; None where there is no database, or it was not asked yet.
    pub(super) fn known(&self) -> Option<Arc<Known>> {
        let mut state = self.state();
        state.look(&self.beside);
        state.mirror.as_ref()?;
        state.known.clone()
    }

    /// Whether the database is to be asked first, which takes time. Nothing is waited for.
    pub(crate) fn is_to_learn(&self) -> bool {
        let mut state = self.state();
        state.look(&self.beside);
        state.mirror.is_none() && (state.asking || state.may_ask())
    }

    /// Asks the database if it is to be asked, and waits for it, or for whoever asks it already.
    pub(crate) fn learn(&self) {
        let mut state = self.state();
        if state.asking {
            let _waited = self.asked.wait_timeout_while(state, PATIENCE, |state| state.asking);
            return;
        }
        if state.mirror.is_some() || !state.may_ask() {
            return;
        }
        state.asking = true;
        let (open_vswitch, turn) = (state.open_vswitch(), state.turn);
        drop(state);
        let is_here = self.is_here(&open_vswitch).unwrap_or(false);
        let mirror = is_here.then(|| open_vswitch.timeout(PATIENCE).mirror());
        let mut state = self.state();
        if state.turn == turn {
            state.asking = false;
            match mirror {
                Some(Ok(mirror)) => {
                    state.missed = None;
                    state.mirror = Some(mirror);
                    state.renew(&self.beside);
                }
                Some(Err(error)) => state.miss(error.is_timeout().then_some(Missed::Silent)),
                None => state.miss(Some(Missed::Elsewhere)),
            }
        }
        drop(state);
        self.asked.notify_all();
    }

    /// Waits until all is known that was committed before.
    pub(super) fn catch_up(&self) {
        self.state().look_again();
        if self.is_to_learn() {
            self.learn();
            return;
        }
        let mut state = self.state();
        let Some(mirror) = &mut state.mirror else { return };
        let (Ok(now), Ok(ear)) = (mirror.now(), mirror.ear()) else { return };
        drop(state);
        let end = Instant::now().checked_add(PATIENCE);
        loop {
            let mut state = self.state();
            state.look(&self.beside);
            if state.mirror.as_ref().is_none_or(|mirror| mirror.has_reached(now)) {
                return;
            }
            let left = end.and_then(|end| end.checked_duration_since(Instant::now())).filter(|left| !left.is_zero());
            let Some(left) = left else {
                state.miss(Some(Missed::Silent));
                state.lose(&self.beside);
                return;
            };
            drop(state);
            // Whoever else looks meanwhile hears what this waits for.
            ear.listen(left.min(Duration::from_millis(10)));
        }
    }

    /// Whether the database hangs, as far as is known.
    pub(super) fn is_silent(&self) -> bool {
        self.state().missed == Some(Missed::Silent)
    }

    /// Whether it may be reached some time: there is one, and it is here.
    pub(super) fn is_reachable(&self) -> bool {
        let state = self.state();
        state.missed != Some(Missed::Elsewhere) && state.open_vswitch().has_socket()
    }

    /// What hears the database, if it was reached.
    pub(super) fn ear(&self) -> Option<Ear> {
        self.state().mirror.as_ref()?.ear().ok()
    }
}
