//! Children that must not be waited for without end.

use std::{
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Whether a command ends well within `limit`. A child that does not is killed and, should it sleep in the kernel where
/// no signal reaches it, left behind.
pub fn finishes(command: &mut Command, limit: Duration) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else { return false };
    let end = Instant::now() + limit;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => sleep(Duration::from_millis(10)),
            Err(_) => return false,
        }
    }
    let _ = child.kill();
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_badly_and_never() {
        let limit = Duration::from_secs(5);
        assert!(finishes(&mut Command::new("true"), limit));
        assert!(!finishes(&mut Command::new("false"), limit));
        assert!(!finishes(&mut Command::new("no-such-program"), limit));
        let started = Instant::now();
        assert!(!finishes(Command::new("sleep").arg("60"), Duration::from_millis(50)));
        assert!(started.elapsed() < limit);
    }
}
