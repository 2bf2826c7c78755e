//! An async socket that speaks to several families.

use std::{
    fmt,
    os::fd::{AsFd, BorrowedFd},
    sync::{Arc, Mutex},
};

use netloom_proto::Warning;
use netloom_wire::{Family, Operation, Result, controller::Controller, generic};

use super::{Client, Notifications, core::Core, reactor::Reactor};
use crate::{
    SocketOptions,
    address::{Address, CONTROLLER, Known},
    pool::Pool,
    shared::locked,
};

/// An async socket of generic netlink for any number of its families at once, shared by reference. The controller is asked
/// for each when it is used first; the socket remembers the answer.
///
/// A [`Socket`](super::Socket) does the same for one family, and says how it waits.
///
/// ```no_run
/// use netloom_socket::asynchronous::Families;
/// use netloom_wire::{Operation, Result};
///
/// async fn both<A: Operation, B: Operation>(first: &A, second: &B) -> Result<(A::Output, B::Output)> {
///     let families = Families::open()?;
///     Ok((families.run(first).await?, families.run(second).await?))
/// }
/// ```
pub struct Families {
    core: Core,
    known: Mutex<Known>,
}

impl Families {
    /// Opens a socket with the default options, in the calling thread's network namespace.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::default())
    }

    /// Opens a socket with these options.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        let reactor = Reactor::current()?;
        let (main, pool) = Pool::open_main(generic::PROTOCOL, options)?;
        Ok(Self { core: Core::new(main, Arc::new(pool), reactor, options)?, known: Mutex::default() })
    }

    /// The way to the family `F`: a driver for its operations, dumps and pipelines.
    ///
    /// # Errors
    /// If the kernel has no such family, with the module that usually provides it; if its version or its header are not
    /// those of the tables.
    pub async fn of<F: Family>(&self) -> Result<Client<'_, F>> {
        Ok(Client::new(&self.core, self.address::<F>().await?))
    }

    /// Runs a request or an operation of any family.
    ///
    /// # Errors
    /// As [`Families::of`], and what the kernel refuses.
    pub async fn run<O: Operation>(&self, operation: &O) -> Result<O::Output> {
        operation.perform(&mut self.of::<O::Family>().await?).await
    }

    /// Asks for the family `F` anew when it is used next: one whose module was loaded again has another number.
    pub fn forget<F: Family>(&self) {
        locked(&self.known).forget(F::NAME);
    }

    /// Subscribes to multicast groups of the family `F` by name, on a socket of its own.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](netloom_wire::ErrorKind::InvalidInput) if the family has no such group; what the
    /// kernel refuses.
    pub async fn watch_groups<F: Family>(&self, names: &[&str]) -> Result<Notifications> {
        let groups = self.address::<F>().await?.groups::<F>(names)?;
        Notifications::new(self.core.pool.subscribe(&groups)?, &self.core.reactor)
    }

    /// What the kernel remarked about requests that succeeded, since this was asked last.
    pub fn take_warnings(&self) -> Vec<Warning> {
        self.core.pool.shared().take_warnings()
    }

    async fn address<F: Family>(&self) -> Result<Address> {
        const { assert!(F::GENERIC.is_some(), "a family of generic netlink") };
        let known = locked(&self.known).find(F::NAME).cloned();
        match known {
            Some(known) => Ok(known),
            None => {
                // Two callers may ask at once: both get the same answer.
                let mut controller = Client::<Controller>::new(&self.core, CONTROLLER.clone());
                let found = Address::ask::<F>(&mut controller).await?;
                locked(&self.known).learn(F::NAME, found.clone());
                Ok(found)
            }
        }
    }
}

impl AsFd for Families {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.core.socket.as_fd()
    }
}

impl fmt::Debug for Families {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Families")
            .field("socket", &self.core.socket)
            .field("known", &*locked(&self.known))
            .finish_non_exhaustive()
    }
}
