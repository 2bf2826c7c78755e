//! A blocking socket that speaks to several families.

use std::{
    fmt,
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

use netloom_proto::Warning;
use netloom_wire::{
    Driver, Error, Family, Operation, Result,
    controller::{Controller, FamilyInfo},
    generic,
};

use super::{Notifications, Speaker, core::Core, ready};
use crate::{
    SocketOptions,
    address::{Address, CONTROLLER, Known},
    pool::Pool,
};

/// A socket of generic netlink for any number of its families at once. The controller is asked for each when it is used
/// first; the socket remembers the answer.
///
/// A [`Socket`](super::Socket) does the same for one family.
///
/// ```no_run
/// use netloom_socket::blocking::Families;
/// use netloom_wire::{Family, Operation, Result};
///
/// fn both<A: Operation, B: Operation>(first: &A, second: &B) -> Result<(A::Output, B::Output)> {
///     let mut families = Families::open()?;
///     Ok((families.run(first)?, families.run(second)?))
/// }
/// ```
pub struct Families {
    core: Core,
    known: Known,
}

impl Families {
    /// Opens a socket with the default options, in the calling thread's network namespace.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::default())
    }

    /// Opens a socket with these options.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        Ok(Self { core: Core::new(Pool::open_main(generic::PROTOCOL, options)?), known: Known::default() })
    }

    /// The way to the family `F`: a driver for its operations, dumps and pipelines.
    ///
    /// # Errors
    /// If the kernel has no such family, with the module that usually provides it; if its version or its header are not
    /// those of the tables.
    pub fn of<F: Family>(&mut self) -> Result<Speaker<'_, F>> {
        let Self { core, known } = self;
        let address = address::<F>(core, known)?;
        Ok(Speaker::new(core, address))
    }

    /// Runs a request or an operation of any family.
    ///
    /// # Errors
    /// As [`Families::of`], and what the kernel refuses.
    pub fn run<O: Operation>(&mut self, operation: &O) -> Result<O::Output> {
        ready(operation.perform(&mut self.of::<O::Family>()?))
    }

    /// What the controller says of the family `F`: number, version, groups.
    ///
    /// # Errors
    /// As [`Families::of`].
    pub fn family<F: Family>(&mut self) -> Result<&FamilyInfo> {
        address::<F>(&mut self.core, &mut self.known)?.info().ok_or_else(Error::no_reply)
    }

    /// Asks for the family `F` anew when it is used next: one whose module was loaded again has another number.
    pub fn forget<F: Family>(&mut self) {
        self.known.forget(F::NAME);
    }

    /// Subscribes to multicast groups of the family `F` by name, on a socket of its own.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](netloom_wire::ErrorKind::InvalidInput) if the family has no such group; what the
    /// kernel refuses.
    pub fn watch_groups<F: Family>(&mut self, names: &[&str]) -> Result<Notifications> {
        let groups = address::<F>(&mut self.core, &mut self.known)?.groups::<F>(names)?;
        Ok(Notifications::new(self.core.pool.subscribe(&groups)?))
    }

    /// All that follows ends with [`ErrorKind::Timeout`](netloom_wire::ErrorKind::Timeout) when so long has passed from
    /// now; None lifts it.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        Speaker::<Controller>::new(&mut self.core, &CONTROLLER).deadline(limit);
    }

    /// What the kernel remarked about requests that succeeded, since this was asked last.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        self.core.pool.shared().take_warnings()
    }
}

/// Looks an address up, or asks for it.
fn address<'k, F: Family>(core: &mut Core, known: &'k mut Known) -> Result<&'k Address> {
    const { assert!(F::GENERIC.is_some(), "a family of generic netlink") };
    if known.find(F::NAME).is_none() {
        known.learn(F::NAME, ready(Address::ask::<F>(&mut Speaker::new(core, &CONTROLLER)))?);
    }
    known.find(F::NAME).ok_or_else(Error::no_reply)
}

impl AsFd for Families {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.core.main.socket().as_fd()
    }
}

impl fmt::Debug for Families {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Families")
            .field("socket", self.core.main.socket())
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}
