//! A played kernel, and what it was asked.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::sync::{Arc, Mutex};

use netloom_socket::SocketOptions;
use netloom_testkit::{Asked, Datagram, FakeKernel};
use netloom_wire::{Buffer, Request};

/// A played kernel that nobody plays yet.
pub struct Played(pub FakeKernel);

/// What a played kernel was asked, in order.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Asked>>>);

impl Log {
    /// What it was asked since this was called last.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Played {
    pub fn new() -> Option<Self> {
        Some(Self(FakeKernel::new()))
    }

    pub fn options(&self) -> SocketOptions {
        SocketOptions::new().peer(self.0.port())
    }

    /// Answers each request by itself; a datagram of requests by one datagram.
    pub fn answer(self, answer: impl Fn(Datagram, &Asked) -> Datagram + Send + 'static) {
        self.0.serve(move |_, asked| {
            let all = asked.iter().fold(Datagram::to(asked[0].port), &answer);
            vec![all]
        });
    }

    /// Answers all as if all things were there, and notes what is asked.
    pub fn serve(self) -> Log {
        let log = Log::default();
        let noted = log.clone();
        self.answer(move |out, request| {
            noted.0.lock().unwrap().push(request.clone());
            out.served(request)
        });
        log
    }
}

/// The body of a request.
pub fn written(request: &impl Request) -> Vec<u8> {
    let mut out = Buffer::new();
    request.write(&mut out);
    out.finish().unwrap()
}
