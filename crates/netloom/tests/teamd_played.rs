//! `teamd` that refuses, is killed, is slow, is gone, talks for ever: each a program that plays it, under a kernel that is
//! played. Nothing is left half made, or it is named.
#![cfg(all(feature = "route", feature = "generic", feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/played.rs"]
mod played;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use netloom::{Errno, Error, ErrorKind, kind::Team, link};
use netloom_testkit::Asked;
use played::{Driver, GETLINK, Kernel, NEWLINK, Say, a_link};

/// A program that plays teamd: notes how it is called, and does what `start` says when it is to start.
struct Daemon(PathBuf);

impl Daemon {
    fn new(start: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("netloom-teamd-{}-{number}", std::process::id()));
        let script = format!(
            "#!/bin/sh\necho $3 >> $0.log\ncase $3 in -e) test -e $0.pid; exit;; -k) rm $0.pid; exit;; esac\n{start}\n"
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(suffix);
        path.into()
    }

    /// How it was called.
    fn calls(&self) -> String {
        let calls = fs::read_to_string(self.beside(".log")).unwrap_or_default();
        let _ = fs::remove_file(self.beside(".log"));
        calls.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        for suffix in ["", ".log", ".pid"] {
            let _ = fs::remove_file(self.beside(suffix));
        }
    }
}

/// What becomes of a team that is to be run by `daemon`, over each driver.
fn by(daemon: &Path, say: fn(&Asked) -> Say) -> Vec<(Error, Vec<String>)> {
    let kernel = Kernel::new(say);
    let wanted = Team::new().config("{}").daemon(daemon.to_str().unwrap());
    let add = link::Add::new("nlteam8").kind(wanted).mtu(1400);
    Driver::all(&kernel.options).into_iter().map(|mut io| (io.run(&add).unwrap_err(), kernel.asked())).collect()
}

fn absent(asked: &Asked) -> Say {
    if asked.command == GETLINK { Say::Refuse(Errno::ENODEV) } else { Say::Ack }
}

#[test]
fn a_daemon_that_fails_leaves_nothing() {
    let cases = [
        (Daemon::new("echo 'no, never' >&2; exit 3"), "ended with exit status: 3: no, never"),
        (Daemon::new("kill -9 $$"), "ended with signal: 9 (SIGKILL)"),
    ];
    for (daemon, said) in cases {
        for (error, asked) in by(daemon.path(), absent) {
            assert!(
                error.to_string().starts_with("add link nlteam8: proxy `team`: start the daemon of team nlteam8: ")
            );
            assert!(error.to_string().ends_with(said), "{error}");
            assert_eq!(asked, ["GET nlteam8", "GET nlteam8"]);
        }
        assert_eq!(daemon.calls(), ["-e -d"; 3].join(" "));
    }
    for (error, asked) in by(Path::new("/nonexistent/teamd"), absent) {
        assert!(error.to_string().contains("there is no program /nonexistent/teamd; is teamd installed?"), "{error}");
        assert_eq!(asked, ["GET nlteam8", "GET nlteam8"]);
    }
}

#[test]
fn a_link_that_is_there_is_not_a_daemon_s_affair() {
    let daemon = Daemon::new("exit 0");
    let there = |asked: &Asked| if asked.command == GETLINK { a_link("team", "nlteam8") } else { Say::Ack };
    for (error, asked) in by(daemon.path(), there) {
        assert!(error.is_exists(), "{error}");
        assert_eq!((asked, &*daemon.calls()), (vec!["GET nlteam8".to_owned()], ""));
    }
}

#[test]
fn a_link_that_a_failing_daemon_leaves_is_named() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let daemon = Daemon::new("exit 1");
    let later = |asked: &Asked| match asked.command {
        GETLINK if ASKED.fetch_add(1, Ordering::Relaxed) % 2 == 0 => Say::Refuse(Errno::ENODEV),
        GETLINK => a_link("team", "nlteam8"),
        _ => Say::Ack,
    };
    for (error, asked) in by(daemon.path(), later) {
        assert!(error.to_string().ends_with(" ended with exit status: 1; there is a link nlteam8 now"), "{error}");
        assert_eq!(asked, ["GET nlteam8", "GET nlteam8"], "whose it is nobody knows: it is not deleted");
    }
}

/// It started, and its link is refused something: the link goes, and the daemon goes with its link.
#[test]
fn a_daemon_s_link_that_is_refused_is_deleted() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let daemon = Daemon::new("exit 0");
    let refused = |asked: &Asked| match asked.command {
        GETLINK if ASKED.fetch_add(1, Ordering::Relaxed) % 2 == 0 => Say::Refuse(Errno::ENODEV),
        GETLINK => a_link("team", "nlteam8"),
        NEWLINK => Say::Refuse(Errno::EINVAL),
        _ => Say::Ack,
    };
    for (error, asked) in by(daemon.path(), refused) {
        assert!(error.to_string().ends_with("set link index 9: Invalid argument (EINVAL)"), "{error}");
        assert_eq!(asked, ["GET nlteam8", "GET nlteam8", "NEW 9 mtu 1400", "DEL 9"]);
    }
    assert_eq!(daemon.calls(), ["-e -d"; 3].join(" "));
}

/// It stays silent while it starts, alone or with something in the background that is to be stopped by its name.
#[test]
fn a_daemon_that_is_too_slow_is_stopped() {
    let start = |daemon: &Daemon| {
        let slow = netloom::team::Daemon::new("nlteam8", "{}").program(daemon.path());
        let error = slow.limit(Duration::from_millis(300)).start().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        error.to_string()
    };
    let alone = Daemon::new("exec sleep 20");
    let said = start(&alone);
    assert!(said.ends_with(" said nothing for 0.3 s and was killed; what it may have started goes on"), "{said}");
    assert_eq!(alone.calls(), "-e -d -k");
    let in_background = Daemon::new("touch $0.pid; exec sleep 20");
    let said = start(&in_background);
    assert!(said.ends_with(" was killed; what it had started was stopped"), "{said}");
    assert_eq!((in_background.calls(), in_background.beside(".pid").exists()), ("-e -d -k".to_owned(), false));
    // One that ran before is somebody else's.
    fs::write(in_background.beside(".pid"), "").unwrap();
    let said = start(&in_background);
    assert!(said.ends_with("what it may have started goes on"), "{said}");
    assert_eq!((in_background.calls(), in_background.beside(".pid").exists()), ("-e -d".to_owned(), true));
}

/// However much it says.
#[test]
fn a_daemon_that_talks_for_ever_is_killed() {
    let daemon = Daemon::new("while :; do echo again and again; done >&2");
    let talker = netloom::team::Daemon::new("nlteam8", "{}").program(daemon.path());
    let error = talker.limit(Duration::from_millis(300)).start().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

#[test]
fn its_last_words_are_told() {
    let start = |path: &Path| netloom::team::Daemon::new("nlteam8", "{}").program(path).start().unwrap_err();
    let missing = start(Path::new("/nonexistent/teamd"));
    assert!(missing.is_not_found());
    let said = "there is no program /nonexistent/teamd; is teamd installed?: No such file or directory (ENOENT)";
    assert_eq!(missing.to_string(), format!("start the daemon of team nlteam8: {said}"));
    // Whoever it started may hold the pipe of its words.
    let before = Instant::now();
    let refusing = Daemon::new("echo nothing here >&2; echo 'no, never' >&2; sleep 5 & exit 3");
    let said = start(refusing.path()).to_string();
    assert!(said.ends_with(" ended with exit status: 3: no, never"), "{said}");
    assert!(before.elapsed() < Duration::from_secs(4));
}
