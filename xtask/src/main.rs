//! The project's own chores: `cargo xtask COMMAND`.

#![forbid(unsafe_code)]

mod golden;
mod strace;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

/// What a chore came to; the text says what is wrong.
type Outcome = Result<(), String>;

const USAGE: &str = "usage: cargo xtask COMMAND

golden [OBJECT…]        recapture the golden bytes from iproute2 and this kernel (root, strace)";

/// The top of the tree.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = words.split_first().map_or(("", [].as_slice()), |(c, r)| (c.as_str(), r));
    let outcome = match command {
        "golden" => golden::run(rest),
        "" | "help" | "-h" | "--help" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("unknown command `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
