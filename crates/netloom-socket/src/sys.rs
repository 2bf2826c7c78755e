//! All unsafe code of netloom: system calls, and registration with reactors.
//!
//! The libc crate serves, and no safe shell around it: that would be an eighth of the time that a build takes.

use std::{
    ffi::CStr,
    io,
    mem::MaybeUninit,
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
    time::Duration,
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

/// A descriptor that a system call has just made, or its failure.
///
/// # Safety
///
/// What was returned must be the descriptor's number, owned by nobody else, or negative.
unsafe fn made(returned: i32) -> io::Result<OwnedFd> {
    if returned < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the caller's promise.
    Ok(unsafe { OwnedFd::from_raw_fd(returned) })
}

/// Makes a socket of a netlink protocol, which is closed on `exec`.
pub(crate) fn socket(protocol: u16) -> io::Result<OwnedFd> {
    // SAFETY: three numbers.
    let returned = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, i32::from(protocol)) };
    // SAFETY: the call has returned a new descriptor or -1.
    unsafe { made(returned) }
}

/// Has a descriptor closed on `exec`.
pub(crate) fn set_close_on_exec(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: three numbers.
    let returned = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC) };
    outcome(returned).map(drop)
}

/// Has reads and writes of an open file fail with `EAGAIN` where they would wait, or has them wait.
pub(crate) fn set_nonblocking(fd: BorrowedFd<'_>, on: bool) -> io::Result<()> {
    // SAFETY: two numbers.
    let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) };
    outcome(flags)?;
    let flags = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
    // SAFETY: three numbers.
    let returned = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags) };
    outcome(returned).map(drop)
}

/// A netlink address: a port, and groups as a mask.
fn address(port: u32, groups: u32) -> libc::sockaddr_nl {
    let address = MaybeUninit::<libc::sockaddr_nl>::zeroed();
    // SAFETY: all its fields are numbers, for which zero is a value.
    let mut address = unsafe { address.assume_init() };
    address.nl_family = libc::sa_family_t::try_from(libc::AF_NETLINK).unwrap_or(0);
    address.nl_pid = port;
    address.nl_groups = groups;
    address
}

/// Gives a socket its port; 0 lets the kernel choose.
pub(crate) fn bind(fd: BorrowedFd<'_>, port: u32) -> io::Result<()> {
    let address = address(port, 0);
    // SAFETY: the pointer is to a live local, with its length; the kernel reads only.
    let returned = unsafe { libc::bind(fd.as_raw_fd(), (&raw const address).cast(), length_of::<libc::sockaddr_nl>()) };
    outcome(returned).map(drop)
}

/// Has a socket send to a port where nothing else is said, and hear only that.
pub(crate) fn connect(fd: BorrowedFd<'_>, port: u32) -> io::Result<()> {
    let address = address(port, 0);
    // SAFETY: the pointer is to a live local, with its length; the kernel reads only.
    let returned =
        unsafe { libc::connect(fd.as_raw_fd(), (&raw const address).cast(), length_of::<libc::sockaddr_nl>()) };
    outcome(returned).map(drop)
}

/// The port of a socket; 0 if it has none.
pub(crate) fn bound_port(fd: BorrowedFd<'_>) -> io::Result<u32> {
    let mut address = address(0, 0);
    let mut length = length_of::<libc::sockaddr_nl>();
    // SAFETY: both pointers are to live locals, and `length` holds the size of the first; what another family's address
    // writes into it are numbers too.
    let returned = unsafe { libc::getsockname(fd.as_raw_fd(), (&raw mut address).cast(), &raw mut length) };
    outcome(returned).map(|_| if is_netlink(&address) { address.nl_pid } else { 0 })
}

/// Whether it is an address of this family.
fn is_netlink(address: &libc::sockaddr_nl) -> bool {
    i32::from(address.nl_family) == libc::AF_NETLINK
}

/// Sends a datagram to where the socket is connected to, which is the kernel unless told otherwise.
pub(crate) fn send(fd: BorrowedFd<'_>, datagram: &[u8]) -> io::Result<()> {
    let (data, length) = (datagram.as_ptr().cast(), datagram.len());
    // SAFETY: the pointer is to `length` bytes that outlive the call; the kernel reads only.
    let returned = unsafe { libc::send(fd.as_raw_fd(), data, length, libc::MSG_NOSIGNAL) };
    outcome(returned).map(drop)
}

/// Sends a datagram to a port, or to groups; `flags` are beyond `MSG_NOSIGNAL`.
pub(crate) fn send_to(fd: BorrowedFd<'_>, datagram: &[u8], port: u32, groups: u32, flags: i32) -> io::Result<()> {
    let to = address(port, groups);
    let (data, length) = (datagram.as_ptr().cast(), datagram.len());
    let (to, to_length) = ((&raw const to).cast(), length_of::<libc::sockaddr_nl>());
    // SAFETY: the pointers are to `length` bytes and to a local, which outlive the call; the kernel reads only.
    let returned = unsafe { libc::sendto(fd.as_raw_fd(), data, length, libc::MSG_NOSIGNAL | flags, to, to_length) };
    outcome(returned).map(drop)
}

/// Receives a datagram and its sender: with `MSG_TRUNC`, its whole length.
#[inline]
pub(crate) fn receive(fd: BorrowedFd<'_>, buffer: &mut [u8], flags: i32) -> io::Result<Message> {
    let mut sender = address(0, 0);
    sender.nl_family = 0;
    let mut sender_length = length_of::<libc::sockaddr_nl>();
    let (data, length) = (buffer.as_mut_ptr().cast(), buffer.len());
    let (from, from_length) = ((&raw mut sender).cast(), &raw mut sender_length);
    // SAFETY: the pointers are to `length` exclusively borrowed bytes, to a live local and to that one's size, none of
    // which is used while the kernel writes.
    let returned = unsafe { libc::recvfrom(fd.as_raw_fd(), data, length, flags, from, from_length) };
    let length = outcome(returned)?;
    Ok(Message { length, sender: is_netlink(&sender).then_some(sender) })
}

/// Waits until one of two descriptors is readable, or until the time has passed; a signal may end it before.
pub(crate) fn wait_readable(either: BorrowedFd<'_>, or: BorrowedFd<'_>, limit: Option<Duration>) -> io::Result<()> {
    let mut both = [either, or].map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 });
    // Rounded up, so that nobody wakes before his time; -1 is for ever, and what does not fit is waited for in parts.
    let limit = limit.map_or(-1, |limit| i32::try_from(limit.as_micros().div_ceil(1000)).unwrap_or(i32::MAX));
    // SAFETY: the pointer is to two live entries.
    let returned = unsafe { libc::poll(both.as_mut_ptr(), 2, limit) };
    match outcome(returned) {
        Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        _ => Ok(()),
    }
}

/// Moves the calling thread into the network namespace that a descriptor stands for.
pub(crate) fn enter_network_namespace(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: two numbers.
    let returned = unsafe { libc::setns(fd.as_raw_fd(), libc::CLONE_NEWNET) };
    outcome(returned).map(drop)
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

/// Sets an option of the level `SOL_SOCKET` that is a size in bytes (`socket(7)`).
pub(crate) fn set_buffer_size(fd: BorrowedFd<'_>, name: i32, size: usize) -> io::Result<()> {
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    // SAFETY: a number holds no pointer.
    unsafe { set_option(fd, libc::SOL_SOCKET, name, &size) }
}

/// Size of the receive buffer, in bytes.
pub(crate) fn receive_buffer_size(fd: BorrowedFd<'_>) -> io::Result<usize> {
    // SAFETY: any bytes are a number.
    let size: i32 = unsafe { option(fd, libc::SO_RCVBUF) }?;
    Ok(usize::try_from(size).unwrap_or(0))
}

/// Protocol of a socket (`NETLINK_*`).
pub(crate) fn protocol(fd: BorrowedFd<'_>) -> io::Result<u16> {
    // SAFETY: any bytes are a number.
    let protocol: i32 = unsafe { option(fd, libc::SO_PROTOCOL) }?;
    Ok(u16::try_from(protocol).unwrap_or(0))
}

/// How long a receive waits; zero is for ever.
pub(crate) fn set_receive_timeout(fd: BorrowedFd<'_>, limit: Duration) -> io::Result<()> {
    let limit = libc::timeval {
        tv_sec: limit.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_usec: i32::try_from(limit.subsec_micros()).unwrap_or(0).into(),
    };
    // SAFETY: two numbers hold no pointer.
    unsafe { set_option(fd, libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit) }
}

/// An option of the level `SOL_SOCKET`.
///
/// # Safety
///
/// Any bytes must be a `T`.
unsafe fn option<T: Default>(fd: BorrowedFd<'_>, name: i32) -> io::Result<T> {
    let mut value = T::default();
    let mut length = length_of::<T>();
    // SAFETY: both pointers are to live locals, and `length` holds the size of the first, which may hold any bytes.
    let returned =
        unsafe { libc::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, name, (&raw mut value).cast(), &raw mut length) };
    outcome(returned).map(|_| value)
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
    // SAFETY: any bytes are a number.
    unsafe { option(fd, SO_NETNS_COOKIE) }
}

/// A descriptor of the network namespace of a socket (`SIOCGSKNS`); needs `CAP_NET_ADMIN` in there.
pub(crate) fn namespace_of(fd: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    /// `SIOCGSKNS` (`linux/sockios.h`).
    const SIOCGSKNS: libc::Ioctl = 0x894c;
    // SAFETY: the request takes no argument, so the kernel touches no memory of ours.
    let returned = unsafe { libc::ioctl(fd.as_raw_fd(), SIOCGSKNS) };
    // SAFETY: the call has returned a new descriptor or -1.
    unsafe { made(returned) }
}

/// `struct ifreq` (`linux/if.h`) as the ioctls of `/dev/net/tun` use it: a name and flags.
#[repr(C, align(8))]
pub(crate) struct TunRequest {
    /// Name of the device, then zeros.
    pub(crate) name: [u8; libc::IFNAMSIZ],
    /// `IFF_TUN`, `IFF_NO_PI` … (`linux/if_tun.h`).
    pub(crate) flags: u16,
    rest: [u8; Self::REST],
}

const _: () = {
    use std::mem::offset_of;
    assert!(size_of::<TunRequest>() == size_of::<libc::ifreq>());
    assert!(align_of::<TunRequest>() >= align_of::<libc::ifreq>());
    assert!(offset_of!(TunRequest, name) == offset_of!(libc::ifreq, ifr_name));
    assert!(offset_of!(TunRequest, flags) == offset_of!(libc::ifreq, ifr_ifru));
};

impl TunRequest {
    const REST: usize = size_of::<libc::ifreq>() - libc::IFNAMSIZ - size_of::<u16>();

    pub(crate) fn new(name: [u8; libc::IFNAMSIZ], flags: u16) -> Self {
        Self { name, flags, rest: [0; Self::REST] }
    }
}

/// Ioctls of `/dev/net/tun` that take or fill a [`TunRequest`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum TunIoctl {
    SetInterface,
    GetInterface,
    SetQueue,
}

/// Has `/dev/net/tun` read a request, and write into it what came of it.
pub(crate) fn tun_ioctl(fd: BorrowedFd<'_>, which: TunIoctl, request: &mut TunRequest) -> io::Result<()> {
    let number = match which {
        TunIoctl::SetInterface => libc::TUNSETIFF,
        TunIoctl::GetInterface => libc::TUNGETIFF,
        TunIoctl::SetQueue => libc::TUNSETQUEUE,
    };
    // SAFETY: each of these ioctls reads and writes at most one `struct ifreq`, of which the pointer, exclusively
    // borrowed, has the size and the alignment (checked above), and any bytes are a `TunRequest`. Should the descriptor
    // be of another driver, it refuses the number: the letter `T` with these is tun's alone.
    let returned = unsafe { libc::ioctl(fd.as_raw_fd(), number, std::ptr::from_mut(request)) };
    outcome(returned).map(drop)
}

/// Settings of an open tun or tap that are a number, passed as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TunSetting {
    Persist,
    Owner,
    Group,
    Offload,
}

/// Sets a number of an open tun or tap.
pub(crate) fn set_tun(fd: BorrowedFd<'_>, which: TunSetting, value: u32) -> io::Result<()> {
    let number = match which {
        TunSetting::Persist => libc::TUNSETPERSIST,
        TunSetting::Owner => libc::TUNSETOWNER,
        TunSetting::Group => libc::TUNSETGROUP,
        TunSetting::Offload => libc::TUNSETOFFLOAD,
    };
    // SAFETY: the argument of these ioctls is a number, not a pointer, so no memory of ours is touched.
    let returned = unsafe { libc::ioctl(fd.as_raw_fd(), number, libc::c_ulong::from(value)) };
    outcome(returned).map(drop)
}

/// Integers of an open tun or tap that the kernel reads or writes through a pointer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TunInteger {
    Features,
    GetHeaderSize,
    SetHeaderSize,
    SetCarrier,
    SetIndex,
}

/// Has an integer of an open tun or tap read from `value`, or written to it.
pub(crate) fn tun_integer(fd: BorrowedFd<'_>, which: TunInteger, value: &mut u32) -> io::Result<()> {
    let number = match which {
        TunInteger::Features => libc::TUNGETFEATURES,
        TunInteger::GetHeaderSize => libc::TUNGETVNETHDRSZ,
        TunInteger::SetHeaderSize => libc::TUNSETVNETHDRSZ,
        TunInteger::SetCarrier => libc::TUNSETCARRIER,
        TunInteger::SetIndex => libc::TUNSETIFINDEX,
    };
    // SAFETY: each of these ioctls reads or writes one `int` or `unsigned int`, which has the size of the `u32` that
    // the pointer exclusively borrows.
    let returned = unsafe { libc::ioctl(fd.as_raw_fd(), number, std::ptr::from_mut(value)) };
    outcome(returned).map(drop)
}

/// Commands of `bpf(2)` (`enum bpf_cmd`, `linux/bpf.h`).
#[derive(Clone, Copy, Debug)]
enum BpfCommand {
    CreateMap = 0,
    Update = 2,
    LoadProgram = 5,
    Pin = 6,
    Open = 7,
    LoadTypes = 18,
    Freeze = 22,
}

/// Has the kernel do a command of `bpf(2)`; those that return no descriptor return 0.
///
/// # Safety
///
/// `T` must begin as the part of `union bpf_attr` that the command reads and writes, without padding, and each pointer in
/// it must be valid for what the command does with it.
unsafe fn bpf<T>(command: BpfCommand, attributes: &mut T) -> io::Result<i32> {
    #[expect(clippy::as_conversions, reason = "its number")]
    let command = command as i32;
    // SAFETY: the pointer is exclusively borrowed and the size is that of its type; the rest is the caller's promise.
    let returned = unsafe { libc::syscall(libc::SYS_bpf, command, std::ptr::from_mut(attributes), size_of::<T>()) };
    outcome(returned)?;
    // What is not negative is a descriptor or 0.
    i32::try_from(returned).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// A pointer as `bpf(2)` wants it: 64 bits wide on every machine, and null for nothing.
fn bpf_pointer<T>(to: &[T]) -> u64 {
    if to.is_empty() { 0 } else { u64::try_from(to.as_ptr().expose_provenance()).unwrap_or(0) }
}

/// A length as `bpf(2)` wants it.
fn bpf_length<T>(of: &[T]) -> io::Result<u32> {
    u32::try_from(of.len()).map_err(|_| io::ErrorKind::InvalidInput.into())
}

/// What `BPF_MAP_CREATE` takes: numbers alone.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct BpfMap {
    /// `BPF_MAP_TYPE_*`.
    pub(crate) kind: u32,
    /// Size of a key, in bytes.
    pub(crate) key_size: u32,
    /// Size of a value, in bytes.
    pub(crate) value_size: u32,
    /// Most entries.
    pub(crate) entries: u32,
    /// `BPF_F_*`.
    pub(crate) flags: u32,
    /// Descriptor of a map like those that it holds; 0 for none.
    pub(crate) inner_map: u32,
    /// Node of memory, with its flag.
    pub(crate) numa_node: u32,
    /// Name, then zeros.
    pub(crate) name: [u8; BPF_NAME],
    /// Index of the link whose device has the map; 0 for the kernel.
    pub(crate) device: u32,
    /// Descriptor of the types.
    pub(crate) types: i32,
    /// Type of a key.
    pub(crate) key_type: u32,
    /// Type of a value.
    pub(crate) value_type: u32,
}

/// Bytes of a name (`BPF_OBJ_NAME_LEN`), its zero among them.
pub(crate) const BPF_NAME: usize = 16;

/// Makes a map.
pub(crate) fn bpf_create_map(mut map: BpfMap) -> io::Result<OwnedFd> {
    // SAFETY: twelve numbers of four bytes and a name, as `union bpf_attr` begins for this command; no pointer.
    let returned = unsafe { bpf(BpfCommand::CreateMap, &mut map) }?;
    // SAFETY: the command has returned a new descriptor.
    unsafe { made(returned) }
}

/// Makes an array whose one entry holds `data`; kind and sizes are set here.
pub(crate) fn bpf_create_data(map: BpfMap, data: &[u8]) -> io::Result<OwnedFd> {
    const BPF_MAP_TYPE_ARRAY: u32 = 2;
    #[repr(C)]
    struct Update {
        map: i32,
        zero: u32,
        key: u64,
        value: u64,
        flags: u64,
    }
    let key = [0u32];
    let fd = bpf_create_map(BpfMap {
        kind: BPF_MAP_TYPE_ARRAY,
        key_size: 4,
        value_size: bpf_length(data)?,
        entries: 1,
        ..map
    })?;
    let mut update =
        Update { map: fd.as_raw_fd(), zero: 0, key: bpf_pointer(&key), value: bpf_pointer(data), flags: 0 };
    // SAFETY: the layout is the command's. The kernel reads a key of 4 bytes and a value of as many bytes as `data` has:
    // that is what the map was made with just above.
    unsafe { bpf(BpfCommand::Update, &mut update) }?;
    Ok(fd)
}

/// Takes from everyone the right to write a map by system calls.
pub(crate) fn bpf_freeze(map: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: a descriptor is all that the command takes.
    unsafe { bpf(BpfCommand::Freeze, &mut map.as_raw_fd()) }.map(drop)
}

/// Gives the kernel descriptions of types (BTF).
pub(crate) fn bpf_load_types(types: &[u8]) -> io::Result<OwnedFd> {
    #[repr(C)]
    struct Types {
        types: u64,
        log: u64,
        size: u32,
        log_size: u32,
        log_level: u32,
        log_true_size: u32,
    }
    let mut attributes = Types {
        types: bpf_pointer(types),
        log: 0,
        size: bpf_length(types)?,
        log_size: 0,
        log_level: 0,
        log_true_size: 0,
    };
    // SAFETY: the layout is the command's; the pointer is to `size` bytes that outlive the call, and the kernel reads only.
    let returned = unsafe { bpf(BpfCommand::LoadTypes, &mut attributes) }?;
    // SAFETY: the command has returned a new descriptor.
    unsafe { made(returned) }
}

/// What `BPF_PROG_LOAD` takes that is a number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BpfProgram {
    /// `BPF_PROG_TYPE_*`.
    pub(crate) kind: u32,
    /// `BPF_F_*`.
    pub(crate) flags: u32,
    /// Name, then zeros.
    pub(crate) name: [u8; BPF_NAME],
    /// Index of the link whose device runs the program; 0 for the kernel.
    pub(crate) device: u32,
    /// `enum bpf_attach_type`.
    pub(crate) attach_type: u32,
    /// Descriptor of the types; 0 for none.
    pub(crate) types: i32,
    /// How much the verifier tells; 0 for nothing.
    pub(crate) log_level: u32,
}

/// Loads a program. `functions` and `lines` are records of its types, of 8 and 16 bytes; the verifier's words go to `log`,
/// in the end a zero.
pub(crate) fn bpf_load_program(
    program: &BpfProgram,
    instructions: &[[u8; 8]],
    license: &CStr,
    functions: &[[u8; 8]],
    lines: &[[u8; 16]],
    log: &mut [u8],
) -> io::Result<OwnedFd> {
    #[repr(C)]
    struct Load {
        kind: u32,
        instructions_count: u32,
        instructions: u64,
        license: u64,
        log_level: u32,
        log_size: u32,
        log: u64,
        kernel_version: u32,
        flags: u32,
        name: [u8; BPF_NAME],
        device: u32,
        attach_type: u32,
        types: i32,
        function_size: u32,
        functions: u64,
        functions_count: u32,
        line_size: u32,
        lines: u64,
        lines_count: u32,
        attach_type_id: u32,
    }
    let size_of_record = |size, none| if none { 0 } else { size };
    let mut load = Load {
        kind: program.kind,
        instructions_count: bpf_length(instructions)?,
        instructions: bpf_pointer(instructions),
        license: bpf_pointer(license.to_bytes_with_nul()),
        log_level: program.log_level,
        log_size: bpf_length(log)?,
        // The kernel writes through it.
        log: if log.is_empty() { 0 } else { u64::try_from(log.as_mut_ptr().expose_provenance()).unwrap_or(0) },
        kernel_version: 0,
        flags: program.flags,
        name: program.name,
        device: program.device,
        attach_type: program.attach_type,
        types: program.types,
        function_size: size_of_record(8, functions.is_empty()),
        functions: bpf_pointer(functions),
        functions_count: bpf_length(functions)?,
        line_size: size_of_record(16, lines.is_empty()),
        lines: bpf_pointer(lines),
        lines_count: bpf_length(lines)?,
        attach_type_id: 0,
    };
    // SAFETY: the layout is the command's, eight bytes aligned and without padding. Each pointer stands beside the count
    // of what it is to, in records of the size that is told (instructions have 8 bytes), all of which outlive the call;
    // the licence ends in a zero. The kernel writes to the log alone, which is exclusively borrowed.
    let returned = unsafe { bpf(BpfCommand::LoadProgram, &mut load) }?;
    // SAFETY: the command has returned a new descriptor.
    unsafe { made(returned) }
}

/// What `BPF_OBJ_PIN` and `BPF_OBJ_GET` take.
#[repr(C)]
struct BpfPin {
    path: u64,
    object: i32,
    flags: u32,
}

impl BpfPin {
    fn new(path: &CStr, object: i32) -> Self {
        Self { path: bpf_pointer(path.to_bytes_with_nul()), object, flags: 0 }
    }
}

/// Pins a program or a map at a path of a BPF file system.
pub(crate) fn bpf_pin(object: BorrowedFd<'_>, path: &CStr) -> io::Result<()> {
    // SAFETY: the layout is the command's; the path ends in a zero and outlives the call, and the kernel reads only.
    unsafe { bpf(BpfCommand::Pin, &mut BpfPin::new(path, object.as_raw_fd())) }.map(drop)
}

/// Opens what is pinned at a path.
pub(crate) fn bpf_open(path: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: as for pinning.
    let returned = unsafe { bpf(BpfCommand::Open, &mut BpfPin::new(path, 0)) }?;
    // SAFETY: the command has returned a new descriptor.
    unsafe { made(returned) }
}

/// Index of the link with this name in the network namespace of the calling thread.
pub(crate) fn link_index(name: &CStr) -> io::Result<u32> {
    // SAFETY: the pointer is to a string that ends in a zero and outlives the call, which reads only.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    if index == 0 { Err(io::Error::last_os_error()) } else { Ok(index) }
}

/// What is known of a datagram beside its bytes.
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
    let mut sender = address(0, 0);
    sender.nl_family = 0;
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let header = MaybeUninit::<libc::msghdr>::zeroed();
    // SAFETY: all fields of `msghdr` are numbers and raw pointers, for which zero is a value.
    let mut header = unsafe { header.assume_init() };
    header.msg_name = (&raw mut sender).cast();
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
    Ok(Message { length, sender: is_netlink(&sender).then_some(sender) })
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
