//! Every kind of row, written and read; the expected bytes are spelled out, not asked of the codec.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use netloom_wire::{
    DecodeError, HardwareAddress, Problem, View, Write, Writer, attributes, check, fixed, flags, message, open_enum,
    path, reencode, select,
};

attributes! {
    /// One row of each kind.
    pub AllAttributes, AllWriter = "test/all" {
        /// A byte.
        1 "T_U8" small: u8,
        /// Network byte order.
        2 "T_BE16" port: Be16,
        /// A text.
        3 "T_NAME" name: str,
        /// A flag.
        4 "T_FLAG" flagged: Flag,
        /// A nest.
        5 "T_NEST" nest: Nest(Inner),
        /// A choice.
        6 "T_DATA" data: Select(Data, name),
        /// Repeated.
        7 "T_MANY" many: Many(u32),
        /// A list of nests.
        8 "T_LIST" list: List(Inner),
        /// A list of numbers.
        9 "T_TARGETS" targets: List(Ipv4Addr),
        /// An array of structs.
        10 "T_ARRAY" array: Array(Pair),
        /// A struct.
        11 "T_STRUCT" pair: Pair,
        /// Named numbers.
        12 "T_ENUM" color: Color,
        /// Named bits.
        13 "T_FLAGS" bits: Bits,
        /// By the header.
        14 "T_SPEC" spec: SelectBy(Spec, family: u8),
        /// Records.
        15 "T_RECORDS" records: Records(Record),
        /// Without the nested bit.
        16 "T_PLAIN" plain_nest: Nest(Inner) plain,
        /// A hardware address.
        17 "T_MAC" mac: HardwareAddress,
        /// 4 or 8 bytes.
        18 "T_UINT" variable: Uint,
        /// Value and selector.
        19 "T_BITS" bitfield: Bitfield32,
        /// An address.
        20 "T_IP" ip: IpAddr,
        /// A byte as a truth value.
        21 "T_SWITCH" switch: Switch,
        /// Named numbers in network byte order.
        22 "T_PROTOCOL" protocol: Protocol,
    }
}
attributes! {
    /// A nest.
    pub Inner, InnerWriter = "test/inner" {
        /// A number.
        1 "I_NUMBER" number: u32,
        /// Deeper.
        2 "I_DEEPER" deeper: Nest(Inner),
    }
}
select! {
    /// By name.
    pub Data = str { "inner" => Inner(Nest(Inner)), "number" => Number(u32) }
}
select! {
    /// By family.
    pub Spec = u8 { 7 => Seven(Nest(Inner)) }
}
fixed! {
    /// Two numbers.
    pub Pair = "pair" {
        /// One.
        pub first: u16,
        /// The other.
        pub second: u16,
    }
}
open_enum! {
    /// Colors.
    pub Color: u8 = "color" { 0 "C_RED" Red, 1 Green }
}
open_enum! {
    /// Protocols.
    pub Protocol: u16 as Be16 = "protocol" { 0x8100 "P_8021Q" Dot1Q }
}
flags! {
    /// Bits.
    pub Bits: u16 = "bits" {
        /// One.
        "B_ONE" ONE = 1,
        /// Two.
        TWO = 2,
    }
}
message! {
    /// A message.
    pub All, AllHeader = "allmsg" AllAttributes {
        /// Family.
        pub family: u8,
        #[doc(hidden)]
        pub _pad: [u8; 3],
    }
}
message! {
    /// A record.
    pub Record, RecordHeader = "recordmsg" Inner {
        /// Set when written.
        pub length: u16,
        /// Weight.
        pub weight: u16,
    }
}

fn all(build: impl FnOnce(AllWriter) -> AllWriter) -> Box<All> {
    <All as netloom_wire::Message>::build(AllHeader { family: 7, ..Default::default() }, build).unwrap()
}

#[test]
fn numbers_have_their_width_and_byte_order() {
    let message = all(|w| w.small(3).port(0x1234));
    assert_eq!(message.bytes().get(4..).unwrap(), tlvs(&[(1, &[3]), (2, &[0x12, 0x34])]));
    assert_eq!((message.small(), message.port()), (Some(3), Some(0x1234)));
}

#[test]
fn switches_and_named_numbers_in_network_byte_order() {
    let message = all(|w| w.switch(true).switch(false).protocol(Protocol::Dot1Q).protocol(Protocol::Other(0x1234)));
    let expected = tlvs(&[(21, &[1]), (21, &[0]), (22, &[0x81, 0]), (22, &[0x12, 0x34])]);
    assert_eq!(message.bytes().get(4..).unwrap(), expected);
    assert_eq!((message.switch(), message.protocol()), (Some(true), Some(Protocol::Dot1Q)), "the first counts");
    assert!(format!("{message:?}").ends_with("switch: 1, switch: 0, protocol: Dot1Q, protocol: 4660 }"));
    assert_eq!(reencode(All::layout(), message.bytes()).unwrap(), message.bytes());
    assert_eq!(all(|w| w.put(21, &[7])).switch(), Some(true));
    assert_eq!(all(|w| w.put(21, &[])).switch(), None);
}

#[test]
fn padding_is_kept_as_it_was() {
    // A switch of one byte, then three bytes that nobody cleared, alone and in a nest.
    let switch = [5, 0, 21, 0, 1, 0xaa, 0xbb, 0xcc];
    let mut bytes = [&[0; 4], &switch[..], &switch].concat();
    assert_eq!(reencode(All::layout(), &bytes).unwrap(), bytes);
    let named = [6, 0, 1, 0, 7, 0, 0xdd, 0xee];
    bytes = [&[12, 0, 2, 0x80][..], &named].concat();
    assert_eq!(reencode(Inner::layout(), &bytes).unwrap(), bytes);
    // Of several NULs one is written, and the padding of all of them is no affair of the shorter text.
    let text = [&[0; 4][..], &[17, 0, 3, 0], b"golden-", &[0; 9]].concat();
    let once = [&[0; 4][..], &[12, 0, 3, 0], b"golden-\0"].concat();
    assert_eq!(reencode(All::layout(), &text).unwrap(), once);
}

#[test]
fn a_text_ends_with_one_nul_and_reads_up_to_the_first() {
    let message = all(|w| w.name("ab").put(3, b"cd\0\0"));
    assert_eq!(message.bytes().get(4..).unwrap(), tlvs(&[(3, b"ab\0"), (3, b"cd\0\0")]));
    assert_eq!(message.name(), Some("ab"));
}

#[test]
fn nests_carry_the_nested_bit_unless_the_row_says_plain() {
    let message = all(|w| w.nest(|i| i.number(1)).plain_nest(|i| i.number(2)));
    let inner = |number: u32| tlvs(&[(1, &number.to_ne_bytes())]);
    assert_eq!(message.bytes().get(4..).unwrap(), tlvs(&[(0x8005, &inner(1)), (16, &inner(2))]));
    assert_eq!(message.plain_nest().and_then(Inner::number), Some(2));
}

#[test]
fn a_choice_follows_its_sibling_or_the_header() {
    let message = all(|w| w.name("inner").data(|d: Writer<Inner>| d.number(9)).spec(|d: Writer<Inner>| d.number(8)));
    assert!(matches!(message.data(), Some(Data::Inner(inner)) if inner.number() == Some(9)));
    assert!(matches!(message.spec(message.family()), Some(Spec::Seven(inner)) if inner.number() == Some(8)));
    assert!(matches!(message.spec(0), Some(Spec::Other(_))));
    let unknown = all(|w| w.name("strange").put(6, &[1, 2, 3]));
    assert_eq!(unknown.data(), Some(Data::Other(&[1, 2, 3])));
}

#[test]
fn sequences_keep_their_order() {
    let pairs = [Pair { first: 1, second: 2 }, Pair { first: 3, second: 4 }];
    let record =
        <Record as netloom_wire::Message>::build(RecordHeader { weight: 5, ..Default::default() }, |w| w.number(6));
    let record = record.unwrap();
    let message = all(|w| {
        w.many(1)
            .many(2)
            .list(|l| l.item(|i| i.number(3)).item(|i| i.number(4)))
            .targets(|l| l.at(0).value([10, 0, 0, 1].into()).value([10, 0, 0, 2].into()))
            .array(&pairs)
            .records([&*record, &*record])
    });
    assert_eq!(message.many().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(message.list().unwrap().filter_map(Inner::number).collect::<Vec<_>>(), [3, 4]);
    let targets: Vec<_> = message.targets().unwrap().numbered().collect();
    assert_eq!(targets, [(0, [10, 0, 0, 1].into()), (1, [10, 0, 0, 2].into())]);
    assert_eq!(message.array().unwrap().collect::<Vec<_>>(), pairs);
    let records: Vec<_> = message.records().unwrap().map(|r| (r.length(), r.weight(), r.number())).collect();
    assert_eq!(records, [(12, 5, Some(6)), (12, 5, Some(6))]);
    check(All::layout(), message.bytes()).unwrap();
    assert_eq!(reencode(All::layout(), message.bytes()).unwrap(), message.bytes());
}

#[test]
fn structs_read_shorter_and_longer_than_they_are() {
    assert_eq!(all(|w| w.put(11, &[1, 0])).pair(), Some(Pair { first: u16::from_ne_bytes([1, 0]), second: 0 }));
    let long = all(|w| w.put(11, &[1, 0, 2, 0, 3, 0]));
    assert_eq!(long.pair().map(|p| p.second), Some(u16::from_ne_bytes([2, 0])));
    assert_eq!(reencode(All::layout(), long.bytes()).unwrap(), long.bytes(), "the tail is kept");
}

#[test]
fn names_that_are_not_known_keep_their_number() {
    let message = all(|w| w.color(Color::Other(77)).bits(Bits::ONE | Bits::from_bits_retain(0x80)));
    assert_eq!(message.color(), Some(Color::Other(77)));
    assert_eq!(message.bits().unwrap().bits(), 0x81);
    assert_eq!(Color::from(0), Color::Red);
    assert_eq!(u8::from(Color::Green), 1);
}

#[test]
fn a_variable_number_is_written_as_short_as_it_fits() {
    let message = all(|w| w.variable(5).variable(1 << 40));
    let expected = tlvs(&[(18, &5u32.to_ne_bytes()), (18, &(1u64 << 40).to_ne_bytes())]);
    assert_eq!(message.bytes().get(4..).unwrap(), expected);
}

#[test]
fn a_payload_that_does_not_fit_is_an_error_and_never_wraps() {
    let failed = <All as netloom_wire::Message>::build(AllHeader::default(), |w| w.put(99, &[0; 65_532]));
    assert_eq!(failed.unwrap_err().length, 65_532);
    let nested = <All as netloom_wire::Message>::build(AllHeader::default(), |w| {
        w.nest(|i| i.put(50, &[0; 40_000]).put(51, &[0; 40_000]))
    });
    assert_eq!(nested.unwrap_err().number, 5);
    assert!(<All as netloom_wire::Message>::build(AllHeader::default(), |w| w.put(99, &[0; 65_531])).is_ok());
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let message = all(|w| w.nest(|i| i.put(1, &[1, 2])));
    let problem = message.check().unwrap_err();
    let expected =
        DecodeError { set: "test/inner", attribute: "I_NUMBER", offset: 8, problem: Problem::NotA("u32", 2) };
    assert_eq!(problem, expected);
    assert_eq!(problem.to_string(), "I_NUMBER (test/inner) at offset 8: 2 bytes are not u32");
    assert_eq!(all(|w| w.put(4, &[1])).check().unwrap_err().problem, Problem::NotA("flag", 1));
    let mut trailing = all(|w| w.small(1)).bytes().to_vec();
    trailing.extend([1, 2]);
    assert_eq!(check(All::layout(), &trailing).unwrap_err().problem, Problem::Trailing(2));
}

#[test]
fn an_offset_becomes_the_path_of_attributes() {
    let message = all(|w| w.small(1).list(|l| l.item(|i| i.number(1).deeper(|d| d.number(2)))));
    // header 4, T_U8 8, T_LIST header 4, item header 4, I_NUMBER 8, I_DEEPER header 4: the inner number.
    assert_eq!(path(All::layout(), message.bytes(), 32).to_string(), "T_LIST > I_DEEPER > I_NUMBER");
    assert_eq!(path(All::layout(), message.bytes(), 12).to_string(), "T_LIST");
    assert!(path(All::layout(), message.bytes(), 4000).is_empty());
    let missing = netloom_wire::missing_path(All::layout(), message.bytes(), Some(12 + 4 + 4 + 8), 2);
    assert_eq!(missing.to_string(), "T_LIST > I_DEEPER > I_DEEPER");
}

#[test]
fn unknown_attributes_survive_and_show() {
    let message = all(|w| w.small(1).put(300, &[0xab]));
    assert_eq!(message.unknown().map(|t| t.number()).collect::<Vec<_>>(), [300]);
    let copy = all(|w| w.copy(message.tlvs()));
    assert_eq!(copy, message);
    assert_eq!(format!("{message:?}"), "all { family: 7, small: 1, #300: x\"ab\" }");
}

#[test]
fn views_lie_at_odd_addresses() {
    let message = all(|w| w.small(1).mac(HardwareAddress::from([2, 0, 0, 0, 0, 1])));
    let mut shifted = vec![0];
    shifted.extend(message.bytes());
    let view = All::view(shifted.get(1..).unwrap()).unwrap();
    assert_eq!(view.mac().unwrap().to_string(), "02:00:00:00:00:01");
    assert_eq!(*view, *message);
}

#[test]
fn a_bomb_of_nests_is_shown_as_bytes() {
    let mut bytes = Vec::new();
    for _ in 0..8000 {
        let length = u16::try_from(bytes.len() + 4).unwrap();
        let mut outer = length.to_ne_bytes().to_vec();
        outer.extend(0x8002u16.to_ne_bytes());
        outer.extend(&bytes);
        bytes = outer;
    }
    let bomb = Inner::view(&bytes).unwrap();
    assert!(format!("{bomb:?}").contains("x\""));
    bomb.check().unwrap();
    assert_eq!(reencode(Inner::layout(), &bytes).unwrap(), bytes);
}

/// Attributes as the kernel lays them out: `struct nlattr`, payload, padding to 4.
fn tlvs(attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, payload) in attributes {
        bytes.extend(u16::try_from(payload.len() + 4).unwrap().to_ne_bytes());
        bytes.extend(number.to_ne_bytes());
        bytes.extend(*payload);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

#[test]
fn what_is_wanted_and_not_there_is_named() {
    let there = all(|w| w.small(1).name("ab").nest(|i| i.number(1).deeper(|d| d.number(2))).many(1).many(2));
    let differs = |wanted: &All, ignored: &[u16]| {
        netloom_wire::difference(All::layout(), wanted.bytes(), there.bytes(), ignored).map(|path| path.to_string())
    };
    assert_eq!(differs(&there, &[]), None);
    assert_eq!(differs(&all(|w| w.many(2).nest(|i| i.deeper(|d| d.number(2)))), &[]), None);
    let other = all(|w| w.small(1).nest(|i| i.deeper(|d| d.number(3))));
    assert_eq!(differs(&other, &[]).as_deref(), Some("T_NEST > I_DEEPER > I_NUMBER"));
    assert_eq!(differs(&other, &[5]), None);
    assert_eq!(differs(&all(|w| w.port(1)), &[]).as_deref(), Some("T_BE16"));
    assert_eq!(differs(&all(|w| w.many(3)), &[]).as_deref(), Some("T_MANY"));
    assert_eq!(differs(&all(|w| w.put(3, b"ab")), &[]), None, "a text without its NUL is the same text");
}
