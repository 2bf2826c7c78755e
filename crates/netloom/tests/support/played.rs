//! A kernel that is played to the named sockets, and each way to ask it.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::sync::{Arc, Mutex};

use netloom::{
    AsyncIpRoute, Errno, IpRoute, Message, Operation, Result, Rtnetlink, SocketOptions, View,
    link::{Link, LinkHeader},
};
use netloom_testkit::{Asked, Datagram, FakeKernel, attribute};

pub const NEWLINK: u16 = 16;
pub const DELLINK: u16 = 17;
pub const GETLINK: u16 = 18;
/// Number of the family `team`, of the played kernel's own choice.
pub const TEAM: u16 = 30;

/// One way to run a request.
pub enum Driver {
    Blocking(IpRoute),
    Tokio(AsyncIpRoute, tokio::runtime::Runtime),
    AsyncIo(AsyncIpRoute),
}

impl Driver {
    pub fn all(options: &SocketOptions) -> [Self; 3] {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let under_tokio = runtime.block_on(async { AsyncIpRoute::with(options).unwrap() });
        let blocking = Self::Blocking(IpRoute::with(options).unwrap());
        [blocking, Self::Tokio(under_tokio, runtime), Self::AsyncIo(AsyncIpRoute::with(options).unwrap())]
    }

    pub fn run<O: Operation<Family = Rtnetlink>>(&mut self, operation: &O) -> Result<O::Output> {
        match self {
            Self::Blocking(io) => io.run(operation),
            Self::Tokio(io, runtime) => runtime.block_on(io.run(operation)),
            Self::AsyncIo(io) => async_io::block_on(io.run(operation)),
        }
    }
}

/// What a kernel says to a request.
pub enum Say {
    Ack,
    Link(Box<Link>),
    Body(u16, Vec<u8>),
    Refuse(Errno),
}

/// A played kernel, and what it was asked, in words.
pub struct Kernel {
    pub options: SocketOptions,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Kernel {
    pub fn new(say: impl Fn(&Asked) -> Say + Send + 'static) -> Self {
        let kernel = FakeKernel::new();
        let options = SocketOptions::new().played_by(kernel.port());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        kernel.serve(move |_, requests| {
            let port = requests[0].port;
            let answer = requests.iter().fold(Datagram::to(port), |out, request| {
                noted.lock().unwrap().push(told(request));
                let sequence = request.sequence;
                let out = match say(request) {
                    Say::Ack => out,
                    Say::Link(link) => out.message(NEWLINK, 0, sequence, link.bytes()),
                    Say::Body(number, body) => out.message(number, 0, sequence, &body),
                    Say::Refuse(errno) => return out.answer(request, errno.0, true, &[]),
                };
                if request.flags & 4 == 0 { out } else { out.acknowledge(request) }
            });
            vec![answer]
        });
        Self { options, asked }
    }

    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// A request in words: `NEW 9 tap0 mtu 1400`.
fn told(request: &Asked) -> String {
    if is_controller(request) {
        return "which family?".to_owned();
    }
    let link = Link::view(&request.payload).unwrap();
    let verb = match request.command {
        NEWLINK => "NEW",
        DELLINK => "DEL",
        GETLINK => "GET",
        TEAM => return format!("team {}", request.payload[0]),
        other => return format!("{other}?"),
    };
    let index = Some(link.index()).filter(|index| *index != 0).map(|index| format!(" {index}"));
    let mtu = link.mtu().map(|mtu| format!(" mtu {mtu}"));
    let words = [index, link.ifname().map(|name| format!(" {name}")), mtu];
    words.into_iter().flatten().fold(verb.to_owned(), |all, word| all + &word)
}

/// `CTRL_CMD_GETFAMILY`, whose family has the number that links have as a message type.
pub fn is_controller(request: &Asked) -> bool {
    request.command == 16 && request.payload.first() == Some(&3)
}

pub fn family() -> Say {
    let attributes = [
        attribute(1, &TEAM.to_ne_bytes()),
        attribute(2, b"team\0"),
        attribute(3, &1u32.to_ne_bytes()),
        attribute(4, &0u32.to_ne_bytes()),
    ];
    Say::Body(16, [&[1, 1, 0, 0][..], &attributes.concat()].concat())
}

pub fn a_link(kind: &str, name: &str) -> Say {
    let header = LinkHeader { index: 9, ..LinkHeader::default() };
    Say::Link(Link::build(header, |w| w.ifname(name).linkinfo(|info| info.kind(kind))).unwrap())
}
