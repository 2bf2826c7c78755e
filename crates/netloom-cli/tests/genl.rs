//! `genl`: families are those that iproute2's `genl` tells of.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::process::Command;

use netloom_testkit::skip;

fn netloom(words: &[&str]) -> (String, Option<i32>) {
    let out = Command::new(env!("CARGO_BIN_EXE_netloom")).args(words).output().unwrap();
    let text = [out.stdout, out.stderr].concat();
    (String::from_utf8(text).unwrap(), out.status.code())
}

/// Name, number, version, header size and greatest attribute of each, as `genl ctrl list` prints them.
fn judge() -> Option<Vec<String>> {
    let out = Command::new("genl").args(["ctrl", "list"]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let mut found = Vec::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(of) = line.strip_prefix("Name: ") {
            name = of.trim();
        } else if line.trim_start().starts_with("ID: ") {
            found.push(format!("{name} {}", line.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    Some(found)
}

#[test]
fn families_are_those_of_iproute2() {
    let Some(theirs) = judge() else { skip!("genl", "iproute2's genl is not installed") };
    let (text, code) = netloom(&["-j", "genl", "list"]);
    assert_eq!(code, Some(0), "{text}");
    let families: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ours: Vec<String> = families
        .as_array()
        .unwrap()
        .iter()
        .map(|family| {
            let number = |key: &str| family[key].as_u64().unwrap();
            format!(
                "{} ID: {:#x} Version: {:#x} header size: {} max attribs: {}",
                family["name"].as_str().unwrap(),
                number("id"),
                number("version"),
                number("header_size"),
                number("max_attribute")
            )
        })
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn a_family_shows_its_commands_groups_and_policy() {
    let (text, code) = netloom(&["genl", "show", "nlctrl"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("nlctrl id 0x10 version 2 header 0 attributes 0"), "{text}");
    assert!(text.contains("command 3 flags do,dump,policy") && text.contains("group notify id 16"), "{text}");
    let (text, _) = netloom(&["genl", "policy", "nlctrl", "op", "3"]);
    assert!(text.contains("attribute 2 nulstring max-length 15"), "{text}");
    let (text, code) = netloom(&["genl", "show", "nowhere"]);
    assert_eq!(code, Some(2));
    assert_eq!(text.trim(), "get generic netlink family nowhere: No such file or directory (ENOENT)");
}
