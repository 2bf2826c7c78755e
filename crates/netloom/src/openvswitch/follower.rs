//! A thread that follows the database while somebody listens: what it tells must not wait until a link is looked at.

use std::{
    io,
    sync::{Weak, atomic::Ordering},
    thread,
    time::Duration,
};

use netloom_route::group;

use super::proxy::Proxy;

/// How soon it notices that nobody listens any more, or that the database is back.
const TICK: Duration = Duration::from_millis(250);

pub(super) fn start(proxy: Weak<Proxy>) -> io::Result<()> {
    thread::Builder::new().name("netloom-ovs".to_owned()).spawn(move || while follow(&proxy) {}).map(drop)
}

/// Takes what the database has told, and waits for more; whether to go on.
fn follow(proxy: &Weak<Proxy>) -> bool {
    let Some(proxy) = proxy.upgrade() else { return false };
    if proxy.is_to_learn() {
        proxy.learn();
    }
    let reached = proxy.known().is_some();
    if !(reached || proxy.is_reachable()) || !proxy.beside.has_subscription(group::LINK) {
        proxy.followed.store(false, Ordering::Release);
        return false;
    }
    let ear = proxy.ear();
    // Who drops the socket does not wait for this thread.
    drop(proxy);
    match ear {
        Some(ear) => _ = ear.listen(TICK),
        None => thread::sleep(TICK),
    }
    true
}
