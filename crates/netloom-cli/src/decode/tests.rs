use super::*;
use netloom::Message as _;
use netloom::generic::controller::FamilyInfo;
use netloom::wire::View as _;
use netloom::wireguard::DevicePart;
use serde_json::json;

/// `ip link add v0 mtu 1400 type vxlan id 42 remote 10.0.0.1 dstport 4789 dev lo`, by iproute2 6.1 under strace.
const STRACE: &str = include_str!("../../tests/samples/add-vxlan.strace");

/// A request of the bytes above alone.
fn request() -> Vec<u8> {
    strace::read(STRACE).swap_remove(0).bytes
}

fn columns(bytes: &[u8], line: impl Fn(usize, &[u8]) -> String) -> String {
    bytes.chunks(16).enumerate().map(|(number, row)| line(number * 16, row) + "\n").collect()
}

fn spaced(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} ")).collect()
}

fn pcap(bytes: &[u8]) -> Vec<u8> {
    let mut file: Vec<u8> =
        [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65535, 253].into_iter().flat_map(u32::to_ne_bytes).collect();
    let length = u32::try_from(bytes.len() + 16).expect("a short message");
    file.extend([1, 2, length, length].into_iter().flat_map(u32::to_ne_bytes));
    file.extend(pseudo_header(0));
    file.extend(bytes);
    file
}

fn pseudo_header(protocol: u8) -> [u8; 16] {
    [0, 4, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, protocol]
}

/// The same capture of generic netlink: the header of the datagram lies behind those of file and packet.
fn generic_pcap(bytes: &[u8]) -> Vec<u8> {
    let mut file = pcap(bytes);
    file[40..56].copy_from_slice(&pseudo_header(16));
    file
}

/// A message of generic netlink, of the family with this number; who asked has a port.
fn generic_message(family: u16, (flags, port): (u16, u32), command: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 20).expect("a short message");
    let header = nlmsg::Header::new(length, family, flags, 1, port);
    [header.bytes(), &[command, 1, 0, 0], body].concat()
}

/// Flags and port of a request, of an answer and of a notification.
const REQUEST: (u16, u32) = (nlmsg::REQUEST, 0);
const REPLY: (u16, u32) = (0, 7);
const NOTIFICATION: (u16, u32) = (0, 0);

/// What the kernel says of a device of WireGuard, and then that the family has that number.
fn generic_datagram() -> Vec<u8> {
    let device = DevicePart::build((), |w| w.ifname("wg0").listen_port(51820)).expect("a short message");
    let family = FamilyInfo::build((), |w| w.id(35).name("wireguard").header_size(0)).expect("a short message");
    [generic_message(35, REPLY, 0, device.bytes()), generic_message(16, REPLY, 1, family.bytes())].concat()
}

fn pcapng(bytes: &[u8]) -> Vec<u8> {
    let block = |kind: u32, body: &[u8]| {
        let length = u32::try_from(body.len().next_multiple_of(4) + 12).expect("a short block");
        let mut block: Vec<u8> = [kind, length].into_iter().flat_map(u32::to_ne_bytes).collect();
        block.extend(body);
        block.resize(block.len().next_multiple_of(4), 0);
        block.extend(length.to_ne_bytes());
        block
    };
    let words = |words: &[u32]| words.iter().copied().flat_map(u32::to_ne_bytes).collect::<Vec<u8>>();
    let length = u32::try_from(bytes.len() + 16).expect("a short message");
    let mut packet = words(&[0, 0, 0, length, length]);
    packet.extend(pseudo_header(0));
    packet.extend(bytes);
    let mut interface = 253u16.to_ne_bytes().to_vec();
    interface.extend([0; 6]);
    let mut file = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    file.extend(block(1, &interface));
    file.extend(block(6, &packet));
    file
}

/// The request in every form.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let bytes = request();
    let generic = generic_pcap(&generic_datagram());
    vec![pcap(&bytes), pcapng(&bytes), STRACE.as_bytes().to_vec(), spaced(&bytes).into_bytes(), generic]
}

/// Decodes and checks the input, if it is any.
pub(crate) fn survives(input: &[u8]) {
    let Ok(found) = datagrams(input) else { return };
    let mut families = Families::new();
    learn(&mut families, &found);
    for datagram in &found {
        // Also as what it is not said to be.
        for number in [datagram.protocol, Some(generic::PROTOCOL)] {
            for message in Messages::new(&datagram.bytes) {
                let mut record = Record::new();
                let decoder = Decoder::new(number, &families);
                tree::message(&mut record, decoder, &message);
                check::message(decoder, &message);
            }
        }
    }
}

#[test]
fn strace_shows_both_directions() {
    let found = strace::read(STRACE);
    assert_eq!(found.iter().map(|d| (d.protocol, d.bytes.len())).collect::<Vec<_>>(), [(Some(0), 108), (Some(0), 36)]);
}

#[test]
fn strace_leaves_other_descriptors_out() {
    let dump = " | 00000  14 00 00 00 10 00 05 00  00 00 00 00 00 00 00 00  ................ |\n | 00010  00 00 00 00                                       ....             |\n";
    let file = format!("openat(AT_FDCWD, \"x\", O_RDONLY) = 3\nread(3, \"\\x14\"..., 4096) = 20\n{dump}");
    assert_eq!(strace::read(&file), []);
    let unix = format!("socket(AF_UNIX, SOCK_STREAM, 0) = 3\nsendto(3, \"x\", 20, 0, NULL, 0) = 20\n{dump}");
    assert_eq!(strace::read(&unix), []);
    // Without `close` in the trace: the file has the number that the socket had.
    let text = " | 00000  23 20 61 20 66 69 6c 65  0a 31 32 37 2e 30 2e 30  # a file.127.0.0 |\n | 00010  2e 31 20 6c                                       .1 l             |\n";
    let reused = format!(
        "socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3\nsendto(3, \"x\", 20, 0, NULL, 0) = 20\n{dump}read(3, \"# a file\"..., 4096) = 20\n{text}write(3, \"# a file\"..., 20) = 20\n{text}read(3, \"\\x14\"..., 4096) = 20\n{dump}"
    );
    assert_eq!(strace::read(&reused).iter().map(|d| d.bytes[0]).collect::<Vec<_>>(), [0x14, 0x14]);
    let named = format!(
        "socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3<NETLINK:[1]>\nread(3</etc/x>, \"x\", 20) = 20\n{dump}read(3<NETLINK:[1]>, \"x\", 20) = 20\n{dump}"
    );
    assert_eq!(strace::read(&named).len(), 1);
    let generic = format!(
        "12 socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC) = 3\n12 sendto(3, \"x\", 20, 0, NULL, 0) = 20\n{dump}"
    );
    assert_eq!(strace::read(&generic).iter().map(|d| d.protocol).collect::<Vec<_>>(), [Some(16)]);
    let other = generic.replace("NETLINK_GENERIC", "NETLINK_AUDIT");
    assert_eq!(strace::read(&other).iter().map(|d| d.protocol).collect::<Vec<_>>(), [Some(u16::MAX)]);
    let threads = format!(
        "[pid 7] socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 4\n[pid 7] recvmsg(4, <unfinished ...>\n[pid 8] read(5, \"\", 1) = 0\n[pid 7] <... recvmsg resumed>{{}}, 0) = 20\n * 20 bytes in buffer 0\n{dump}"
    );
    assert_eq!(strace::read(&threads).iter().map(|d| d.bytes.len()).collect::<Vec<_>>(), [20]);
    let prefixed: String = generic.lines().map(|line| format!("12 {}\n", line.trim_start_matches("12 "))).collect();
    assert_eq!(strace::read(&prefixed), strace::read(&generic));
    let scattered = format!(
        "sendmsg(3, {{msg_name={{sa_family=AF_NETLINK}}}}) = 40\n * 20 bytes in buffer 0\n{dump} * 20 bytes in buffer 1\n{dump}"
    );
    assert_eq!(strace::read(&scattered).iter().map(|d| d.bytes.len()).collect::<Vec<_>>(), [40]);
}

#[test]
fn all_forms_hold_the_same_bytes() {
    let bytes = request();
    let plain: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    let array: String = bytes.iter().map(|byte| format!("0x{byte:02x}, ")).collect();
    let xxd = columns(&bytes, |at, row| {
        let words: String =
            row.chunks(2).map(|pair| pair.iter().map(|b| format!("{b:02x}")).collect::<String>() + " ").collect();
        format!("{at:08x}: {words} ..text..")
    });
    let canonical =
        columns(&bytes, |at, row| format!("{at:08x}  {} |....|", spaced(row))) + &format!("{:08x}\n", bytes.len());
    let od = columns(&bytes, |at, row| format!("{at:07o} {}", spaced(row)));
    let tcpdump = columns(&bytes, |at, row| format!("\t0x{at:04x}:  {}", spaced(row).replace("  ", " ").trim_end()));
    let words = columns(&bytes, |_, row| {
        row.chunks(4).map(|w| w.iter().map(|b| format!("{b:02x}")).collect::<String>() + " ").collect()
    });
    for text in [plain, spaced(&bytes), escaped, array, xxd, canonical, od, tcpdump, words] {
        let found = datagrams(text.as_bytes()).expect(&text);
        assert_eq!(found, [Datagram { protocol: None, bytes: bytes.clone() }], "{text}");
    }
    for file in [pcap(&bytes), pcapng(&bytes)] {
        assert_eq!(datagrams(&file), Ok(vec![Datagram { protocol: Some(0), bytes: bytes.clone() }]));
    }
    assert_eq!(datagrams(format!("{0}\n\n{0}", spaced(&bytes)).as_bytes()).map(|found| found.len()), Ok(2));
}

#[test]
fn cut_or_foreign_input_is_refused_without_panic() {
    let bytes = request();
    for file in samples() {
        for length in 0..file.len() {
            survives(&file[..length]);
        }
    }
    let mut ethernet = pcap(&bytes);
    ethernet[20..24].copy_from_slice(&1u32.to_ne_bytes());
    assert!(datagrams(&ethernet).is_err_and(|what| what.contains("link type 1, not 253")));
    let mut foreign = pcap(&bytes);
    foreign[..4].reverse();
    assert!(datagrams(&foreign).is_err_and(|what| what.contains("other byte order")));
    assert!(datagrams(b"what is this").is_err());
    assert!(datagrams(&[0xff, 0xfe, 0]).is_err());
}

#[test]
fn check_finds_a_payload_that_does_not_fit() {
    let mut bytes = request();
    let families = Families::new();
    let decoder = Decoder::new(None, &families);
    let problem = |bytes: &[u8]| Messages::new(bytes).find_map(|message| check::message(decoder, &message));
    assert_eq!(problem(&bytes), None);
    let mtu = 0x20;
    bytes[mtu] = 7;
    assert!(problem(&bytes).is_some_and(|what| what.contains("IFLA_MTU")), "{:?}", problem(&bytes));
}

/// Families as a capture has them, and the JSON of each message by them.
fn decoded(file: &[u8]) -> (Families, Vec<serde_json::Value>) {
    let found = datagrams(file).expect("a capture");
    let mut families = Families::new();
    learn(&mut families, &found);
    let messages = found.iter().flat_map(|datagram| {
        let decoder = Decoder::new(datagram.protocol, &families);
        Messages::new(&datagram.bytes).map(move |message| {
            let mut record = Record::new();
            tree::message(&mut record, decoder, &message);
            record.into_json()
        })
    });
    let messages = messages.collect();
    (families, messages)
}

#[test]
fn a_family_is_known_wherever_the_controller_tells_of_it() {
    let (_, messages) = decoded(&generic_pcap(&generic_datagram()));
    let [device, family] = messages.as_slice() else { panic!("{messages:?}") };
    assert_eq!((&device["family"], &device["type"]), (&json!("wireguard"), &json!("WG_CMD_GET_DEVICE")));
    assert_eq!(device["attributes"], json!({"WGDEVICE_A_IFNAME": "wg0", "WGDEVICE_A_LISTEN_PORT": 51820}));
    assert_eq!((&family["family"], &family["type"]), (&json!("nlctrl"), &json!("CTRL_CMD_NEWFAMILY")));
}

#[test]
fn a_family_that_nobody_tells_of_is_bytes_and_one_without_tables_attributes() {
    let attribute = [8, 0, 1, 0, 10, 0, 0, 1].map(|byte: u8| byte);
    let (_, messages) = decoded(&generic_pcap(&generic_message(40, REPLY, 3, &attribute)));
    assert_eq!(messages[0]["family"], "#40");
    assert_eq!((&messages[0]["type"], &messages[0]["payload"]), (&json!("#3"), &json!("080001000a000001")));
    let told = FamilyInfo::build((), |w| w.id(40).name("other").header_size(4)).expect("a short message");
    let body = [&[1, 2, 3, 4], &attribute[..]].concat();
    let both = [generic_message(16, REPLY, 1, told.bytes()), generic_message(40, REPLY, 3, &body)].concat();
    let (_, messages) = decoded(&generic_pcap(&both));
    assert_eq!((&messages[1]["family"], &messages[1]["header"]), (&json!("other"), &json!("01020304")));
    assert_eq!(messages[1]["attributes"], json!({"#1": "0a000001"}));
}

#[test]
fn commands_of_users_replies_and_notifications_are_told_apart() {
    let types = |family: &str, messages: &[((u16, u32), u8)]| {
        let told = FamilyInfo::build((), |w| w.id(21).name(family).header_size(0)).expect("a short message");
        let mut bytes = generic_message(16, REPLY, 1, told.bytes());
        messages.iter().for_each(|(who, command)| bytes.extend(generic_message(21, *who, *command, &[])));
        let (_, messages) = decoded(&generic_pcap(&bytes));
        messages[1..].iter().map(|message| message["type"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        types("ethtool", &[(REQUEST, 13), (NOTIFICATION, 13), (REQUEST, 11), (REPLY, 11)]),
        [
            "ETHTOOL_MSG_PRIVFLAGS_GET",
            "ETHTOOL_MSG_FEATURES_NTF",
            "ETHTOOL_MSG_FEATURES_GET",
            "ETHTOOL_MSG_FEATURES_GET_REPLY"
        ]
    );
    assert_eq!(
        types("thermal", &[(REQUEST, 3), (REPLY, 3), (NOTIFICATION, 3), (NOTIFICATION, 0)]),
        [
            "THERMAL_GENL_CMD_TZ_GET_TEMP",
            "THERMAL_GENL_CMD_TZ_GET_TEMP",
            "THERMAL_GENL_EVENT_TZ_DISABLE",
            "THERMAL_GENL_SAMPLING_TEMP"
        ]
    );
}

#[test]
fn check_finds_what_is_wrong_in_generic_netlink_too() {
    let datagram = generic_datagram();
    let (families, _) = decoded(&generic_pcap(&datagram));
    let decoder = Decoder::new(Some(generic::PROTOCOL), &families);
    let problem = |bytes: &[u8]| Messages::new(bytes).find_map(|message| check::message(decoder, &message));
    assert_eq!(problem(&datagram), None);
    let mut wrong = datagram;
    let port = wrong.windows(4).position(|found| found == [6, 0, 6, 0]).expect("a port");
    wrong[port] = 5;
    assert!(problem(&wrong).is_some_and(|what| what.contains("WGDEVICE_A_LISTEN_PORT")), "{:?}", problem(&wrong));
}
