//! What the feature `tracing` tells: sockets that open, losses, strangers, interrupted dumps.
#![cfg(feature = "tracing")]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    fmt::{Debug, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use netloom_socket::{RawSocket, SocketOptions, blocking};
use netloom_testkit::{Datagram, FakeKernel, things::*};
use netloom_wire::{Notice, nlmsg};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Keeps the text of each event with its fields.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn times(&self, text: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "netloom"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn what_goes_wrong_in_silence_is_told() {
    let heard = Heard::default();
    tracing::subscriber::with_default(heard.clone(), || {
        let kernel = FakeKernel::new();
        let options = SocketOptions::new().peer(kernel.port()).receive_buffer(4096);
        let mut socket = blocking::Socket::<Things>::with(&options).unwrap();
        assert_eq!(heard.times("socket opened"), 1);
        assert!(heard.times(&format!("port={}", socket.port())) == 1 && heard.times("receive_buffer: ") == 1);

        let mut things = socket.watch(&[kernel.group()]).unwrap();
        let stranger = RawSocket::open(2, &SocketOptions::new()).unwrap();
        let forged = Datagram::to(0).thing(0, 0, 666);
        stranger.send_to(forged.bytes(), 0, 1 << (kernel.group() - 1)).unwrap();
        (0..100).for_each(|index| kernel.tell(&Datagram::to(0).thing(0, 0, index)));
        assert!(matches!(things.next().unwrap(), Notice::Lost));
        assert_eq!(heard.times("overrun: datagrams were lost"), 1);
        assert!(heard.times("dropped a datagram that is not the kernel's") == 1);
        assert_eq!(heard.times(&format!("sender={}", stranger.port())), 1);

        let dumps = AtomicU32::new(0);
        kernel.serve(move |_, asked| {
            let mark = if dumps.fetch_add(1, Ordering::Relaxed) == 0 { nlmsg::DUMP_INTR } else { 0 };
            let data = Datagram::to(asked[0].port).thing(nlmsg::MULTI | mark, asked[0].sequence, 1);
            vec![data.done(asked[0].sequence, 0)]
        });
        assert!(!socket.run(&all()).unwrap().is_interrupted());
        assert_eq!(heard.times("dump interrupted by changes"), 1);
    });
}
