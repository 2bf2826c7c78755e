//! How lines are read by tables of words.

use super::{Case, Input, Kind, Value, Word, Words, flag, parse, word};

const VXLAN: &[Word] =
    &[word("id", Kind::Number(0, 16_777_215), "id"), word("learning", Kind::Toggle, "learn").prefix()];
const KINDS: &[Case] = &[
    Case { name: "vxlan", about: "", words: VXLAN },
    Case { name: "veth", about: "", words: &[word("peer", Kind::Group(PEER), "peer").rest()] },
];
const PEER: &[Word] = &[word("name", Kind::Text("NAME"), "name").prefix().bare(), word("mtu", Kind::U32, "mtu")];
const ADD: &[Word] = &[
    word("name", Kind::Text("NAME"), "name").prefix().bare().once(),
    word("mtu", Kind::U32, "largest packet"),
    word("txqueuelen", Kind::U32, "queue").prefix().alias(&["qlen"]).like(&["txqlen"]),
    word("qos", Kind::Several(&Kind::Custom("FROM:TO", pair)), "map"),
    flag("up", "up"),
    word("type", Kind::Choice(KINDS), "kind").prefix().rest(),
];
const NEXT_HOP: &[Word] = &[word("via", Kind::Via, "gateway"), word("weight", Kind::Number(1, 256), "weight")];
const ROUTE: &[Word] = &[
    word("type", Kind::OneOf(&[("unicast", 1), ("blackhole", 6)]), "type").value_only(),
    word("to", Kind::Prefix, "destination").bare(),
    word("dev", Kind::Device, "device"),
    word("nexthop", Kind::Group(NEXT_HOP), "next hop").repeat(),
    word("encap", Kind::Choice(ENCAPS), "encapsulation"),
];
const ENCAPS: &[Case] = &[Case { name: "mpls", about: "", words: &[word("ttl", Kind::U8, "ttl")] }];

fn pair(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("FROM:TO")?;
    given.contains(':').then(|| Value::Text(given.into())).ok_or_else(|| format!("{given:?} is not FROM:TO"))
}

fn try_parse(grammar: &'static [Word], line: &str) -> Result<Words, String> {
    let given: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
    parse(grammar, "x", Input::new(&given, None)).map_err(|failure| failure.to_string())
}

fn refused(grammar: &'static [Word], line: &str) -> String {
    try_parse(grammar, line).expect_err(line)
}

#[test]
fn keywords_come_before_bare_words() -> Result<(), String> {
    let words = try_parse(ADD, "mtu 1400 eth0 qlen 7 up qos 1:2 3:4")?;
    assert_eq!(words.number("mtu"), Some(1400u32));
    assert_eq!(words.text("name"), Some("eth0"));
    assert_eq!(words.number("txqueuelen"), Some(7u32));
    assert_eq!(words.several("qos").len(), 2);
    assert!(words.has("up"));
    assert_eq!(try_parse(ADD, "na type")?.text("name"), Some("type"));
    Ok(())
}

#[test]
fn a_kind_takes_all_words_that_follow() -> Result<(), String> {
    let words = try_parse(ADD, "v0 ty veth peer name v1 mtu 9000")?;
    let (kind, data) = words.choice("type").ok_or("no type")?;
    let peer = data.groups("peer").next().ok_or("no peer")?;
    assert_eq!((kind, peer.text("name"), peer.number("mtu")), ("veth", Some("v1"), Some(9000u32)));
    let words = try_parse(ADD, "vx type vxlan nolearning id 0x10")?;
    let (_, data) = words.choice("type").ok_or("no type")?;
    assert_eq!((data.bool("learning"), data.number("id")), (Some(false), Some(16u32)));
    assert!(refused(ADD, "vx type vxlan mtu 9").starts_with("x type vxlan: \"mtu\" is not expected here"));
    Ok(())
}

#[test]
fn of_a_word_given_twice_the_last_counts() -> Result<(), String> {
    let words = try_parse(ADD, "mtu 1 eth0 mtu 2 qos 1:2 qos 3:4")?;
    assert_eq!((words.number("mtu"), words.several("qos").len()), (Some(2u32), 1));
    let words = try_parse(ROUTE, "unicast 10/8 blackhole 11/8")?;
    assert_eq!(words.number("type"), Some(6u8));
    assert_eq!(words.prefix("to").and_then(|p| p.address), "11.0.0.0".parse().ok());
    assert_eq!(refused(ADD, "name a name b"), "x: \"name\" is given twice");
    assert!(refused(ADD, "a b").starts_with("x: \"b\" is not expected here"));
    let given = ["mtu", "1", "mtu", "2"].map(str::to_owned);
    let strict = parse(ADD, "x", Input::new(&given, None).all_once(true));
    assert_eq!(strict.map_err(|failure| failure.to_string()), Err("x: \"mtu\" is given twice".into()));
    Ok(())
}

#[test]
fn synonyms_and_negations_have_beginnings_too() -> Result<(), String> {
    for line in ["tx 5", "txqueu 5", "qlen 5", "txql 5"] {
        assert_eq!(try_parse(ADD, line)?.number("txqueuelen"), Some(5u32), "{line}");
    }
    assert!(try_parse(ADD, "qle 5").is_err());
    for (line, on) in [("l", true), ("learn", true), ("n", false), ("no", false), ("nolea", false)] {
        assert_eq!(try_parse(VXLAN, line)?.bool("learning"), Some(on), "{line}");
    }
    Ok(())
}

#[test]
fn names_are_taken_whole_in_any_case_or_by_a_beginning() -> Result<(), String> {
    const NAMES: &[(&str, u64)] = &[("default", 0), ("dormant", 1)];
    const WORDS: &[Word] = &[
        word("whole", Kind::OneOf(NAMES), ""),
        word("case", Kind::AnyCase(NAMES), ""),
        word("short", Kind::Abbreviated(NAMES), ""),
    ];
    let words = try_parse(WORDS, "whole dormant case DorMant short do")?;
    assert_eq!(["whole", "case", "short"].map(|name| words.number(name)), [Some(1u8); 3]);
    assert_eq!(try_parse(WORDS, "short d")?.number("short"), Some(0u8));
    for line in ["whole DORMANT", "whole dorm", "case dorm", "short DO"] {
        assert!(try_parse(WORDS, line).is_err(), "{line}");
    }
    assert_eq!(
        refused(WORDS, "whole dromant"),
        "x whole: \"dromant\" is not one of { default | dormant } (is \"dormant\" meant?)"
    );
    Ok(())
}

#[test]
fn groups_end_where_their_words_end() -> Result<(), String> {
    let words =
        try_parse(ROUTE, "blackhole 10/8 nexthop via 10.1 weight 2 nexthop via inet6 ::1 encap mpls ttl 9 dev e")?;
    assert_eq!(words.number("type"), Some(6u8));
    assert_eq!(words.prefix("to").map(|p| p.length), Some(8));
    let vias: Vec<_> = words.groups("nexthop").filter_map(|hop| hop.address("via")).collect();
    assert_eq!(vias, ["10.1.0.0".parse::<std::net::IpAddr>(), "::1".parse()].map(|a| a.expect("an address")));
    assert_eq!(words.choice("encap").and_then(|(_, encap)| encap.number("ttl")), Some(9u8));
    assert_eq!(words.text("dev"), Some("e"));
    Ok(())
}

#[test]
fn what_comes_first_is_taken_whatever_it_is() -> Result<(), String> {
    const OF_PEER: &[Word] = &[word("key", Kind::Text("KEY"), "key").first(), flag("remove", "remove")];
    const SET: &[Word] = &[
        word("device", Kind::DeviceOr(&["all"]), "device").first(),
        word("port", Kind::U16, "port"),
        word("peer", Kind::Group(OF_PEER), "peer").repeat(),
    ];
    let words = try_parse(SET, "port port 7 peer remove remove peer device")?;
    assert_eq!((words.text("device"), words.number("port")), (Some("port"), Some(7u16)));
    let peers: Vec<_> = words.groups("peer").map(|peer| (peer.text("key"), peer.has("remove"))).collect();
    assert_eq!(peers, [(Some("remove"), true), (Some("device"), false)]);
    assert_eq!(
        refused(SET, "wg0 device wg1"),
        "x: \"device\" is not expected here; what may follow: { DEVICE | all }, port NUMBER, peer …"
    );
    Ok(())
}

#[test]
fn refusals_name_word_and_expectation() {
    assert_eq!(refused(ADD, "mtu"), "x mtu: NUMBER is expected");
    assert_eq!(refused(ADD, "mtu 4294967296"), "x mtu: \"4294967296\" is not a number between 0 and 4294967295");
    assert_eq!(refused(ADD, "na a na b"), "x: \"name\" is given twice");
    assert_eq!(
        refused(ADD, "eth0 type vxlna"),
        "x type: \"vxlna\" is not known here (is \"vxlan\" meant?); expected one of: vxlan, veth"
    );
    assert_eq!(refused(ADD, "type"), "x type: one of these must follow: vxlan, veth");
    assert_eq!(
        refused(ADD, "type vx"),
        "x type: \"vx\" is not known here (is \"vxlan\" meant?); expected one of: vxlan, veth"
    );
    assert_eq!(refused(ROUTE, "nexthop weight 0"), "x nexthop weight: \"0\" is not a number between 1 and 256");
    assert_eq!(
        refused(ADD, "eth0 mut 5"),
        "x: \"mut\" is not expected here (is \"mtu\" meant?); what may follow: [ name ] NAME, mtu NUMBER, \
         txqueuelen NUMBER, qos FROM:TO…, up, type { vxlan | veth } …"
    );
    assert_eq!(refused(ROUTE, "10/33"), "x to: \"10/33\" is not a prefix");
    assert_eq!(refused(ROUTE, "dve eth0"), "x to: \"dve\" is not a prefix (is \"dev\" meant?)");
    assert_eq!(refused(ROUTE, "blakchole 10/8"), "x to: \"blakchole\" is not a prefix (is \"blackhole\" meant?)");
}
