//! Shows a device under another name.

use netloom_route::{Rtnetlink, group, link};
use netloom_socket::{
    blocking::Socket,
    hooks::{Incoming, ReceiveVerdict},
};
use netloom_wire::{Buffer, Notice, Result, View};

const RTM_NEWLINK: u16 = 16; // linux/rtnetlink.h
const RTM_DELLINK: u16 = 17;
const IFLA_IFNAME: u16 = 3; // linux/if_link.h

/// Shows a device under another name, wherever the kernel tells of it.
pub fn rename(from: &str, to: &str) -> impl Fn(&Incoming<'_>) -> Option<ReceiveVerdict> + use<> {
    let (from, to) = (from.to_owned(), format!("{to}\0"));
    move |message| {
        let link = message.view::<link::Link>()?;
        if link.ifname() != Some(&from) {
            return None;
        }
        let header = link::Link::layout().header_size();
        let mut body = Buffer::after(message.body().get(..header)?.to_vec());
        for tlv in link.tlvs() {
            body.put(tlv.raw_type, if tlv.number() == IFLA_IFNAME { to.as_bytes() } else { tlv.payload });
        }
        // Should it not fit its format, the message stays as it was.
        body.finish().ok().map(ReceiveVerdict::Rewrite)
    }
}

fn main() -> Result<()> {
    let mut socket = Socket::<Rtnetlink>::open()?;
    for command in [RTM_NEWLINK, RTM_DELLINK] {
        socket.on_receive("renamer", command, rename("eth0", "uplink"));
    }
    // In dumps and replies, in notifications, in what a watch knows.
    for link in &socket.run(&link::List::all())? {
        println!("{}", link.name());
    }
    let mut links = socket.watch(&[group::LINK])?;
    while let Notice::Message { payload, .. } = links.next()? {
        println!("{:?} has changed", link::Link::view(payload).map(link::Link::name));
    }
    Ok(())
}
