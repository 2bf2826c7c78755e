use super::*;

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
    file.extend(pseudo_header());
    file.extend(bytes);
    file
}

fn pseudo_header() -> [u8; 16] {
    [0, 4, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
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
    packet.extend(pseudo_header());
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
    vec![pcap(&bytes), pcapng(&bytes), STRACE.as_bytes().to_vec(), spaced(&bytes).into_bytes()]
}

/// Decodes and checks the input, if it is any.
pub(crate) fn survives(input: &[u8]) {
    let Ok(found) = datagrams(input) else { return };
    for message in found.iter().flat_map(|datagram| Messages::new(&datagram.bytes)) {
        let mut record = Record::new();
        tree::message(&mut record, protocol(None), None, &message);
        check::message(protocol(None), &message);
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
    assert_eq!(strace::read(&generic).iter().map(|d| d.protocol).collect::<Vec<_>>(), [Some(u16::MAX)]);
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
    let problem = |bytes: &[u8]| Messages::new(bytes).find_map(|message| check::message(protocol(None), &message));
    assert_eq!(problem(&bytes), None);
    let mtu = 0x20;
    bytes[mtu] = 7;
    assert!(problem(&bytes).is_some_and(|what| what.contains("IFLA_MTU")), "{:?}", problem(&bytes));
}
