//! The project's own chores: `cargo xtask COMMAND`.

#![forbid(unsafe_code)]

mod ci;
mod fuzz;
mod golden;
mod guest;
mod msrv;
mod place;
mod strace;
mod test;
mod tools;
mod uml;

use std::path::PathBuf;
use std::process::ExitCode;

/// What a chore came to; the text says what is wrong.
type Outcome = Result<(), String>;

const USAGE: &str = "usage: cargo xtask COMMAND

test [FILTER]           all tests, here and in the guest; installs what they need when root, else says what to install
ci                      everything that a change has to pass
msrv                    the published crates with Rust 1.85, on this machine, 32 bit and big endian
fuzz [--seconds N]      all fuzz targets, 60 s in all
golden [OBJECT…]        recapture the golden bytes from iproute2, wg and the kernel (root, strace)
guest setup             get what the guest needs: QEMU, Debian's kernel, the judges of its tests
guest run -- COMMAND…   run a command in the guest; its output and exit status come back
guest test [FILTER]     the tests that need a full kernel, in the guest
uml COMMAND…            run a command in User Mode Linux, where this machine gives no namespaces";

/// The top of the tree.
fn root() -> PathBuf {
    netloom_testkit::tree()
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = words.split_first().map_or(("", [].as_slice()), |(c, r)| (c.as_str(), r));
    let outcome = match command {
        "test" => test::run(rest, test::Guest::IfPossible),
        "ci" => ci::run(),
        "msrv" => msrv::run(),
        "fuzz" => fuzz::run(rest),
        "golden" => golden::run(rest),
        "guest" => match guest::command(rest) {
            Ok(status) => return ExitCode::from(status),
            Err(reason) => Err(reason),
        },
        "uml" => in_uml(rest),
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

fn in_uml(words: &[String]) -> Outcome {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
    match uml::run(&quoted.join(" "), 600)? {
        0 => Ok(()),
        code => Err(format!("ended with {code}")),
    }
}
