//! All unsafe code of netloom: the system calls that rustix lacks, and registration with reactors.

use std::{
    io,
    mem::MaybeUninit,
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
};

use crate::filter::Instruction;

/// The result of a system call that returns a count or a descriptor, or -1.
fn outcome(returned: impl TryInto<usize>) -> io::Result<usize> {
    returned.try_into().map_err(|_| io::Error::last_os_error())
}

/// The length of a `T` as system calls want it.
fn length_of<T>() -> libc::socklen_t {
    // No structure here has more than a few hundred bytes.
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(0)
}

/// Sets an option of a socket.
///
/// # Safety
///
/// A pointer inside `value` must be valid for what the option makes the kernel do with it.
unsafe fn set_option<T>(fd: BorrowedFd<'_>, level: i32, name: i32, value: &T) -> io::Result<()> {
    let pointer = std::ptr::from_ref(value).cast();
    // SAFETY: `value` is a live reference and the length is that of its type, so the kernel reads only from it; what it
    // points at is the caller's promise.
    let returned = unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, pointer, length_of::<T>()) };
    outcome(returned).map(drop)
}

/// Sets an option of the level `SOL_NETLINK` (`netlink(7)`).
pub(crate) fn set_netlink_option(fd: BorrowedFd<'_>, name: i32, value: u32) -> io::Result<()> {
    // SAFETY: a number holds no pointer.
    unsafe { set_option(fd, libc::SOL_NETLINK, name, &value) }
}

/// Attaches a classic BPF program (`SO_ATTACH_FILTER`, `socket(7)`).
pub(crate) fn attach_filter(fd: BorrowedFd<'_>, program: &[Instruction]) -> io::Result<()> {
    let Ok(len) = u16::try_from(program.len()) else { return Err(io::ErrorKind::InvalidInput.into()) };
    let program = libc::sock_fprog { len, filter: program.as_ptr().cast_mut().cast() };
    // SAFETY: the pointer is to `len` instructions that outlive the call and have the layout of `struct sock_filter`
    // (checked below); the kernel copies them and writes nothing.
    unsafe { set_option(fd, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program) }
}

const _: () = {
    use std::mem::offset_of;
    assert!(size_of::<Instruction>() == size_of::<libc::sock_filter>());
    assert!(align_of::<Instruction>() == align_of::<libc::sock_filter>());
    assert!(offset_of!(Instruction, code) == offset_of!(libc::sock_filter, code));
    assert!(offset_of!(Instruction, if_true) == offset_of!(libc::sock_filter, jt));
    assert!(offset_of!(Instruction, if_false) == offset_of!(libc::sock_filter, jf));
    assert!(offset_of!(Instruction, operand) == offset_of!(libc::sock_filter, k));
};

/// The number that the kernel gave a socket's network namespace (`SO_NETNS_COOKIE`, Linux 5.14).
pub(crate) fn namespace_cookie(fd: BorrowedFd<'_>) -> io::Result<u64> {
    /// `SO_NETNS_COOKIE` (`asm-generic/socket.h`); the libc crate has it for some targets only.
    const SO_NETNS_COOKIE: i32 = if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) { 0x50 } else { 71 };
    let mut cookie = 0u64;
    let mut length = length_of::<u64>();
    // SAFETY: both pointers are to live locals, and `length` holds the size of the first.
    let returned = unsafe {
        libc::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, SO_NETNS_COOKIE, (&raw mut cookie).cast(), &raw mut length)
    };
    outcome(returned).map(|_| cookie)
}

/// A descriptor of the network namespace of a socket (`SIOCGSKNS`); needs `CAP_NET_ADMIN` in there.
pub(crate) fn namespace_of(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    /// `SIOCGSKNS` (`linux/sockios.h`).
    const SIOCGSKNS: libc::Ioctl = 0x894c;
    // SAFETY: the request takes no argument, so the kernel touches no memory of ours.
    let returned = unsafe { libc::ioctl(fd.as_raw_fd(), SIOCGSKNS) };
    let raw = outcome(returned)?;
    let raw = i32::try_from(raw).map_err(io::Error::other)?;
    // SAFETY: the kernel has just made this descriptor for us, so nobody else owns or closes it.
    Ok(unsafe { OwnedFd::from_raw_fd(raw) })
}

/// What `recvmsg` said of one datagram.
pub(crate) struct Message {
    /// Length of the datagram with `MSG_TRUNC`, else of what was copied, in bytes.
    pub(crate) length: usize,
    /// Sender; None if the address is not a netlink one.
    pub(crate) sender: Option<libc::sockaddr_nl>,
}

/// A zeroed buffer for control messages, aligned as the kernel writes them; what it does not fill stays zero.
#[repr(C, align(8))]
pub(crate) struct Control(pub(crate) [u8; 128]);

/// One datagram, its sender, and its control messages.
pub(crate) fn receive_message(
    fd: BorrowedFd<'_>,
    buffer: &mut [u8],
    control: &mut Control,
    flags: i32,
) -> io::Result<Message> {
    let mut sender = MaybeUninit::<libc::sockaddr_nl>::zeroed();
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let header = MaybeUninit::<libc::msghdr>::zeroed();
    // SAFETY: all fields of `msghdr` are numbers and raw pointers, for which zero is a value.
    let mut header = unsafe { header.assume_init() };
    header.msg_name = sender.as_mut_ptr().cast();
    header.msg_namelen = length_of::<libc::sockaddr_nl>();
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.0.as_mut_ptr().cast();
    #[expect(clippy::as_conversions, reason = "a size_t with one C library, a socklen_t with another")]
    {
        header.msg_controllen = control.0.len() as _;
    }
    // SAFETY: every pointer in `header` is to a live local or to an exclusively borrowed argument, each with its own
    // length beside it, and none of them is used while the kernel writes.
    let returned = unsafe { libc::recvmsg(fd.as_raw_fd(), &raw mut header, flags) };
    let length = outcome(returned)?;
    // SAFETY: it was zeroed, which is a value of this plain structure, and the kernel wrote at most its own length.
    let sender = unsafe { sender.assume_init() };
    let netlink = i32::from(sender.nl_family) == libc::AF_NETLINK;
    Ok(Message { length, sender: netlink.then_some(sender) })
}

#[cfg(feature = "tokio")]
pub(crate) use tokio_reactor::register;

#[cfg(feature = "tokio")]
mod tokio_reactor {
    use std::{io, os::fd::OwnedFd, sync::Arc};

    use tokio::io::{Interest, unix::AsyncFd};

    /// Registers a socket with the reactor of the current tokio runtime, which there must be.
    pub(crate) fn register(fd: &Arc<OwnedFd>) -> io::Result<AsyncFd<Arc<OwnedFd>>> {
        // SAFETY: the `AsyncFd` holds an `Arc`, so the descriptor stays open as long as it lives, and an `OwnedFd`
        // that is only ever shared names the same descriptor each time that it is asked.
        unsafe { AsyncFd::register_with_interest(Arc::clone(fd), Interest::READABLE) }.map_err(Into::into)
    }
}
