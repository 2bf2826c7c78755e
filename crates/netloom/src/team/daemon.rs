//! `teamd`, which runs a team by a configuration.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    io::{self, Read},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use netloom_socket::Namespace;
use netloom_wire::{Errno, Error, ErrorKind, Result};

/// How long `teamd` may take to say that it runs, or that it does not, unless told otherwise.
const LIMIT: Duration = Duration::from_secs(30);
/// How long it may take to stop one that came up too slowly.
const STOPPING: Duration = Duration::from_secs(5);
/// How long is waited for its last words, which a child of it may keep from ending.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often is looked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);
/// How much of its words is kept, in bytes.
const KEPT: usize = 4096;

/// The daemon of one team: `teamd` (`teamd(8)`), which makes the link, runs it by a configuration in JSON
/// (`teamd.conf(5)`), and takes the link with it when it is stopped. It ends by itself when somebody deletes the link.
///
/// Its files are in `/run/teamd`, by the name of the team, whichever network namespace it is in.
///
/// ```no_run
/// use netloom::{IpRoute, link, team::Daemon};
///
/// let daemon = Daemon::new("team0", r#"{"runner": {"name": "lacp"}}"#);
/// daemon.start()?;
/// let mut ipr = IpRoute::open()?;
/// let team = ipr.link("team0")?;
/// ipr.run(&link::Set::new("eth1").master(team.index()))?;
/// daemon.stop()?;
/// # Ok::<(), netloom::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Daemon {
    name: String,
    config: String,
    program: PathBuf,
    namespace: Option<Namespace>,
    limit: Duration,
}

impl Daemon {
    /// Of the team with this name, by this configuration; a `device` in there does not count.
    pub fn new(name: &str, config: &str) -> Self {
        Self {
            name: name.to_owned(),
            config: config.to_owned(),
            program: "teamd".into(),
            namespace: None,
            limit: LIMIT,
        }
    }

    /// The program to start; `teamd`, from where `PATH` has it, by default.
    #[must_use]
    pub fn program(self, path: impl Into<PathBuf>) -> Self {
        Self { program: path.into(), ..self }
    }

    /// The network namespace to be in; the calling thread's by default.
    #[must_use]
    pub fn namespace(self, namespace: Namespace) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// How long it may take to come up, or to end; 30 s by default.
    #[must_use]
    pub fn limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Starts it, and waits until the link is there.
    ///
    /// # Errors
    /// If the program is not there, or ends badly, with its last words; then there is no link. [`ErrorKind::Timeout`] if
    /// it says nothing in time: it is killed and what it has started is stopped, or the error says that this may go on.
    pub fn start(&self) -> Result<()> {
        let config = ["-c", &self.config].map(OsString::from);
        let another = self.check().map_err(|error| error.about(self.asked("start")))?;
        self.run("start", &[&["-d".into()], &config[..]].concat()).map_err(|error| {
            if !error.is_timeout() {
                return error;
            }
            // What is in the background by now is known by the team's name alone.
            let stopped = !another && self.clone().limit(self.limit.min(STOPPING)).stop().is_ok();
            let what = if stopped { "what it had started was stopped" } else { "what it may have started goes on" };
            Error::new(error.kind(), format!("{error}; {what}"))
        })
    }

    /// Stops it; the link goes with it.
    ///
    /// # Errors
    /// As [`Daemon::start`]; if it does not run.
    pub fn stop(&self) -> Result<()> {
        self.run("stop", &["-k".into()])
    }

    /// Whether it runs.
    ///
    /// # Errors
    /// If the program is not there, or does not end in time.
    pub fn is_running(&self) -> Result<bool> {
        self.check().map_err(|error| error.about(self.asked("check")))
    }

    fn check(&self) -> Result<bool> {
        self.within(|| self.finish(&["-e".into()]).map(|(status, _)| status.success()))
    }

    fn run(&self, verb: &'static str, words: &[OsString]) -> Result<()> {
        let work = || match self.finish(words)? {
            (status, _) if status.success() => Ok(()),
            (status, said) => {
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                Err(Error::new(ErrorKind::System, format!("{} ended with {status}{said}", self.program.display())))
            }
        };
        self.within(work).map_err(|error| error.about(self.asked(verb)))
    }

    fn asked<'a>(&'a self, verb: &'static str) -> impl fmt::Display + use<'a> {
        format!("{verb} the daemon of team {}", self.name)
    }

    /// Works inside the namespace: a child is where the thread was that started it.
    fn within<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        match &self.namespace {
            // Where the thread is already takes no right.
            Some(namespace) if !namespace.is_current() => namespace.run(work)?,
            _ => work(),
        }
    }

    /// Runs the program to its end: how it ended, and its last words.
    fn finish(&self, words: &[OsString]) -> Result<(ExitStatus, String)> {
        let (mut said, theirs) = Words::new().map_err(|e| system(&e, "make a socket pair"))?;
        let mut command = Command::new(&self.program);
        command.args(["-t", &self.name]).args(words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(theirs);
        let mut child = command.spawn().map_err(|e| missing(&self.program, &e))?;
        // It holds the other end, which only its children may have now.
        drop(command);
        let begin = Instant::now();
        loop {
            said.hear();
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok((status, String::new())),
                Ok(Some(status)) => return Ok((status, said.last())),
                Ok(None) if begin.elapsed() < self.limit => thread::sleep(PAUSE),
                Ok(None) => {
                    // It may have ended meanwhile, which is as good.
                    let _ = child.kill();
                    let _ = child.wait();
                    let seconds = self.limit.as_secs_f32();
                    let what = format!("{} said nothing for {seconds} s and was killed", self.program.display());
                    return Err(Error::new(ErrorKind::Timeout, what));
                }
                Err(e) => return Err(system(&e, "wait")),
            }
        }
    }
}

/// What a child says. Whoever it has started may hold the other end for ever.
struct Words {
    from: UnixStream,
    /// The end of it.
    kept: Vec<u8>,
    over: bool,
}

impl Words {
    /// The second is the child's.
    fn new() -> io::Result<(Self, Stdio)> {
        let (from, theirs) = UnixStream::pair()?;
        from.set_nonblocking(true)?;
        Ok((Self { from, kept: Vec::new(), over: false }, OwnedFd::from(theirs).into()))
    }

    /// Takes in what was said by now, as far as nobody says more and more meanwhile.
    fn hear(&mut self) {
        let mut chunk = [0; KEPT];
        for _ in 0..64 {
            match self.from.read(&mut chunk) {
                Ok(length @ 1..) => self.kept.extend_from_slice(chunk.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Ok(0) | Err(_) => {
                    self.over = true;
                    break;
                }
            }
            let surplus = self.kept.len().saturating_sub(KEPT);
            self.kept.drain(..surplus);
        }
    }

    /// The last line of what was said.
    fn last(mut self) -> String {
        let begin = Instant::now();
        while !self.over && begin.elapsed() < LAST_WORDS {
            self.hear();
            thread::sleep(PAUSE);
        }
        let text = String::from_utf8_lossy(&self.kept);
        text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
    }
}

fn missing(program: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        let package = if program.file_name() == Some(OsStr::new("teamd")) { "; is teamd installed?" } else { "" };
        return Error::system(Errno::ENOENT, format!("there is no program {}{package}", program.display()));
    }
    system(error, "start it")
}

fn system(error: &io::Error, what: &'static str) -> Error {
    match error.raw_os_error() {
        Some(number) => Error::system(Errno(number), what),
        None => Error::new(ErrorKind::System, format!("{what}: {error}")),
    }
}
