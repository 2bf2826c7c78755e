//! `netloom record`, and what `netloom decode` reads of it.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use netloom_testkit::Namespace;

fn netloom(space: &Namespace, words: &str, input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netloom"));
    command.args(words.split(' ').map(|word| word.replace("SPACE", space.name())));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_is_recorded_is_what_was_said() {
    let Some(space) = Namespace::new() else { return };
    space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let plain = netloom(&space, "-n SPACE link show", b"");
    let recorded = netloom(&space, "record -- -n SPACE link show", b"");
    assert_eq!(text(&recorded.stderr), text(&plain.stdout), "what it prints stands aside");
    let decoded = text(&netloom(&space, "decode", &recorded.stdout).stdout);
    let types: Vec<&str> =
        decoded.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(types, ["RTM_GETLINK", "RTM_NEWLINK", "RTM_NEWLINK", "RTM_NEWLINK", "NLMSG_DONE"], "{decoded}");
    assert!(netloom(&space, "decode --check", &recorded.stdout).status.success());
}

#[test]
fn a_command_that_fails_is_recorded_up_to_its_error() {
    let Some(space) = Namespace::new() else { return };
    let file = std::env::temp_dir().join(format!("netloom-record-{}.pcap", std::process::id()));
    let words = format!("record --write {} -- -n SPACE link del nowhere", file.display());
    let failed = netloom(&space, &words, b"");
    let plain = netloom(&space, "-n SPACE link del nowhere", b"");
    assert_eq!((failed.status.code(), text(&failed.stderr)), (plain.status.code(), text(&plain.stderr)));
    let capture = std::fs::read(&file).unwrap();
    let _ = std::fs::remove_file(&file);
    let decoded = text(&netloom(&space, "-j decode", &capture).stdout);
    assert!(decoded.contains("NLMSG_ERROR") && decoded.contains("nowhere"), "{decoded}");
    let nowhere = netloom(&space, "record --write /nowhere/at/all -- link", b"");
    assert_eq!(text(&nowhere.stderr), "cannot write /nowhere/at/all: No such file or directory (os error 2)\n");
}
