//! What is printed for people: colours on a terminal only, columns aligned, details on lines of their own.

mod support;

use netloom_testkit::{Namespace, skip};
use std::process::{Command, Stdio};

/// The beginning of a colour.
const ESCAPE: char = '\u{1b}';

const SETUP: &str = "ip link set lo up\nip link add v0 type veth peer name a-longer-name\n\
                     ip link set v0 up\nip addr add 10.0.0.1/24 dev v0\nip route add 10.2.0.0/16 via 10.0.0.2";

/// Runs `netloom LINE` with these variables set; on a terminal of its own, if that is asked for.
fn print(variables: &str, line: &str, terminal: bool) -> Option<String> {
    let command = format!("{} {line}", env!("CARGO_BIN_EXE_netloom"));
    let command = if terminal { format!("script -qec '{command}' /dev/null") } else { command };
    // What else decides about colours, where tests run.
    let plain = "unset CI CLICOLOR CLICOLOR_FORCE NO_COLOR\nexport TERM=xterm";
    support::answers::in_namespace(&format!("{SETUP}\n{plain}\n{variables}\n{command}"))
}

fn has_script() -> bool {
    let mut script = Command::new("script");
    script.args(["-qec", "true", "/dev/null"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    script.status().is_ok_and(|status| status.success())
}

#[test]
fn colours_are_for_terminals() {
    if !Namespace::possible() {
        return;
    }
    if !has_script() {
        skip!("script", "not installed: there is no terminal");
    }
    for (variables, line, terminal, coloured) in [
        ("", "link show", false, false),
        ("", "link show", true, true),
        ("", "addr show dev v0", true, true),
        ("", "-c=auto link show", true, true),
        ("", "-c=auto link show", false, false),
        ("", "-c=always link show", false, true),
        ("", "-c link show", false, true),
        ("", "-color=never link show", true, false),
        ("export NO_COLOR=1", "link show", true, false),
        ("export NO_COLOR=1", "-c=always link show", true, true),
        ("export TERM=dumb", "link show", true, false),
        // Programs read it.
        ("", "-j link show", true, false),
        ("", "-c=always -j link show", false, false),
        ("", "-j -p addr show", true, false),
    ] {
        let Some(out) = print(variables, line, terminal) else { return };
        assert!(out.contains("v0"), "{line}: {out}");
        assert_eq!(out.contains(ESCAPE), coloured, "{variables} {line}, terminal: {terminal}: {out:?}");
    }
}

/// Where each word of a line begins.
fn columns(line: &str) -> Vec<usize> {
    let starts = line.char_indices().filter(|(at, c)| !c.is_whitespace() && (*at == 0 || line[..*at].ends_with(' ')));
    starts.map(|(at, _)| at).collect()
}

#[test]
fn columns_are_aligned_whatever_their_names() {
    for line in ["-br link", "-br addr"] {
        let Some(out) = print("", line, false) else { return };
        let rows: Vec<_> = out.lines().map(columns).collect();
        assert_eq!(rows.len(), 3, "{out}");
        assert!(rows.iter().all(|row| row.get(..2) == rows[0].get(..2)), "{line}: {out}");
        assert!(out.lines().all(|line| line == line.trim_end()), "{line}: {out:?}");
    }
}

#[test]
fn colours_do_not_move_columns() {
    let (Some(plain), Some(coloured)) = (print("", "-c=never -br link", false), print("", "-c=always -br link", false))
    else {
        return;
    };
    let mut stripped = String::new();
    let mut within = false;
    for c in coloured.chars() {
        match (within, c) {
            (false, ESCAPE) => within = true,
            (true, 'm') => within = false,
            (false, c) => stripped.push(c),
            (true, _) => {}
        }
    }
    // Hardware addresses are chosen by the kernel: two namespaces have different ones.
    let shape = |text: &str| text.lines().map(columns).collect::<Vec<_>>();
    assert_eq!(shape(&stripped), shape(&plain));
}

#[test]
fn details_are_on_lines_of_their_own_and_oneline_joins_them() {
    let Some(out) = print("", "-d link show", false) else { return };
    assert!(out.lines().all(|line| line.starts_with("    ") || line.starts_with(char::is_numeric)), "{out}");
    let (objects, details): (Vec<_>, Vec<_>) = out.lines().partition(|line| line.starts_with(char::is_numeric));
    assert!(objects.len() == 3 && details.len() >= 3, "{out}");
    let Some(out) = print("", "-o -d link show", false) else { return };
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(out.lines().all(|line| line.contains("\\ ")), "{out}");
}

#[test]
fn usage_is_wrapped() {
    for words in [&["link", "help"][..], &["route", "add", "help"], &["-help"]] {
        let out = Command::new(env!("CARGO_BIN_EXE_netloom")).args(words).output().expect("it runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let usage = text.lines().filter(|line| line.starts_with("netloom ") || line.starts_with("       "));
        for line in usage.filter(|line| line.contains('[')) {
            // A single word may be longer than a line.
            assert!(line.chars().count() <= 100 || line.matches("[ ").count() <= 2, "{words:?}: {line}");
        }
    }
}
