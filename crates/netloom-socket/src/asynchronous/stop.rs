//! Ending a wait from elsewhere.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::Waker,
};

use crate::shared::locked;

/// Stops an async subscription from any task or thread.
///
/// Clones stop the same subscription. What waits on it, now or later, ends with
/// [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped).
///
/// ```no_run
/// # async fn example() -> netloom_wire::Result<()> {
/// use netloom_route::{Rtnetlink, group};
///
/// let socket = netloom_socket::asynchronous::Socket::<Rtnetlink>::open()?;
/// let mut links = socket.watch(&[group::LINK])?;
/// let stop = links.stop_handle();
/// std::thread::spawn(move || stop.stop()); // or any task
/// while links.next().await.is_ok() {}
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stopped: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Stop {
    /// Stops the subscription, for good.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        let waker = locked(&self.0.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    /// Wakes this task when it is stopped.
    pub(super) fn leave_waker(&self, waker: &Waker) {
        *locked(&self.0.waker) = Some(waker.clone());
    }
}
