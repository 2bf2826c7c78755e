//! Waiting until something is as it should be.

use alloc::{boxed::Box, vec::Vec};
use core::{fmt, time::Duration};

use netloom_wire::{About, Buffer, Driver, Error, Get, Notifications, Operation, Request, Result, View};

use crate::Rtnetlink;

/// Waits until an object is as it should be, or is there, or is not.
///
/// It subscribes first and asks then, so that no change is missed between the two; each message of the groups makes it
/// ask again.
///
/// ```no_run
/// use core::time::Duration;
/// use netloom_route::{Rtnetlink, group, link, state::Until};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn carrier(io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
///     let carrier = |link: Option<&link::Link>| link.is_some_and(link::Link::has_carrier);
///     Until::new(link::Get::new("v0"), &[group::LINK], carrier).within(Duration::from_secs(5)).perform(io).await?;
///     Ok(())
/// }
/// ```
pub struct Until<G, P> {
    get: G,
    groups: Vec<u32>,
    wanted: P,
    limit: Option<Duration>,
}

impl<G, P> Until<G, P>
where
    G: Request<Family = Rtnetlink, Kind = Get>,
    P: Fn(Option<&G::Reply>) -> bool + Send + Sync,
{
    /// Asks with `get`, at once and whenever one of the multicast `groups` speaks, until the answer is `wanted`; the
    /// answer is None while there is no such object.
    pub fn new(get: G, groups: &[u32], wanted: P) -> Self {
        Self { get, groups: groups.to_vec(), wanted, limit: None }
    }

    /// Says in an error what was waited for.
    #[cold]
    fn named(&self, problem: Error) -> Error {
        let mut body = Buffer::new();
        self.get.write(&mut body);
        problem.about(About::of::<G>().asked(body.bytes()))
    }

    /// Gives up after so long, with [`ErrorKind::Timeout`](netloom_wire::ErrorKind::Timeout).
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

impl<G: fmt::Debug, P> fmt::Debug for Until<G, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until").field("get", &self.get).field("groups", &self.groups).finish_non_exhaustive()
    }
}

impl<G, P> Operation for Until<G, P>
where
    G: Request<Family = Rtnetlink, Kind = Get>,
    P: Fn(Option<&G::Reply>) -> bool + Send + Sync,
{
    type Family = Rtnetlink;
    type Output = Option<Box<G::Reply>>;

    async fn perform<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<Self::Output> {
        let mut notifications = io.watch(&self.groups).await?;
        notifications.deadline(self.limit);
        loop {
            let mut found = None;
            match io.one(&self.get, |object| found = G::Reply::boxed(object.bytes())).await {
                Err(problem) if !problem.is_not_found() => return Err(problem),
                _ => {}
            }
            if (self.wanted)(found.as_deref()) {
                return Ok(found);
            }
            notifications.next().await.map_err(|problem| self.named(problem))?;
            while notifications.try_next()?.is_some() {}
        }
    }
}
