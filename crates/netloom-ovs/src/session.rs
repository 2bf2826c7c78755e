//! One connection to the database: JSON-RPC 1.0 over a Unix socket (RFC 7047 §4), within a deadline.

use std::{
    fmt,
    io::{self, ErrorKind as Io},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use netloom_wire::{Errno, Error, ErrorKind, Result};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrUnix, SocketFlags, SocketType, connect, recv, send, socket_with,
};
use serde_json::{Value, json};

use crate::frames::Frames;

/// Bytes that are received at a time.
const PIECE: usize = 1 << 16;

/// So many pieces at most are taken at once of what a monitor tells.
const PIECES: usize = 64;

/// Until when something has to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// None: a time that lies beyond what clocks count.
    at: Option<Instant>,
    within: Duration,
}

impl Deadline {
    pub(crate) fn within(within: Duration) -> Self {
        Self { at: Instant::now().checked_add(within), within }
    }

    /// What is left, none when it is over.
    pub(crate) fn left(&self) -> Option<Duration> {
        match self.at {
            None => Some(self.within),
            Some(at) => at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()),
        }
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "within {:?}", self.within)
    }
}

/// How a question ended without an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The database had not got the whole question.
    Unsent(Error),
    /// It had, and what it did is not known.
    Unanswered(Error),
    /// It refused.
    Refused(Error),
}

impl Failure {
    /// Whether nobody answered in time.
    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self, Self::Unsent(error) | Self::Unanswered(error) | Self::Refused(error) if error.is_timeout())
    }

    /// For questions that change nothing.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Unsent(error) | Self::Unanswered(error) | Self::Refused(error) => error,
        }
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Session {
    stream: UnixStream,
    path: PathBuf,
    frames: Frames,
    /// What is received at a time.
    piece: Box<[u8]>,
    asked: u64,
    /// The last question that was answered.
    answered: u64,
    /// `update` notifications of a monitor that nobody has taken yet: what follows the monitor's name.
    updates: Vec<Value>,
}

impl Session {
    pub(crate) fn open(path: &Path, deadline: Deadline) -> Result<Self> {
        let problem = |e: rustix::io::Errno| unreachable(path, &e.into());
        let address = SocketAddrUnix::new(path).map_err(|_| {
            let detail = format!("{} is too long for the path of a socket", path.display());
            Error::new(ErrorKind::InvalidInput, detail)
        })?;
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).map_err(problem)?;
        // A server that accepts nothing has a full queue: there is nothing to poll for, one has to try again.
        while let Err(e) = connect(&socket, &address) {
            match e {
                rustix::io::Errno::AGAIN if deadline.left().is_some() => thread::sleep(Duration::from_millis(10)),
                rustix::io::Errno::AGAIN => return Err(silent(path, deadline)),
                rustix::io::Errno::INTR => {}
                e => return Err(problem(e)),
            }
        }
        let stream = UnixStream::from(socket);
        stream.set_nonblocking(false).map_err(|e| broken(path, &e))?;
        let (frames, piece) = (Frames::default(), vec![0; PIECE].into_boxed_slice());
        Ok(Self { stream, path: path.to_owned(), frames, piece, asked: 0, answered: 0, updates: Vec::new() })
    }

    /// Asks `method` and waits for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value, deadline: Deadline) -> Result<Value, Failure> {
        let asked = self.begin(method, params, deadline).map_err(Failure::Unsent)?;
        let id = json!(asked);
        loop {
            let mut message = self.read(deadline).map_err(Failure::Unanswered)?;
            self.handle(&message, deadline).map_err(Failure::Unanswered)?;
            if message.get("method").is_some() || message.get("id") != Some(&id) {
                continue;
            }
            return match message.get("error") {
                None | Some(Value::Null) => Ok(message.get_mut("result").map(Value::take).unwrap_or_default()),
                Some(error) => Err(Failure::Refused(refused(error))),
            };
        }
    }

    /// Asks `method` and does not wait: the number of the question, which [`Self::has_answered`] knows.
    pub(crate) fn begin(&mut self, method: &str, params: &Value, deadline: Deadline) -> Result<u64> {
        self.asked = self.asked.wrapping_add(1);
        self.write(&json!({"method": method, "params": params, "id": self.asked}), deadline)?;
        Ok(self.asked)
    }

    /// Whether a question was answered, as far as was read: the database answers in the order of the questions.
    pub(crate) fn has_answered(&self, question: u64) -> bool {
        self.answered >= question
    }

    /// What a monitor has told since, without waiting. An end of the connection is an error.
    pub(crate) fn poll_updates(&mut self, deadline: Deadline) -> Result<Vec<Value>> {
        for _ in 0..PIECES {
            match self.receive(RecvFlags::DONTWAIT) {
                Ok(()) => {}
                Err(e) if e.kind() == Io::WouldBlock => break,
                Err(e) => return Err(broken(&self.path, &e)),
            }
        }
        while let Some(message) = self.next()? {
            self.handle(&message, deadline)?;
        }
        Ok(std::mem::take(&mut self.updates))
    }

    /// The connection, to be waited for.
    pub(crate) fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// What the server asks or tells of its own accord, and that it has answered.
    fn handle(&mut self, message: &Value, deadline: Deadline) -> Result<()> {
        match message.get("method").and_then(Value::as_str) {
            // Whoever does not answer is taken for dead.
            Some("echo") => {
                let answer = json!({"id": message.get("id"), "result": message.get("params"), "error": null});
                self.write(&answer, deadline)
            }
            Some("update") => {
                let told = message.get("params").and_then(|params| params.get(1)).cloned();
                self.updates.extend(told);
                Ok(())
            }
            Some(_) => Ok(()),
            None => {
                self.answered = message.get("id").and_then(Value::as_u64).unwrap_or(0).max(self.answered);
                Ok(())
            }
        }
    }

    fn write(&self, message: &Value, deadline: Deadline) -> Result<()> {
        let text = message.to_string();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let left = deadline.left().ok_or_else(|| silent(&self.path, deadline))?;
            self.stream.set_write_timeout(Some(left)).map_err(|e| broken(&self.path, &e))?;
            match send(&self.stream, rest, SendFlags::NOSIGNAL) {
                Ok(sent) => rest = rest.get(sent..).unwrap_or_default(),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(e) => return Err(broken(&self.path, &e.into())),
            }
        }
        Ok(())
    }

    /// The next message, waited for.
    fn read(&mut self, deadline: Deadline) -> Result<Value> {
        loop {
            if let Some(message) = self.next()? {
                return Ok(message);
            }
            let left = deadline.left().ok_or_else(|| silent(&self.path, deadline))?;
            self.stream.set_read_timeout(Some(left)).map_err(|e| broken(&self.path, &e))?;
            match self.receive(RecvFlags::empty()) {
                Ok(()) => {}
                Err(e) if matches!(e.kind(), Io::WouldBlock | Io::TimedOut | Io::Interrupted) => {}
                Err(e) => return Err(broken(&self.path, &e)),
            }
        }
    }

    /// The next message of those that have come.
    fn next(&mut self) -> Result<Option<Value>> {
        let Some(frame) = self.frames.next()? else { return Ok(None) };
        let message = serde_json::from_slice(&frame);
        message.map(Some).map_err(|e| Error::new(ErrorKind::Decode, format!("the database sent broken JSON: {e}")))
    }

    /// Receives once.
    fn receive(&mut self, flags: RecvFlags) -> io::Result<()> {
        let (count, _) = recv(&self.stream, &mut *self.piece, flags)?;
        if count == 0 {
            return Err(io::Error::new(Io::UnexpectedEof, "it closed the connection"));
        }
        self.frames.push(self.piece.get(..count).unwrap_or_default());
        Ok(())
    }
}

/// There is no connecting to the socket.
fn unreachable(path: &Path, problem: &io::Error) -> Error {
    let path = path.display();
    let detail = match problem.kind() {
        Io::NotFound => format!("Open vSwitch is not running: no database socket at {path}"),
        Io::ConnectionRefused => format!("Open vSwitch is not running: nobody listens at the database socket {path}"),
        _ => return system(problem, format!("connect to the database at {path}")),
    };
    Error::new(ErrorKind::Unsupported, detail)
}

/// The connection ended.
fn broken(path: &Path, problem: &io::Error) -> Error {
    let path = path.display();
    match problem.kind() {
        Io::UnexpectedEof | Io::BrokenPipe | Io::ConnectionReset => {
            Error::new(ErrorKind::Service, format!("the database at {path} closed the connection"))
        }
        _ => system(problem, format!("talk to the database at {path}")),
    }
}

fn silent(path: &Path, deadline: Deadline) -> Error {
    Error::new(ErrorKind::Timeout, format!("no answer from the database at {} {deadline}", path.display()))
}

fn system(problem: &io::Error, what: String) -> Error {
    match problem.raw_os_error() {
        Some(number) => Error::system(Errno(number), what),
        None => Error::new(ErrorKind::Service, format!("{what}: {problem}")),
    }
}

/// The database's words about an error object, or about whatever it sends instead.
pub(crate) fn refused(error: &Value) -> Error {
    let text = |key: &str| error.get(key).and_then(Value::as_str);
    let detail = match (text("error"), text("details")) {
        (Some(error), Some(details)) => format!("{details} ({error})"),
        (Some(error), None) => error.to_owned(),
        _ => error.to_string(),
    };
    Error::new(ErrorKind::Service, detail)
}
