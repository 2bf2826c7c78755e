//! The command without a kernel: usage, exit codes, batches, completions, manual pages, schema, decoder.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// `ip link add v0 mtu 1400 type vxlan id 42 remote 10.0.0.1 dstport 4789 dev lo`, by iproute2 6.1 under strace.
const STRACE: &str = include_str!("samples/add-vxlan.strace");

fn run(words: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_netloom"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the command reads its input");
    child.wait_with_output().expect("the command ends")
}

fn netloom(line: &str) -> (i32, String, String) {
    let words: Vec<_> = line.split_whitespace().collect();
    told(&run(&words, ""))
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Asserts exit code and a part of what is told on standard error, with nothing on standard output.
#[track_caller]
fn refuses(line: &str, code: i32, part: &str) {
    let (found, out, err) = netloom(line);
    assert_eq!((found, out.as_str()), (code, ""), "{line}: {err}");
    assert!(err.contains(part), "{line}: {err}");
}

#[test]
fn usage_errors_name_the_word_and_what_is_expected() {
    refuses("frob", 1, "object \"frob\" is unknown");
    refuses("link frob", 255, "command \"frob\" is unknown; try `netloom link help`");
    refuses("link set lo mtu", 255, "link set mtu: NUMBER is expected");
    refuses("link set lo mtu many", 255, "\"many\" is not a number between");
    refuses("link set lo mtu 1 mtu 2", 255, "\"mtu\" is given twice");
    refuses("netns list more", 255, "\"more\" is not expected, nothing may follow");
    refuses("-frob link", 255, "option \"-frob\" is unknown");
    refuses("-f frob link", 255, "frob");
    refuses("", 255, "Usage: netloom");
    refuses("man frob", 1, "object \"frob\" is unknown");
}

#[test]
fn words_are_abbreviated_as_in_iproute2() {
    // The same help, whichever way it is asked for.
    for (short, long) in [("l", "link"), ("netn", "netns")] {
        assert_eq!(netloom(&format!("{short} help")), netloom(&format!("{long} help")));
    }
    for (short, long) in
        [("a", "add"), ("s", "set"), ("sh", "show"), ("lst", "show"), ("d", "delete"), ("del", "delete")]
    {
        assert_eq!(netloom(&format!("link {short} help")), netloom(&format!("link {long} help")), "{short}");
    }
    assert_eq!(netloom("link property del help").0, 0);
    let (code, out, _) = netloom("link help vxlan");
    assert!(code == 0 && out.contains("vxlan") && out.contains("dstport"), "{out}");
    assert_eq!(netloom("link help dummy").0, 0);
    assert_eq!(netloom("link help").1, netloom("l help").1);
}

#[test]
fn help_names_every_object() {
    let (code, out, _) = netloom("-help");
    assert_eq!(code, 0);
    for object in ["link", "netns", "decode", "schema", "-brief", "-netns"] {
        assert!(out.contains(object), "{object}");
    }
    assert_eq!(netloom("help").1, out);
    assert_eq!(netloom("--help").1, out);
}

#[test]
fn a_batch_stops_at_the_first_failure_unless_forced() {
    let lines = "netns list # a comment\n\nnetns list \\\n  more\nlink set 'lo mtu\nfrob\n";
    let (code, _, err) = told(&run(&["-b", "-"], lines));
    assert_eq!(code, 1);
    assert!(err.ends_with("Command failed -:4\n"), "{err}");
    let (code, _, err) = told(&run(&["-force", "-batch", "-"], lines));
    assert_eq!(code, 1);
    let failed: Vec<_> = err.lines().filter(|line| line.starts_with("Command failed")).collect();
    assert_eq!(failed, ["Command failed -:4", "Command failed -:5", "Command failed -:6"]);
    assert_eq!(told(&run(&["-b", "-"], "# nothing\n")).0, 0);
    refuses("-b /nonexistent", 1, "cannot open file \"/nonexistent\"");
}

#[test]
fn completions_follow_the_tables() {
    let candidates = |words: &[&str]| {
        let words: Vec<_> = ["complete", "--"].iter().chain(words).copied().collect();
        let (_, out, _) = told(&run(&words, ""));
        out.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(candidates(&["netn"]), ["netns"]);
    assert_eq!(candidates(&["link", "de"]), ["delete"]);
    assert_eq!(candidates(&["link", "set", "lo", "mt"]), ["mtu"]);
    assert!(candidates(&["link", "add", "v0", "type", "vx"]).contains(&"vxlan".to_owned()));
    assert!(candidates(&["link", "property", ""]).contains(&"add".to_owned()));
    assert_eq!(candidates(&["link", "set", "lo", "arp", "o"]), ["on", "off"]);
}

#[test]
fn shells_take_the_completion_scripts() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = netloom(&format!("completions {shell}"));
        assert_eq!(code, 0);
        let Ok(mut child) = Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else {
            assert_ne!(shell, "bash", "bash is needed");
            netloom_testkit::record(&format!("shell {shell}"), "not installed");
            continue;
        };
        child.stdin.take().expect("piped").write_all(script.as_bytes()).expect("the shell reads");
        let output = child.wait_with_output().expect("the shell ends");
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
    }
}

/// Whether groff runs at all: under some kernels it dies before it reads anything.
fn has_groff() -> bool {
    let mut groff = Command::new("groff");
    groff.args(["-man", "-Tutf8", "-z"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    groff.status().is_ok_and(|status| status.success())
}

#[test]
fn manual_pages_render_without_complaint() {
    if !has_groff() {
        netloom_testkit::skip!("groff", "not installed, or it does not run");
    }
    for object in ["", "link", "netns"] {
        let (code, page, _) = netloom(&format!("man {object}"));
        assert_eq!(code, 0);
        let groff = Command::new("groff")
            .args(["-man", "-Tutf8", "-ww", "-z"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = groff.expect("groff starts");
        child.stdin.take().expect("piped").write_all(page.as_bytes()).expect("groff reads");
        let output = child.wait_with_output().expect("groff ends");
        assert!(output.status.success() && output.stderr.is_empty(), "{object}: {output:?}");
    }
}

#[test]
fn schema_has_every_part() {
    let (code, out, _) = netloom("schema --json");
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let named = |part: &str, name: &str| {
        schema[part].as_array().and_then(|list| list.iter().find(|table| table["name"] == name)).cloned()
    };
    let set = named("sets", "rt-link/link-attrs").expect("the set of links");
    let mtu = set["attributes"].as_array().and_then(|rows| rows.iter().find(|row| row["kernel"] == "IFLA_MTU"));
    assert_eq!(mtu, Some(&serde_json::json!({"number": 4, "name": "mtu", "kernel": "IFLA_MTU", "type": "u32"})));
    assert_eq!(named("structs", "ifinfomsg").map(|table| table["size"].clone()), Some(16.into()));
    assert_eq!(named("commands", "getlink").map(|command| command["number"].clone()), Some(18.into()));
    assert!(named("enums", "oper-state").is_some());
    refuses("schema frob", 1, "no table is called \"frob\"");
    assert!(netloom("schema link-attrs").1.contains("IFLA_MTU"));
}

#[test]
fn decode_shows_kernel_names_and_unknown_bytes() {
    let (code, out, _) = told(&run(&["-j", "decode", "--check"], STRACE));
    assert_eq!(code, 0);
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(found[0]["type"], "RTM_NEWLINK");
    assert_eq!(found[0]["flags"], serde_json::json!(["NLM_F_REQUEST", "NLM_F_ACK", "NLM_F_EXCL", "NLM_F_CREATE"]));
    let attributes = &found[0]["attributes"];
    assert_eq!((&attributes["IFLA_MTU"], &attributes["IFLA_IFNAME"]), (&1400.into(), &"v0".into()));
    assert_eq!(attributes["IFLA_LINKINFO"]["IFLA_INFO_DATA"]["IFLA_VXLAN_PORT"], 4789);
    assert_eq!((&found[1]["type"], &found[1]["error"]), (&"NLMSG_ERROR".into(), &0.into()));

    let unknown = "18 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n\n\
        28 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 \
        00 00 00 00 07 00 00 00 00 00 00 00 00 00 00 00  06 00 ff 0f ab cd 00 00";
    let (_, out, _) = told(&run(&["-j", "decode"], unknown));
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(found[0]["payload"], "0000000000000000");
    assert_eq!((&found[1]["header"]["index"], &found[1]["attributes"]["#4095"]), (&7.into(), &"abcd".into()));

    let (code, out, _) = told(&run(&["decode"], STRACE));
    assert_eq!(code, 0);
    assert!(out.contains("\n        IFLA_INFO_DATA\n            IFLA_VXLAN_LINK 1\n"), "{out}");
}

#[test]
fn decode_is_told_the_protocol_of_what_does_not_name_its_own() {
    // What `genl ctrl get name nlctrl` sends.
    let hex = "20 00 00 00 10 00 05 00 01 00 00 00 00 00 00 00  03 01 00 00 0b 00 02 00 6e 6c 63 74 72 6c 00 00";
    let dump = " | 00000  20 00 00 00 10 00 05 00  01 00 00 00 00 00 00 00   ............... |\n \
                 | 00010  03 01 00 00 0b 00 02 00  6e 6c 63 74 72 6c 00 00  ........nlctrl.. |\n";
    let traced = format!("sendto(3<NETLINK:[GENERIC:0]>, \"x\", 32, 0, NULL, 0) = 32\n{dump}");
    for (words, input) in [
        (&["--protocol", "generic"][..], hex),
        (&["--protocol", "NETLINK_GENERIC"], hex),
        (&["--protocol=16"], dump),
        (&[], &traced),
    ] {
        let (code, out, _) = told(&run(&[&["-j", "decode", "--check"], words].concat(), input));
        assert_eq!(code, 0);
        let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((&found[0]["protocol"], &found[0]["family"]), (&"generic".into(), &"nlctrl".into()), "{out}");
        assert_eq!(found[0]["attributes"]["CTRL_ATTR_FAMILY_NAME"], "nlctrl");
    }
    // An input that names its protocol is right.
    let (_, out, _) = told(&run(&["-j", "decode", "--protocol", "generic"], STRACE));
    assert!(out.contains("RTM_NEWLINK"), "{out}");
    refuses("decode --protocol frob", 255, "\"frob\" is neither a protocol with tables nor a number");
}

#[test]
fn decode_check_fails_on_a_difference() {
    // An MTU of three bytes.
    let text = "28 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 04 00 01 02 03 00";
    let (code, _, err) = told(&run(&["decode", "--check"], text));
    assert_eq!(code, 1);
    assert!(err.contains("message 1: RTM_NEWLINK: IFLA_MTU"), "{err}");
    let (code, _, err) = told(&run(&["decode"], "ff ff 00 00 10"));
    assert_eq!(code, 1);
    assert!(err.contains("5 bytes that are no whole message"), "{err}");
}
