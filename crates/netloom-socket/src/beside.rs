//! Further sockets in the network namespace of one.

use std::sync::Arc;

use netloom_wire::{Family, Result};

use crate::{Namespace, RawSocket, SocketOptions, blocking::Socket};

/// Opens blocking sockets in the network namespace of one, from whichever thread, and with no handlers: what a
/// [handler](crate::hooks) asks the kernel by.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_socket::{blocking::Socket, hooks::Verdict};
/// use netloom_wire::{Errno, Error};
///
/// const RTM_DELLINK: u16 = 17;
/// let socket = Socket::<Rtnetlink>::open()?;
/// let beside = socket.beside();
/// // No link is deleted while `keep0` exists.
/// socket.on_send_slow("keeper", RTM_DELLINK, move |_| {
///     let asked = beside.open::<Rtnetlink>().and_then(|mut kernel| kernel.run(&link::Get::new("keep0")));
///     asked.is_ok().then(|| Verdict::Return(netloom_socket::hooks::Replies::new().refuse(Errno::EBUSY, "keep0 is there")))
/// });
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Beside {
    main: Arc<RawSocket>,
    options: SocketOptions,
}

impl Beside {
    pub(crate) fn new(main: &Arc<RawSocket>, options: &SocketOptions) -> Self {
        Self { main: Arc::clone(main), options: options.for_requests() }
    }

    /// Opens a socket of a family there.
    ///
    /// # Errors
    /// If the system call fails; from a thread in another namespace it takes the right to enter that of the first socket.
    pub fn open<F: Family>(&self) -> Result<Socket<F>> {
        Socket::over(self.main.open_beside(F::PROTOCOL, &self.options)?, &self.options)
    }

    /// The namespace.
    ///
    /// # Errors
    /// If the caller may not ask which one it is, for want of `CAP_NET_ADMIN` in it, and is in another.
    pub fn namespace(&self) -> Result<Namespace> {
        self.main.namespace()
    }
}
