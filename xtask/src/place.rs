//! Where there is a kernel that makes network namespaces for us.

use std::process::{Command, Stdio};
use std::time::Duration;

use netloom_testkit::{finishes, is_root};

use crate::uml;

/// Where what needs a kernel is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Here: we are root.
    Host,
    /// Here, as root of a user namespace.
    UserNamespace,
    /// In User Mode Linux: this kernel gives us no namespace, or its rtnetlink does not answer.
    UserModeLinux,
}

impl Place {
    /// The nearest that works.
    pub(crate) fn find() -> Self {
        let works = |unshare: &str| {
            let mut command = Command::new("unshare");
            finishes(command.args([unshare, "ip", "link", "set", "lo", "up"]), Duration::from_secs(10))
        };
        if is_root() && works("-n") {
            Self::Host
        } else if !is_root() && works("-rnm") {
            Self::UserNamespace
        } else {
            Self::UserModeLinux
        }
    }

    /// Runs a bash script there and returns its exit status; what it prints is printed.
    pub(crate) fn run(self, script: &str, seconds: u32) -> Result<i32, String> {
        let limit = seconds.to_string();
        let (before, script): (&[&str], _) = match self {
            Self::UserModeLinux => return uml::run(script, seconds),
            Self::Host => (&[], script.to_owned()),
            // Names of namespaces are kept in /run, which belongs to the root outside.
            Self::UserNamespace => (&["unshare", "-rnm"], format!("mount -t tmpfs none /run || exit 1\n{script}")),
        };
        let words = [&["-k", "5", limit.as_str()], before, &["bash", "-c", &script]].concat();
        let status = Command::new("timeout").args(words).stdin(Stdio::null()).status().map_err(|e| e.to_string())?;
        match status.code() {
            Some(124) => Err(format!("it took more than {seconds} s")),
            Some(code) => Ok(code),
            None => Err(status.to_string()),
        }
    }
}
