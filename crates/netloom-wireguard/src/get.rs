//! Reading a device.

use alloc::{borrow::ToOwned, string::String};

use netloom_wire::{Buffer, Driver, Dump, Error, ErrorKind, Operation, Request, Result, named};

use crate::{Device, DevicePart, DeviceWriter, GetDevice, WireGuard};

/// How often a device is read again that changes meanwhile.
const ATTEMPTS: usize = 8;

/// Which device: by the name or by the index of its link.
///
/// ```
/// use netloom_wireguard::DeviceRef;
///
/// assert_eq!(DeviceRef::from("wg0"), DeviceRef::Name("wg0".to_owned()));
/// assert_eq!(DeviceRef::from(7), DeviceRef::Index(7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeviceRef {
    /// By name.
    Name(String),
    /// By index.
    Index(u32),
}

impl DeviceRef {
    pub(crate) fn write(&self, w: DeviceWriter) -> DeviceWriter {
        match self {
            Self::Name(name) => w.ifname(name),
            Self::Index(index) => w.ifindex(*index),
        }
    }
}

impl From<&str> for DeviceRef {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for DeviceRef {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<u32> for DeviceRef {
    fn from(index: u32) -> Self {
        Self::Index(index)
    }
}

/// Reads a device with all its peers, whole: a [`Device`].
///
/// A device that changes meanwhile is read again, a bounded number of times; then it is an error,
/// [`ErrorKind::Interrupted`]. It takes CAP_NET_ADMIN, since it tells the keys.
///
/// ```no_run
/// use netloom_wire::{Driver, Operation, Result};
/// use netloom_wireguard::{Get, WireGuard};
///
/// async fn show(io: &mut impl Driver<Family = WireGuard>) -> Result<()> {
///     let device = Get::new("wg0").perform(io).await?;
///     println!("{} listens on port {}, {} peers", device.name, device.listen_port, device.peers.len());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Get {
    device: DeviceRef,
}

impl Get {
    /// Of this device.
    pub fn new(device: impl Into<DeviceRef>) -> Self {
        Self { device: device.into() }
    }
}

impl Operation for Get {
    type Family = WireGuard;
    type Output = Device;

    async fn perform<D: Driver<Family = WireGuard>>(&self, io: &mut D) -> Result<Device> {
        let parts = Parts { device: &self.device };
        for _ in 0..ATTEMPTS {
            let mut device = Device::default();
            match io.each(&parts, |part| device.merge(part)).await {
                Ok(done) if !done.interrupted => return Ok(device),
                Ok(_) => {}
                // The buffer has grown since, or has room again.
                Err(error) if matches!(error.kind(), ErrorKind::Truncated | ErrorKind::Unknown) => {}
                Err(error) => return Err(error),
            }
        }
        let error = Error::new(ErrorKind::Interrupted, "the device changed during each attempt to read it");
        let mut asked = Buffer::new();
        parts.write(&mut asked);
        Err(match <DevicePart as netloom_wire::View>::view(asked.bytes()) {
            Some(device) => error.about(format_args!("get {}", named(device))),
            None => error,
        })
    }
}

/// The dump.
#[derive(Debug)]
struct Parts<'a> {
    device: &'a DeviceRef,
}

impl Request for Parts<'_> {
    type Family = WireGuard;
    type Body = DevicePart;
    type Reply = DevicePart;
    type Kind = Dump;
    const COMMAND: u16 = GetDevice::COMMAND;
    const REPLY: u16 = GetDevice::REPLY;
    const VERB: &'static str = "get";

    fn write(&self, out: &mut Buffer) {
        out.message((), |w| self.device.write(w));
    }
}
