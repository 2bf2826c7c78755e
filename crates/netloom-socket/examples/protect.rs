//! Refuses routes into a protected prefix.

use netloom_route::{Prefix, Rtnetlink, route};
use netloom_socket::{
    blocking::Socket,
    hooks::{Outgoing, Verdict},
};
use netloom_wire::{Error, ErrorKind};

const RTM_NEWROUTE: u16 = 24; // linux/rtnetlink.h

/// Refuses every route whose destination lies in a protected prefix, or is that.
pub fn protect(protected: Prefix) -> impl Fn(&Outgoing<'_>) -> Option<Verdict> {
    move |message| {
        let destination = message.view::<route::Route>()?.destination()?;
        let refused =
            || Error::new(ErrorKind::InvalidInput, format!("{destination} is in {protected}, which is protected"));
        protected.covers(&destination).then(|| refused().into())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::<Rtnetlink>::open()?;
    let hook = socket.on_send("protector", RTM_NEWROUTE, protect("10.8.0.0/16".parse()?));
    if let Err(error) = socket.run(&route::Add::new("10.8.1.0/24".parse()?).dev(1)) {
        // add route 10.8.1.0/24: proxy `protector`: 10.8.1.0/24 is in 10.8.0.0/16, which is protected
        println!("{error}");
    }
    hook.remove(); // from here on, it may be added
    Ok(())
}
