//! Futures by hand, and one test by both reactors.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

/// The same test by each reactor.
#[macro_export]
macro_rules! each_reactor { ($($(#[$meta:meta])* async fn $name:ident() $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;
        async fn body() $body
        #[test]
        fn tokio() { $crate::handle::by_tokio(body()) }
        #[test]
        fn async_io() { $crate::handle::by_async_io(body()) }
    }
)* } }

/// Polls a future once; whether it is still pending.
pub async fn poll_once(mut future: Pin<&mut impl Future>) -> bool {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// Ends with None when a second has passed, whichever reactor runs it.
pub async fn within_a_second<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut timer = async_io::Timer::after(Duration::from_secs(1));
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| None),
    })
    .await
}

/// Both at once, in one task.
pub async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none() {
            if let Poll::Ready(output) = a.as_mut().poll(cx) {
                first = Some(output);
            }
        }
        if second.is_none() {
            if let Poll::Ready(output) = b.as_mut().poll(cx) {
                second = Some(output);
            }
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.unwrap(), second.unwrap())
}

/// Lets others be polled once.
pub async fn turn() {
    let mut is_first = true;
    poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}
