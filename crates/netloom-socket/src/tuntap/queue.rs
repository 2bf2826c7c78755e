//! A queue of a tun or tap: one open descriptor.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
};

use netloom_wire::{Result, flags};

use crate::{
    namespace::failed,
    sys::{self, TunInteger, TunIoctl, TunRequest, TunSetting},
};

/// `IFF_ATTACH_QUEUE` and `IFF_DETACH_QUEUE` (`linux/if_tun.h`).
const ATTACH: u16 = 0x0200;
const DETACH: u16 = 0x0400;

/// A queue of a tun or tap: reads what the kernel sends through the link, and writes what the link receives.
///
/// Each read and each write is one packet (tun) or frame (tap), behind the headers that were asked for
/// ([`TunTap::pi`](super::TunTap::pi), [`TunTap::vnet_hdr`](super::TunTap::vnet_hdr)). A buffer that is too short gets the
/// beginning of a packet. A link that is down gives `EIO`.
///
/// Any poller takes its descriptor, with [`Queue::set_nonblocking`]; [`AsyncQueue`](super::AsyncQueue) waits by tokio or
/// async-io.
#[derive(Debug)]
pub struct Queue(File);

impl Queue {
    pub(super) fn new(file: File) -> Self {
        Self(file)
    }

    /// Name of its link, as it is now.
    pub fn name(&self) -> Result<String> {
        self.interface().map(|interface| text(&interface.name))
    }

    fn interface(&self) -> Result<TunRequest> {
        let mut request = TunRequest::new(Default::default(), 0);
        sys::tun_ioctl(self.as_fd(), TunIoctl::GetInterface, &mut request).map_err(|e| failed(&e, "TUNGETIFF"))?;
        Ok(request)
    }

    /// Whether a read or write that would wait fails with `EAGAIN` instead; off at first.
    pub fn set_nonblocking(&self, on: bool) -> Result<()> {
        sys::set_nonblocking(self.as_fd(), on).map_err(|e| failed(&e, "fcntl"))
    }

    /// Turns the queue off: the kernel sends nothing through it. Of links with several queues only.
    pub fn detach(&self) -> Result<()> {
        self.turn(DETACH)
    }

    /// Turns a queue on again that was [detached](Self::detach).
    pub fn attach(&self) -> Result<()> {
        self.turn(ATTACH)
    }

    fn turn(&self, flag: u16) -> Result<()> {
        let mut request = TunRequest::new(Default::default(), flag);
        sys::tun_ioctl(self.as_fd(), TunIoctl::SetQueue, &mut request).map_err(|e| failed(&e, "TUNSETQUEUE"))
    }

    /// Says which packets its reader can take that the kernel has not finished: without a checksum, larger than the link's
    /// MTU. They are described by the virtio header, which is therefore needed
    /// ([`TunTap::vnet_hdr`](super::TunTap::vnet_hdr)). It holds for the whole link.
    pub fn set_offload(&self, offload: Offload) -> Result<()> {
        sys::set_tun(self.as_fd(), TunSetting::Offload, offload.bits()).map_err(|e| failed(&e, "TUNSETOFFLOAD"))
    }

    /// Length of the virtio header, in bytes: 10 (`struct virtio_net_hdr`) unless set.
    pub fn vnet_hdr_size(&self) -> Result<u32> {
        let mut bytes = 0;
        sys::tun_integer(self.as_fd(), TunInteger::GetHeaderSize, &mut bytes)
            .map_err(|e| failed(&e, "TUNGETVNETHDRSZ"))?;
        Ok(bytes)
    }

    /// Sets the length of the virtio header, from 10 bytes; 12 for one that counts merged buffers. It holds for the whole
    /// link.
    pub fn set_vnet_hdr_size(&self, mut bytes: u32) -> Result<()> {
        sys::tun_integer(self.as_fd(), TunInteger::SetHeaderSize, &mut bytes).map_err(|e| failed(&e, "TUNSETVNETHDRSZ"))
    }

    /// Plugs the link's carrier in, or pulls it.
    pub fn set_carrier(&self, on: bool) -> Result<()> {
        sys::tun_integer(self.as_fd(), TunInteger::SetCarrier, &mut u32::from(on))
            .map_err(|e| failed(&e, "TUNSETCARRIER"))
    }
}

flags! {
    /// What a reader of packets can take (`TUN_F_*`, `linux/if_tun.h`).
    pub Offload: u32 = "tun-offload" {
        /// Packets without a checksum; all others need it.
        "TUN_F_CSUM" CSUM = 0x01,
        /// TCP over IPv4 in packets larger than the MTU.
        "TUN_F_TSO4" TSO4 = 0x02,
        /// TCP over IPv6 in packets larger than the MTU.
        "TUN_F_TSO6" TSO6 = 0x04,
        /// Such ones with ECN bits.
        "TUN_F_TSO_ECN" TSO_ECN = 0x08,
        /// UDP in fragments.
        "TUN_F_UFO" UFO = 0x10,
        /// UDP over IPv4 in packets larger than the MTU (Linux 6.2).
        "TUN_F_USO4" USO4 = 0x20,
        /// UDP over IPv6 in packets larger than the MTU (Linux 6.2).
        "TUN_F_USO6" USO6 = 0x40,
    }
}

/// A name without the zeros behind it.
pub(super) fn text(name: &[u8]) -> String {
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    String::from_utf8_lossy(name.get(..end).unwrap_or(name)).into_owned()
}

impl AsFd for Queue {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for Queue {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl From<Queue> for OwnedFd {
    fn from(queue: Queue) -> Self {
        queue.0.into()
    }
}

impl io::Read for Queue {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl io::Read for &Queue {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.0).read(buffer)
    }
}

impl io::Write for Queue {
    fn write(&mut self, packet: &[u8]) -> io::Result<usize> {
        self.0.write(packet)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Write for &Queue {
    fn write(&mut self, packet: &[u8]) -> io::Result<usize> {
        (&self.0).write(packet)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
