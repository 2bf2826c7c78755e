//! WireGuard: devices, their keys, peers and allowed IPs, for the sockets [`WireGuard`] and its async twin.

use std::{
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

#[cfg(feature = "route")]
use netloom_route::{Rtnetlink, link};
use netloom_socket::{Namespace, SocketOptions, blocking};
use netloom_wire::{Driver, Operation, Result};

/// The family of generic netlink that the requests and operations of this module are of.
pub use netloom_wireguard::WireGuard as Family;
pub use netloom_wireguard::*;

/// WireGuard devices, blocking. A device itself is made as a link: `link::Add::new("wg0").kind("wireguard")`.
///
/// ```no_run
/// use netloom::{IpRoute, WireGuard, link, wireguard::{AllowedIp, PrivateKey, PublicKey, Set, SetPeer}};
///
/// # fn main() -> netloom::Result<()> {
/// # let peer: PublicKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=".parse().unwrap();
/// # let subnet: AllowedIp = "10.0.0.0/24".parse().unwrap();
/// IpRoute::open()?.run(&link::Add::new("wg0").kind("wireguard").up())?;
/// let mut wg = WireGuard::open()?;
/// let peer = SetPeer::new(peer).endpoint(([192, 0, 2, 1], 51820).into()).allowed_ip(subnet);
/// wg.run(&Set::new("wg0").private_key(PrivateKey::generate()?).listen_port(51820).peer(peer))?;
/// for peer in wg.device("wg0")?.peers {
///     println!("{} {:?}", peer.public_key, peer.last_handshake);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct WireGuard {
    socket: blocking::Socket<Family>,
    /// Knows which links are devices; opened with the other, so that it is in the same namespace.
    #[cfg(feature = "route")]
    links: blocking::Socket<Rtnetlink>,
}

impl WireGuard {
    /// Opens a socket in the calling thread's network namespace; this loads the kernel's module.
    ///
    /// # Errors
    /// If the kernel has no WireGuard, or the system call fails.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::new())
    }

    /// Opens a socket with these options.
    ///
    /// # Errors
    /// As [`WireGuard::open`], or if the namespace of the options cannot be entered.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        Ok(Self {
            socket: blocking::Socket::with(options)?,
            #[cfg(feature = "route")]
            links: blocking::Socket::with(options)?,
        })
    }

    /// Opens a socket in another network namespace; the calling thread stays where it is.
    ///
    /// # Errors
    /// If the namespace cannot be entered: that takes CAP_SYS_ADMIN in it and over one's own.
    pub fn in_namespace(namespace: Namespace) -> Result<Self> {
        Self::with(&SocketOptions::new().namespace(namespace))
    }

    /// Runs a request or an operation: [`Get`], [`Set`].
    ///
    /// # Errors
    /// What the kernel refuses, with the device and the peer that it is about.
    pub fn run<O: Operation<Family = Family>>(&mut self, operation: &O) -> Result<O::Output> {
        self.socket.run(operation)
    }

    /// The same within a time: [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if it takes longer in all.
    ///
    /// # Errors
    /// As [`WireGuard::run`]; after a timeout, whether the operation took effect is not known.
    pub fn run_within<O: Operation<Family = Family>>(&mut self, limit: Duration, operation: &O) -> Result<O::Output> {
        self.socket.deadline(Some(limit));
        let outcome = self.socket.run(operation);
        self.socket.deadline(None);
        outcome
    }

    /// One device, by the name or the index of its link.
    ///
    /// # Errors
    /// As [`WireGuard::run`].
    pub fn device(&mut self, device: impl Into<DeviceRef>) -> Result<Device> {
        self.socket.run(&Get::new(device))
    }

    /// All devices.
    ///
    /// # Errors
    /// As [`WireGuard::run`].
    #[cfg(feature = "route")]
    pub fn devices(&mut self) -> Result<Vec<Device>> {
        let mut devices = Vec::new();
        for link in &self.links.run(&every_device())? {
            present(self.device(link.index()), &mut devices)?;
        }
        Ok(devices)
    }

    /// The socket underneath: raw messages, sequence numbers, what the kernel granted.
    pub fn socket(&mut self) -> &mut blocking::Socket<Family> {
        &mut self.socket
    }
}

impl AsFd for WireGuard {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[cfg(feature = "route")]
fn every_device() -> link::List {
    link::List::all().kind("wireguard")
}

/// Takes in a device, unless it went meanwhile.
#[cfg(feature = "route")]
fn present(device: Result<Device>, devices: &mut Vec<Device>) -> Result<()> {
    match device {
        Ok(device) => devices.push(device),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub use world::AsyncWireGuard;

#[cfg(any(feature = "tokio", feature = "async-io"))]
mod world {
    //! The same for the async world.

    use netloom_socket::asynchronous;

    use super::*;

    /// WireGuard devices, async, under tokio or async-io; shared by reference among any number of tasks.
    ///
    /// ```no_run
    /// # async fn example() -> netloom::Result<()> {
    /// use netloom::{AsyncWireGuard, wireguard::Set};
    ///
    /// let wg = AsyncWireGuard::open()?;
    /// wg.run(&Set::new("wg0").fwmark(51820)).await?;
    /// println!("{} peers", wg.device("wg0").await?.peers.len());
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    pub struct AsyncWireGuard {
        socket: asynchronous::Socket<Family>,
        /// Knows which links are devices; opened with the other, so that it is in the same namespace.
        #[cfg(feature = "route")]
        links: asynchronous::Socket<Rtnetlink>,
    }

    impl AsyncWireGuard {
        /// Opens a socket in the calling thread's network namespace; this loads the kernel's module.
        ///
        /// # Errors
        /// If the kernel has no WireGuard, the system call fails, or there is no runtime to wait by.
        pub fn open() -> Result<Self> {
            Self::with(&SocketOptions::new())
        }

        /// Opens a socket with these options.
        ///
        /// # Errors
        /// As [`AsyncWireGuard::open`], or if the namespace of the options cannot be entered.
        pub fn with(options: &SocketOptions) -> Result<Self> {
            Ok(Self {
                socket: asynchronous::Socket::with(options)?,
                #[cfg(feature = "route")]
                links: asynchronous::Socket::with(options)?,
            })
        }

        /// Opens a socket in another network namespace; no thread of the caller's leaves its own.
        ///
        /// # Errors
        /// If the namespace cannot be entered: that takes CAP_SYS_ADMIN in it and over one's own.
        pub fn in_namespace(namespace: Namespace) -> Result<Self> {
            Self::with(&SocketOptions::new().namespace(namespace))
        }

        /// Runs a request or an operation: [`Get`], [`Set`].
        ///
        /// # Errors
        /// What the kernel refuses, with the device and the peer that it is about.
        pub async fn run<O: Operation<Family = Family>>(&self, operation: &O) -> Result<O::Output> {
            self.socket.run(operation).await
        }

        /// The same within a time: [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if it takes longer in all.
        ///
        /// # Errors
        /// As [`AsyncWireGuard::run`]; after a timeout, whether the operation took effect is not known.
        pub async fn run_within<O: Operation<Family = Family>>(
            &self,
            limit: Duration,
            operation: &O,
        ) -> Result<O::Output> {
            let mut client = self.socket.client();
            client.deadline(Some(limit));
            operation.perform(&mut client).await
        }

        /// One device, by the name or the index of its link.
        ///
        /// # Errors
        /// As [`AsyncWireGuard::run`].
        pub async fn device(&self, device: impl Into<DeviceRef>) -> Result<Device> {
            self.socket.run(&Get::new(device)).await
        }

        /// All devices.
        ///
        /// # Errors
        /// As [`AsyncWireGuard::run`].
        #[cfg(feature = "route")]
        pub async fn devices(&self) -> Result<Vec<Device>> {
            let mut devices = Vec::new();
            for link in &self.links.run(&every_device()).await? {
                present(self.device(link.index()).await, &mut devices)?;
            }
            Ok(devices)
        }

        /// The socket underneath: raw messages, sequence numbers, what the kernel granted.
        pub fn socket(&self) -> &asynchronous::Socket<Family> {
            &self.socket
        }
    }

    impl AsFd for AsyncWireGuard {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.socket.as_fd()
        }
    }
}
