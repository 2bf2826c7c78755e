//! What a tun or tap is to be, and the ioctls that make, open and delete it.

use std::{
    ffi::CString,
    fmt,
    fs::{File, OpenOptions},
    os::fd::AsFd,
};

use netloom_wire::{Errno, Error, ErrorKind, Result};

use super::{Device, Queue, queue::text};
use crate::{
    Namespace,
    namespace::failed,
    sys::{self, TunInteger, TunIoctl, TunRequest, TunSetting},
};

/// Where the kernel makes them.
const DEVICE: &str = "/dev/net/tun";

/// Flags of `TUNSETIFF` (`linux/if_tun.h`).
const TUN: u16 = 0x0001;
const TAP: u16 = 0x0002;
const NAPI: u16 = 0x0010;
const NAPI_FRAGS: u16 = 0x0020;
const NO_CARRIER: u16 = 0x0040;
const MULTI_QUEUE: u16 = 0x0100;
const NO_PI: u16 = 0x1000;
const VNET_HDR: u16 = 0x4000;
const EXCLUSIVE: u16 = 0x8000;

/// Flags that a kernel ignores in silence if it does not know them, with their names.
const OPTIONAL: [(u16, &str); 5] = [
    (NAPI, "IFF_NAPI"),
    (NAPI_FRAGS, "IFF_NAPI_FRAGS"),
    (NO_CARRIER, "IFF_NO_CARRIER"),
    (MULTI_QUEUE, "IFF_MULTI_QUEUE"),
    (VNET_HDR, "IFF_VNET_HDR"),
];

/// What the link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// IP packets.
    Tun,
    /// Ethernet frames.
    Tap,
}

impl Mode {
    fn flag(self) -> u16 {
        match self {
            Self::Tun => TUN,
            Self::Tap => TAP,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tun => "tun",
            Self::Tap => "tap",
        })
    }
}

/// What a tun or tap is to be. It takes `CAP_NET_ADMIN` in the namespace, but for opening one that belongs to the caller.
///
/// ```no_run
/// use netloom_socket::{Namespace, tuntap::TunTap};
///
/// // A link that stays, which user 1000 may open.
/// let vpn = TunTap::tun("vpn0").owner(1000).namespace(Namespace::named("blue")?);
/// assert_eq!(vpn.create()?, "vpn0");
/// vpn.delete()?;
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TunTap {
    mode: Mode,
    name: String,
    flags: u16,
    queues: usize,
    index: Option<u32>,
    owner: Option<u32>,
    group: Option<u32>,
    namespace: Option<Namespace>,
}

impl TunTap {
    /// A link of this mode and name, at most 15 bytes. With `%d` in it, it gets the first number that is free; without
    /// a name (`""`) the kernel calls it `tun%d` or `tap%d`.
    pub fn new(mode: Mode, name: &str) -> Self {
        Self {
            mode,
            name: name.to_owned(),
            flags: NO_PI,
            queues: 1,
            index: None,
            owner: None,
            group: None,
            namespace: None,
        }
    }

    /// A link of IP packets.
    pub fn tun(name: &str) -> Self {
        Self::new(Mode::Tun, name)
    }

    /// A link of Ethernet frames.
    pub fn tap(name: &str) -> Self {
        Self::new(Mode::Tap, name)
    }

    fn flag(self, flag: u16, on: bool) -> Self {
        let flags = if on { self.flags | flag } else { self.flags & !flag };
        Self { flags, ..self }
    }

    /// The index that a new link gets; the kernel chooses one by default.
    #[must_use]
    pub fn index(self, index: u32) -> Self {
        Self { index: Some(index), ..self }
    }

    /// The user, by number, who may open it without being privileged. If neither a user nor a group is said, whoever may
    /// open `/dev/net/tun` may open a persistent link.
    #[must_use]
    pub fn owner(self, user: u32) -> Self {
        Self { owner: Some(user), ..self }
    }

    /// The group, by number, whose members may open it without being privileged.
    #[must_use]
    pub fn group(self, group: u32) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Whether each packet has packet information before it: 2 bytes of flags, and its protocol (`struct tun_pi`). Off
    /// by default.
    #[must_use]
    pub fn pi(self, on: bool) -> Self {
        self.flag(NO_PI, !on)
    }

    /// Whether each packet has a virtio header before it (`struct virtio_net_hdr`), by which checksums and the splitting
    /// of large packets are left to the other side.
    #[must_use]
    pub fn vnet_hdr(self, on: bool) -> Self {
        self.flag(VNET_HDR, on)
    }

    /// Whether it may be opened several times at once.
    #[must_use]
    pub fn multi_queue(self, on: bool) -> Self {
        self.flag(MULTI_QUEUE, on)
    }

    /// Opens so many queues, at most 256; more than one also says [`multi_queue`](Self::multi_queue).
    #[must_use]
    pub fn queues(self, queues: usize) -> Self {
        let this = Self { queues, ..self };
        if queues > 1 { this.multi_queue(true) } else { this }
    }

    /// Whether what is written goes through NAPI, in batches (Linux 4.15).
    #[must_use]
    pub fn napi(self, on: bool) -> Self {
        self.flag(NAPI, on)
    }

    /// Whether what is written as several parts stays so: a tap with [`napi`](Self::napi) only, for tests of drivers; it
    /// takes `CAP_NET_ADMIN` in the initial user namespace (Linux 4.15).
    #[must_use]
    pub fn napi_frags(self, on: bool) -> Self {
        self.flag(NAPI_FRAGS, on)
    }

    /// Whether it begins without a carrier (Linux 6.2); see [`Queue::set_carrier`].
    #[must_use]
    pub fn no_carrier(self, on: bool) -> Self {
        self.flag(NO_CARRIER, on)
    }

    /// The network namespace to be in; the calling thread's by default.
    #[must_use]
    pub fn namespace(self, namespace: Namespace) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// Makes a persistent link, which stays until it is deleted, and returns its name. There must be none of this name
    /// yet. If anything fails, nothing is left.
    pub fn create(&self) -> Result<String> {
        self.describe("create", || {
            let file = self.file()?;
            self.number(&file)?;
            let name = self.attach(&file, &self.name, self.flags | EXCLUSIVE)?;
            self.give_away(&file)?;
            // Until here it would go with the descriptor.
            sys::set_tun(file.as_fd(), TunSetting::Persist, 1).map_err(|e| failed(&e, "TUNSETPERSIST"))?;
            Ok(name)
        })
    }

    /// Opens a link: the persistent one of this name, if it is such a one and is not open elsewhere (or has several
    /// queues), else a new one. The headers that are asked for become the link's. If anything fails, a new link goes away.
    pub fn open(&self) -> Result<Device> {
        self.describe("open", || {
            if self.queues == 0 {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    "a link is open if it has a queue, and none is asked for",
                ));
            }
            let first = self.file()?;
            self.number(&first)?;
            let name = self.attach(&first, &self.name, self.flags)?;
            self.give_away(&first)?;
            let mut queues = vec![Queue::new(first)];
            for _ in 1..self.queues {
                let further = self.file()?;
                self.attach(&further, &name, self.flags)?;
                queues.push(Queue::new(further));
            }
            Ok(Device { name, queues })
        })
    }

    /// Deletes the persistent link of this name and mode, whether it has several queues or one. It must not be open
    /// elsewhere, or it stays as long as it is.
    pub fn delete(&self) -> Result<()> {
        self.describe("delete", || {
            // Attaching to one that is not there would make it.
            let name = CString::new(self.name.as_str()).map_err(|_| invalid_name())?;
            self.within(|| sys::link_index(&name))?.map_err(|e| failed(&e, "if_nametoindex"))?;
            let file = self.file()?;
            let attached = self.attach(&file, &self.name, self.flags);
            if let Err(refused) = attached {
                // Whether it has several queues must be said as it is, which only the kernel knows.
                let other = self.flags ^ MULTI_QUEUE;
                let again = refused.errno() == Some(Errno::EINVAL) && self.attach(&file, &self.name, other).is_ok();
                if !again {
                    return Err(refused);
                }
            }
            sys::set_tun(file.as_fd(), TunSetting::Persist, 0).map_err(|e| failed(&e, "TUNSETPERSIST"))
        })
    }

    /// Does something to it, and says so in errors.
    fn describe<T>(&self, verb: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        work().map_err(|error| error.about(format_args!("{verb} {} {}", self.mode, self.name)))
    }

    fn within<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        match &self.namespace {
            Some(namespace) => namespace.within(work),
            None => Ok(work()),
        }
    }

    /// An open `/dev/net/tun`: it belongs to the namespace that it was opened in, whoever uses it.
    fn file(&self) -> Result<File> {
        let open = || OpenOptions::new().read(true).write(true).open(DEVICE);
        self.within(open)?.map_err(|e| failed(&e, format!("open {DEVICE}, which the module tun provides")))
    }

    /// Makes the link, or opens it; returns its real name.
    fn attach(&self, file: &File, name: &str, flags: u16) -> Result<String> {
        let mut padded = [0; libc::IFNAMSIZ];
        // The kernel would cut it.
        let room = padded.split_last_mut().and_then(|(_, room)| room.get_mut(..name.len()));
        room.filter(|_| !name.contains('\0')).ok_or_else(invalid_name)?.copy_from_slice(name.as_bytes());
        let mut known = 0;
        sys::tun_integer(file.as_fd(), TunInteger::Features, &mut known).map_err(|e| failed(&e, "TUNGETFEATURES"))?;
        if let Some((_, name)) = OPTIONAL.iter().find(|(flag, _)| flags & flag != 0 && known & u32::from(*flag) == 0) {
            return Err(Error::new(ErrorKind::Unsupported, format!("this kernel has no {name}")));
        }
        let mut request = TunRequest::new(padded, flags | self.mode.flag());
        match sys::tun_ioctl(file.as_fd(), TunIoctl::SetInterface, &mut request) {
            Ok(()) => Ok(text(&request.name)),
            // What every other kind of link says.
            Err(e) if flags & EXCLUSIVE != 0 && e.raw_os_error() == Some(Errno::EBUSY.0) => {
                Err(Error::system(Errno::EEXIST, "a link has this name"))
            }
            Err(e) => Err(failed(&e, "TUNSETIFF")),
        }
    }

    /// Says which index the link gets that is made next.
    fn number(&self, file: &File) -> Result<()> {
        let Some(mut index) = self.index else { return Ok(()) };
        sys::tun_integer(file.as_fd(), TunInteger::SetIndex, &mut index).map_err(|e| failed(&e, "TUNSETIFINDEX"))
    }

    /// Says who may open it.
    fn give_away(&self, file: &File) -> Result<()> {
        let set = |which, number: Option<u32>, name: &'static str| match number {
            Some(number) => sys::set_tun(file.as_fd(), which, number).map_err(|e| failed(&e, name)),
            None => Ok(()),
        };
        set(TunSetting::Owner, self.owner, "TUNSETOWNER")?;
        set(TunSetting::Group, self.group, "TUNSETGROUP")
    }
}

fn invalid_name() -> Error {
    Error::new(ErrorKind::InvalidInput, "a link's name has at most 15 bytes, none of them zero")
}
