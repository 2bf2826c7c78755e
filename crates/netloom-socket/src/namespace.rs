//! Network namespaces, and making sockets inside them.

use std::{
    fmt,
    fs::{self, File},
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::Path,
    sync::Arc,
    thread,
};

use netloom_wire::{Errno, Error, ErrorKind, Result};

use crate::sys;

/// Where iproute2 keeps the namespaces that have names.
const NAMED: &str = "/run/netns";
/// The namespace of the thread that looks.
const OWN: &str = "/proc/thread-self/ns/net";

/// A network namespace, held by a descriptor: it lives at least as long as this value and its clones.
///
/// Sockets are made in it by a thread that is started for this, enters the namespace and ends. No thread of the caller's
/// ever changes its namespace, and nothing forks. Entering needs `CAP_SYS_ADMIN`, both in the user namespace that owns
/// the network namespace and in the caller's own.
///
/// ```no_run
/// use netloom_socket::{Namespace, SocketOptions};
///
/// # fn main() -> Result<(), netloom_wire::Error> {
/// let options = SocketOptions::new().namespace(Namespace::named("blue")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Namespace {
    file: Arc<File>,
    /// How the caller called it, for errors.
    name: Arc<str>,
}

impl Namespace {
    /// The namespace that `ip netns` knows by this name: `/run/netns/NAME`.
    pub fn named(name: &str) -> Result<Self> {
        if name.is_empty() || name == "." || name == ".." || name.contains('/') {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "a network namespace's name is a file name without slashes",
            )
            .about(Entering(&format!("{name:?}"))));
        }
        Self::open(&Path::new(NAMED).join(name), name.into())
    }

    /// The namespace that a file stands for: a bind mount of it, or `/proc/PID/ns/net`.
    pub fn path(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::open(path, path.display().to_string())
    }

    /// The namespace that a process is in; `pid` as this process sees it.
    pub fn of_process(pid: u32) -> Result<Self> {
        Self::open(Path::new(&format!("/proc/{pid}/ns/net")), format!("of process {pid}"))
    }

    /// The namespace that a descriptor stands for: of a namespace file, or a pidfd (Linux 5.8).
    ///
    /// Whether it is one shows when a socket is opened in it.
    pub fn from_fd(fd: impl Into<OwnedFd>) -> Self {
        let fd = fd.into();
        let name = format!("of descriptor {fd:?}").into();
        Self { file: Arc::new(File::from(fd)), name }
    }

    /// The namespace of the calling thread.
    pub fn current() -> Result<Self> {
        Self::open(Path::new(OWN), "of this thread".into())
    }

    fn open(path: &Path, name: String) -> Result<Self> {
        // `File` opens with O_CLOEXEC.
        let opened =
            File::open(path).map_err(|e| failed(&e, format!("open {}", path.display())).about(Entering(&name)));
        Ok(Self { file: Arc::new(opened?), name: name.into() })
    }

    /// Runs `work` on a thread of its own inside the namespace, and waits for it.
    ///
    /// In there `/proc/thread-self/net` is the namespace's, but `/proc/self/net` and `/sys/class/net` are not.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        let mut work = Some(work);
        let mut done = None;
        self.enter_and_call(&mut || done = work.take().map(|work| work()))?;
        // A thread that was joined has called it.
        done.ok_or_else(|| Error::new(ErrorKind::System, "nothing was done").about(Entering(&self.name)))
    }

    /// The part of [`Namespace::run`] that does not depend on what is run: a thread's machinery is compiled once.
    fn enter_and_call(&self, work: &mut (dyn FnMut() + Send)) -> Result<()> {
        let enter_and_work = || {
            sys::enter_network_namespace(self.file.as_fd())
                .map_err(|e| failed(&e, "setns").about(Entering(&self.name)))?;
            work();
            Ok(())
        };
        thread::scope(|scope| {
            let started = thread::Builder::new().name("netloom-netns".into()).spawn_scoped(scope, enter_and_work);
            let thread = started.map_err(|e| failed(&e, "start a thread").about(Entering(&self.name)))?;
            // A panic of the caller's closure goes on in the caller's thread.
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// Whether the calling thread is in it.
    pub fn is_current(&self) -> bool {
        let own = fs::metadata(OWN).ok().map(|own| (own.dev(), own.ino()));
        own.zip(self.identity()).is_some_and(|(own, this)| own == this)
    }

    /// Whether both are the same one. Two that cannot be looked at are not.
    pub fn is_same(&self, other: &Self) -> bool {
        self.identity().zip(other.identity()).is_some_and(|(this, other)| this == other)
    }

    /// A namespace is known by device and inode of its file.
    fn identity(&self) -> Option<(u64, u64)> {
        self.file.metadata().ok().map(|file| (file.dev(), file.ino()))
    }

    /// Runs `work` inside the namespace: here if the calling thread is in it, which needs no right, else on a thread.
    pub(crate) fn within<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        if self.is_current() { Ok(work()) } else { self.run(work) }
    }
}

impl AsFd for Namespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Namespace").field("name", &self.name).field("fd", &self.file).finish()
    }
}

/// What was asked, for errors.
struct Entering<'a>(&'a str);

impl fmt::Display for Entering<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "enter network namespace {}", self.0)
    }
}

/// A system call's error as ours; `what` says which call.
pub(crate) fn failed(error: &io::Error, what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    match error.raw_os_error() {
        Some(errno) => Error::system(Errno(errno), what),
        None => Error::new(ErrorKind::System, format!("{}: {error}", what.into())),
    }
}
