//! `netloom monitor`: what it tells of changes, and of changes that it missed.

mod support;

use serde_json::Value as Json;

/// Runs `script` in a namespace while `netloom -j OPTIONS monitor WORDS` runs; gives the lines that it printed.
fn watch(words: &str, script: &str) -> Option<Vec<Json>> {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!(
        "ip link set lo up\n\"{netloom}\" -j {words} &\nwatcher=$!\nsleep 1\n{script}\nsleep 1\nkill $watcher\nwait $watcher || true"
    );
    let out = support::answers::in_namespace(&script)?;
    Some(out.lines().map(|line| serde_json::from_str(line).expect(line)).collect())
}

/// What is said in short: object, name or destination, whether it went away.
fn short(line: &Json) -> String {
    let name = ["ifname", "local", "src", "name"].iter().find_map(|key| line[*key].as_str()).unwrap_or_default();
    let deleted = if line["deleted"] == true { " deleted" } else { "" };
    format!("{} {name}{deleted}", line["object"].as_str().unwrap_or_default())
}

#[test]
fn each_change_is_a_line() {
    let Some(lines) = watch(
        "monitor",
        "ip link add v0 type veth peer name v1\nip addr add 10.0.0.1/24 dev v0\nip rule add from 10.9.8.7 table 100\n\
         ip rule del from 10.9.8.7 table 100\nip addr del 10.0.0.1/24 dev v0\nip link del v0",
    ) else {
        return;
    };
    let told: Vec<_> = lines.iter().map(short).collect();
    for change in [
        "link v0",
        "link v1",
        "addr 10.0.0.1",
        "rule 10.9.8.7",
        "rule 10.9.8.7 deleted",
        "addr 10.0.0.1 deleted",
        "link v0 deleted",
    ] {
        assert!(told.iter().any(|line| line == change), "{change} is not in {told:?}");
    }
    assert!(lines.iter().all(|line| line.get("resync").is_none()));
}

#[test]
fn only_the_objects_named_are_told() {
    let Some(lines) =
        watch("monitor rule", "ip link add v0 type veth peer name v1\nip rule add from 10.9.8.7 table 100")
    else {
        return;
    };
    assert_eq!(lines.iter().map(short).collect::<Vec<_>>(), ["rule 10.9.8.7"]);
}

#[test]
fn a_loss_is_marked_and_everything_is_read_again() {
    // The watcher sleeps while more happens than its buffer holds.
    let Some(lines) = watch(
        "-rcvbuf 4096 monitor link",
        "kill -STOP $watcher\nfor number in 1 2 3 4 5 6 7 8 9 10 11 12; do ip link set lo mtu $((1500 + number)); done\n\
         ip link add last type veth peer name peer\nkill -CONT $watcher",
    ) else {
        return;
    };
    let marks: Vec<_> = lines.iter().filter_map(|line| line["resync"].as_str()).collect();
    assert_eq!(marks.first(), Some(&"begin"), "{lines:?}");
    assert_eq!(marks.len() % 2, 0, "{marks:?}");
    let begin = lines.iter().position(|line| line["resync"] == "begin").unwrap_or_default();
    let end = lines.iter().position(|line| line["resync"] == "end").expect("an end");
    let read: Vec<_> = lines[begin..end].iter().filter_map(|line| line["ifname"].as_str()).collect();
    for name in ["lo", "last", "peer"] {
        assert!(read.contains(&name), "{name} is not in {read:?}");
    }
}
