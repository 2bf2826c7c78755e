//! One way to write a test for the three drivers: blocking, tokio, async-io.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use netloom_socket::{
    Beside, SocketOptions, Warning, asynchronous, blocking,
    hooks::{Hook, Kit, ReceiveHandler, SendHandler, SendTest},
};
use netloom_wire::{Dump, Family, Notifications, Operation, Report, Request, Result};

/// What blocking and async sockets both do.
pub trait Handle<F: Family>: Sized {
    type Watch: Notifications;

    fn open(options: &SocketOptions) -> Self;
    async fn run<O: Operation<Family = F>>(&mut self, operation: O) -> Result<O::Output>;
    async fn pipeline<R: Request<Family = F>>(
        &mut self,
        requests: impl Iterator<Item = R> + Send,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report>;
    /// A whole stream; whether it was interrupted.
    async fn stream<R: Request<Family = F, Kind = Dump> + Clone>(
        &mut self,
        request: &R,
        on_object: impl FnMut(&R::Reply),
    ) -> Result<bool>;
    fn watch(&mut self, groups: &[u32]) -> Result<Self::Watch>;
    fn watch_groups(&mut self, names: &[&str]) -> Result<Self::Watch>;
    async fn put(&mut self, command: u16, flags: u16, body: &[u8]) -> Result<u32>;
    async fn get(&mut self, sequence: u32) -> Result<Vec<u8>>;
    async fn send(&mut self, datagram: &[u8]) -> Result<()>;
    async fn recv(&mut self) -> Result<Vec<u8>>;
    fn beside(&self) -> Beside;
    fn on_send(&self, name: &str, command: u16, handler: impl SendHandler) -> Hook;
    fn on_send_slow(&self, name: &str, command: u16, handler: impl SendHandler) -> Hook;
    fn on_send_slow_if(&self, name: &str, command: u16, concerns: impl SendTest, handler: impl SendHandler) -> Hook;
    fn on_receive(&self, name: &str, command: u16, handler: impl ReceiveHandler) -> Hook;
    fn on_subscribe(&self, handler: impl Fn(&[u32]) + Send + Sync + 'static);
    fn carry<C: Send + Sync + 'static>(&self, kit: &Kit<C>, known: &Arc<C>) -> Result<()>;
    fn warnings(&mut self) -> Vec<Warning>;
    fn overruns(&self) -> u64;
    fn foreign(&self) -> u64;
    fn port(&self) -> u32;
}

macro_rules! handle { ($type:ty, $watch:ty, [$($await:tt)*]) => {
    impl<F: Family> Handle<F> for $type {
        type Watch = $watch;

        fn open(options: &SocketOptions) -> Self {
            Self::with(options).unwrap()
        }
        async fn run<O: Operation<Family = F>>(&mut self, operation: O) -> Result<O::Output> {
            <$type>::run(self, &operation)$($await)*
        }
        async fn pipeline<R: Request<Family = F>>(
            &mut self,
            requests: impl Iterator<Item = R> + Send,
            on_reply: impl FnMut(u64, &R::Reply) + Send,
        ) -> Result<Report> {
            self.pipeline_with(requests, on_reply)$($await)*
        }
        async fn stream<R: Request<Family = F, Kind = Dump> + Clone>(
            &mut self,
            request: &R,
            mut on_object: impl FnMut(&R::Reply),
        ) -> Result<bool> {
            let mut stream = <$type>::stream(self, request)?;
            while let Some(object) = stream.next()$($await)*? {
                on_object(object);
            }
            Ok(stream.interrupted())
        }
        fn watch(&mut self, groups: &[u32]) -> Result<$watch> {
            <$type>::watch(self, groups)
        }
        fn watch_groups(&mut self, names: &[&str]) -> Result<$watch> {
            <$type>::watch_groups(self, names)
        }
        async fn put(&mut self, command: u16, flags: u16, body: &[u8]) -> Result<u32> {
            <$type>::put(self, command, flags, body)$($await)*
        }
        async fn get(&mut self, sequence: u32) -> Result<Vec<u8>> {
            <$type>::get(self, sequence)$($await)*
        }
        async fn send(&mut self, datagram: &[u8]) -> Result<()> {
            <$type>::send(self, datagram)$($await)*
        }
        async fn recv(&mut self) -> Result<Vec<u8>> {
            <$type>::recv(self)$($await)*.map(Into::into)
        }
        fn beside(&self) -> Beside {
            <$type>::beside(self)
        }
        fn on_send(&self, name: &str, command: u16, handler: impl SendHandler) -> Hook {
            <$type>::on_send(self, name, command, handler)
        }
        fn on_send_slow(&self, name: &str, command: u16, handler: impl SendHandler) -> Hook {
            <$type>::on_send_slow(self, name, command, handler)
        }
        fn on_send_slow_if(&self, name: &str, command: u16, concerns: impl SendTest, handler: impl SendHandler) -> Hook {
            <$type>::on_send_slow_if(self, name, command, concerns, handler)
        }
        fn on_receive(&self, name: &str, command: u16, handler: impl ReceiveHandler) -> Hook {
            <$type>::on_receive(self, name, command, handler)
        }
        fn on_subscribe(&self, handler: impl Fn(&[u32]) + Send + Sync + 'static) {
            <$type>::on_subscribe(self, handler);
        }
        fn carry<C: Send + Sync + 'static>(&self, kit: &Kit<C>, known: &Arc<C>) -> Result<()> {
            <$type>::carry(self, kit, Arc::clone(known))
        }
        fn warnings(&mut self) -> Vec<Warning> {
            self.take_warnings()
        }
        fn overruns(&self) -> u64 {
            <$type>::overruns(self)
        }
        fn foreign(&self) -> u64 {
            self.foreign_datagrams()
        }
        fn port(&self) -> u32 {
            <$type>::port(self)
        }
    }
} }
handle! { blocking::Socket<F>, blocking::Notifications, [] }
handle! { asynchronous::Socket<F>, asynchronous::Notifications, [.await] }

/// Runs what a blocking socket made: its futures are ready when they are polled first.
pub fn by_nobody<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a blocking driver's future was pending"),
    }
}

/// Runs a future by tokio, on one thread.
pub fn by_tokio<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs a future by async-io.
pub fn by_async_io<T>(future: impl Future<Output = T>) -> T {
    async_io::block_on(future)
}

/// `async fn name(io, WORLD) { … }` for each driver: `io` is opened with the options of the world that `$make` gives.
#[macro_export]
macro_rules! each_driver { ($family:ty, $world:ty, $make:expr; $($(#[$meta:meta])* async fn $name:ident($io:ident, $there:ident, $options:expr) $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;

        async fn body<H: Handle<$family>>($there: $world) {
            let change: fn(netloom_socket::SocketOptions) -> netloom_socket::SocketOptions = $options;
            #[allow(unused_mut, reason = "not every body changes it")]
            let mut $io = H::open(&change($there.options()));
            $body
        }

        #[test]
        fn blocking() {
            let Some(world) = $make else { return };
            by_nobody(body::<netloom_socket::blocking::Socket<$family>>(world));
        }

        #[test]
        fn tokio() {
            let Some(world) = $make else { return };
            by_tokio(body::<netloom_socket::asynchronous::Socket<$family>>(world));
        }

        #[test]
        fn async_io() {
            let Some(world) = $make else { return };
            by_async_io(body::<netloom_socket::asynchronous::Socket<$family>>(world));
        }
    }
)* } }
