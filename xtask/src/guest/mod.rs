//! `cargo xtask guest`: a machine with Debian's own kernel and all of its modules, emulated by QEMU, for what the kernel of
//! this machine lacks. It sees this machine's files, and forgets what it writes.

mod console;
mod environment;
mod kernel;
mod machine;
mod memory_disk;
mod packages;
pub(crate) mod suite;

use std::io::Write;

use crate::Outcome;
use kernel::Kernel;

/// How long a command may take unless `--seconds` says otherwise.
const SECONDS: u32 = 600;

const USAGE: &str = "usage: cargo xtask guest setup [--newest]
       cargo xtask guest run [--seconds N] -- COMMAND…
       cargo xtask guest test [FILTER]";

/// The command's exit status becomes ours.
pub(crate) fn command(words: &[String]) -> Result<u8, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => setup(false).map(|()| 0),
        ["setup", "--newest"] => setup(true).map(|()| 0),
        ["run", "--seconds", number, "--", command @ ..] if !command.is_empty() => {
            run(command, number.parse().map_err(|e| format!("--seconds {number}: {e}"))?)
        }
        ["run", "--", command @ ..] if !command.is_empty() => run(command, SECONDS),
        ["test"] => suite::only("").map(|()| 0),
        ["test", filter] => suite::only(filter).map(|()| 0),
        _ => Err(USAGE.to_owned()),
    }
}

/// Makes what is missing; `newest` also asks the mirror for a newer kernel.
fn setup(newest: bool) -> Outcome {
    let kernel = prepared(newest)?;
    println!("the guest has Linux {}, kept in {}", kernel.release, kernel::cache().display());
    Ok(())
}

fn prepared(newest: bool) -> Result<Kernel, String> {
    packages::install()?;
    match Kernel::cached() {
        Some(kernel) if !newest => Ok(kernel),
        _ => Kernel::newest(),
    }
}

/// Runs a script for a shell in the guest, whose output goes to `line`, and returns its exit status.
pub(crate) fn script(script: &str, line: impl FnMut(&str)) -> Result<i32, String> {
    machine::run(&prepared(false)?, script, SECONDS, line)
}

fn run(command: &[&str], seconds: u32) -> Result<u8, String> {
    let kernel = prepared(false)?;
    // One word is a line for a shell, several are a program and its words.
    let script = match command {
        [line] => (*line).to_owned(),
        words => words.iter().map(|word| environment::quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let mut out = std::io::stdout();
    let status = machine::run(&kernel, &script, seconds, |line| {
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    })?;
    Ok(u8::try_from(status).unwrap_or(u8::MAX))
}
