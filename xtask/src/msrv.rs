//! `cargo xtask msrv`: the published crates with the oldest Rust they promise, on three machines.
//!
//! Debian packages Rust 1.85 for its browsers as `rustc-web`, with standard libraries for 32 bit and for big endian.

use std::path::Path;
use std::process::Command;

use crate::{Outcome, root, tools};

const TARGETS: [&str; 3] = ["x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu", "s390x-unknown-linux-gnu"];
const PACKAGES: [&str; 9] = [
    "rustc-web",
    "libstd-rust-web-1.85",
    "libstd-rust-web-dev",
    "libstd-rust-web-dev:i386",
    "libstd-rust-web-dev:s390x",
    // What the compiler's own library needs, and not every machine has.
    "libllvm19",
    "libz3-4",
    "libedit2",
    "libbsd0",
];

/// Checks libraries and command, without what tests alone depend on.
pub(crate) fn run() -> Outcome {
    let rust = tools::fetched("rust-1.85", "bookworm", &PACKAGES)?;
    for target in TARGETS {
        println!("== {target}");
        check(&rust, target)?;
    }
    Ok(())
}

fn check(rust: &Path, target: &str) -> Outcome {
    let status = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(["check", "--quiet", "--package", "netloom-cli", "--package", "netloom", "--all-features"])
        .args(["--target", target, "--target-dir", "target/msrv"])
        .current_dir(root())
        .env("RUSTC", rust.join("usr/bin/rustc"))
        .env("LD_LIBRARY_PATH", rust.join("usr/lib/x86_64-linux-gnu"))
        .env_remove("RUSTC_WRAPPER")
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("Rust 1.85 does not build it for {target}")) }
}
