//! `teamd`, which runs a team by a configuration.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use netloom_socket::Namespace;
use netloom_wire::{Errno, Error, ErrorKind, Result};

/// How long `teamd` may take to say that it runs, or that it does not, unless told otherwise.
const LIMIT: Duration = Duration::from_secs(30);
/// How long is waited for its last words, which a child of it may keep from ending.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often is looked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

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
    /// it says nothing in time: it is killed, but what it has started by then may go on.
    pub fn start(&self) -> Result<()> {
        let config = ["-c", &self.config].map(OsString::from);
        self.run("start", &[&["-d".into()], &config[..]].concat())
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
        let work = || self.finish(&["-e".into()]).map(|(status, _)| status.success());
        self.within(work).map_err(|error| error.about(self.asked("check")))
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
            Some(namespace) => namespace.run(work)?,
            None => work(),
        }
    }

    /// Runs the program to its end: how it ended, and its last words.
    fn finish(&self, words: &[OsString]) -> Result<(ExitStatus, String)> {
        let mut command = Command::new(&self.program);
        command.args(["-t", &self.name]).args(words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| missing(&self.program, &e))?;
        let said = listen(&mut child);
        let begin = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok((status, last_words(&said))),
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

/// Collects what a child says, on a thread: whoever it has started may hold the pipe for ever.
fn listen(child: &mut Child) -> mpsc::Receiver<Vec<u8>> {
    let (tell, said) = mpsc::channel();
    if let Some(mut pipe) = child.stderr.take() {
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                let Some(chunk) = chunk.get(..length) else { break };
                if tell.send(chunk.to_vec()).is_err() {
                    break;
                }
            }
        });
    }
    said
}

/// The last line of what was said.
fn last_words(said: &mpsc::Receiver<Vec<u8>>) -> String {
    let begin = Instant::now();
    let mut all = Vec::new();
    while let Ok(more) = said.recv_timeout(LAST_WORDS.saturating_sub(begin.elapsed())) {
        all.extend(more);
    }
    let text = String::from_utf8_lossy(&all);
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn missing(program: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::NotFound {
        let package = if program.file_name() == Some(OsStr::new("teamd")) { "; is teamd installed?" } else { "" };
        return Error::system(Errno::ENOENT, format!("there is no program {}{package}", program.display()));
    }
    system(error, "start it")
}

fn system(error: &std::io::Error, what: &'static str) -> Error {
    match error.raw_os_error() {
        Some(number) => Error::system(Errno(number), what),
        None => Error::new(ErrorKind::System, format!("{what}: {error}")),
    }
}
