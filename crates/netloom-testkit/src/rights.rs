//! Tests in a process or on a thread with other rights than the test's.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    process::{self, Command},
    thread,
};

use rustix::{
    process::{Gid, Uid},
    thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid},
};

use crate::{Namespace, record};

/// Set in the process where the body of a test runs.
const INSIDE: &str = "NETLOOM_TEST_INSIDE";

/// Runs `body` in a process of its own, started by `wrapper`: this very test, by its name, once more.
///
/// # Panics
/// If the process cannot be started, or the body does.
pub fn inside(test: &str, wrapper: &[&str], body: fn()) {
    if env::var_os(INSIDE).is_some() {
        return body();
    }
    // Where there can be no namespace, what the wrappers do would fail, or not even end.
    if Namespace::new().is_none() {
        return;
    }
    // The build folder may be out of reach of somebody with fewer rights.
    let copy = env::temp_dir().join(format!("netloom-{test}-{}", process::id()));
    let copied = env::current_exe().and_then(|exe| fs::copy(exe, &copy));
    let copied = copied.and_then(|_| fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)));
    copied.unwrap_or_else(|e| panic!("{}: {e}", copy.display()));
    let [program, arguments @ ..] = wrapper else { panic!("nothing to start it by") };
    let output = Command::new(program)
        .args(arguments)
        .arg(&copy)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .current_dir("/")
        .output();
    let _ = fs::remove_file(&copy);
    let output = output.unwrap_or_else(|e| panic!("{program}: {e}"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains("1 passed"), "{wrapper:?}: {}\n{said}", output.status);
}

/// The same, in mount and network namespaces of its own, once the shell has run `script`. Where it cannot, the skip is
/// recorded.
///
/// # Panics
/// As [`inside`].
pub fn inside_after(test: &str, script: &str, body: fn()) {
    let script = format!("{script} && exec \"$0\" \"$@\"");
    let wrapper = ["unshare", "-m", "-n", "sh", "-c", &script];
    if env::var_os(INSIDE).is_none() {
        let tried = Command::new("unshare").args(["-m", "-n", "sh", "-c", &script, "true"]).output();
        let tried = tried.unwrap_or_else(|e| panic!("unshare: {e}"));
        if !tried.status.success() {
            return record("root", &format!("no mount namespace: {}", String::from_utf8_lossy(&tried.stderr)));
        }
    }
    inside(test, &wrapper, body);
}

/// Runs `work` on a thread of this user and this group, without rights; takes root.
///
/// # Panics
/// If `work` does, or this is not root's process.
pub fn as_user<T: Send>(user: u32, group: u32, work: impl FnOnce() -> T + Send) -> T {
    let ended = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let (user, group) = (Uid::from_raw(user), Gid::from_raw(group));
            let become_them = || {
                set_thread_groups(&[])?;
                set_thread_res_gid(group, group, group)?;
                set_thread_res_uid(user, user, user)
            };
            become_them().unwrap_or_else(|e: rustix::io::Errno| panic!("user {user:?}: {e}"));
            work()
        });
        thread.join()
    });
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
