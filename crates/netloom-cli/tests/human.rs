//! What is printed for people: colours on a terminal only, columns aligned, details on lines of their own.

mod support;

use netloom_testkit::{Namespace, skip};
use serde_json::Value;
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

/// Keys whose values people see otherwise, and how.
const OTHERWISE: &[(&str, &str)] = &[
    ("valid_life_time", "forever"),
    ("preferred_life_time", "forever"),
    ("rtt", "with a unit"),
    ("rto_min", "with a unit"),
    ("dst", "an encapsulation's MPLS labels and a port's default have a form of their own"),
    ("iif_detached", "[detached] behind the name"),
    ("gc_timer", "runs"),
    ("forward_delay_timer", "runs"),
    ("used", "age of a cache entry"),
    ("updated", "age of a cache entry"),
];

/// The values within, each with its key.
fn facts<'a>(key: &'a str, value: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    match value {
        Value::Object(inner) => inner.iter().for_each(|(key, value)| facts(key, value, found)),
        Value::Array(inner) => inner.iter().for_each(|value| facts(key, value, found)),
        _ => found.push((key, value)),
    }
}

#[test]
fn details_for_people_have_each_fact_that_details_for_programs_have() {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let setup = format!(
        "{SETUP}\nip link add vx0 type vxlan id 42 dstport 4789 nolearning proxy dev v0\n\
         ip link add br0 type bridge\nip link set a-longer-name master br0 up\nip link set v0 alias text mtu 1400\n\
         ip link add mv0 link v0 type macvlan mode private\nip nexthop add id 5 via 10.0.0.3 dev v0\n\
         ip nexthop add id 6 group 5,3\nip route add 10.3.0.0/16 nhid 6\n\
         ip route add 10.4.0.0/16 via 10.0.0.2 metric 5 mtu lock 1400 rtt 3s features ecn realms 5/6 table 100\n\
         ip rule add from 10.0.0.0/8 fwmark 5/7 iif nosuch sport 80-90 suppress_prefixlength 3 table 100\n\
         ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 router extern_learn"
    );
    for line in ["-d link", "-d addr", "-d route show table all", "-d rule", "-d neigh", "-d nexthop"] {
        let (json, text) = (format!("{netloom} -j {line}"), format!("{netloom} {line}"));
        let Some(out) = support::answers::in_namespace(&format!("{setup}\nsleep 1\n{json}\necho\n{text}")) else {
            return;
        };
        let (json, text) = out.trim_start().split_once('\n').expect("two answers");
        let shown: Value = serde_json::from_str(json).expect("JSON");
        let mut all = Vec::new();
        facts("", &shown, &mut all);
        assert!(all.len() > 4, "{line}: {json}");
        for (key, value) in all {
            let is_there = match value {
                Value::Null | Value::Bool(true) => text.contains(key) || text.contains(&key.replace('_', " ")),
                Value::Bool(false) => true,
                Value::String(value) => text.contains(value),
                value => text.contains(&value.to_string()),
            };
            assert!(
                is_there || OTHERWISE.iter().any(|(name, _)| *name == key),
                "{line}: {key} {value} is not in\n{text}"
            );
        }
    }
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
