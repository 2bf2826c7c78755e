//! What an async socket is, whatever its family.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, OnceLock},
    task::Poll,
    time::{Duration, Instant},
};

use netloom_wire::Result;

use super::{
    errand::{BATCH, Errand},
    limit::{self, Limit},
    reactor::{Reactor, Registration},
    state::{Advance, Bells, Caller, Letter, Sink, State},
    turns::Turns,
    waiters::Place,
};
use crate::{
    RawSocket, SocketOptions,
    connection::Connection,
    hooks::{Decision, Inside, Passage},
    pool::Pool,
    shared::locked,
};

/// What the callers share, the socket's place in the reactor, and the pool beside it.
pub(super) struct Core {
    pub(super) state: Mutex<State>,
    pub(super) socket: Arc<RawSocket>,
    /// Made at the first wait, which may never come: a socket that is watched costs more to answer on.
    registration: OnceLock<Registration>,
    pub(super) reactor: Reactor,
    pub(super) pool: Arc<Pool>,
    pub(super) inactivity: Option<Duration>,
    turns: Arc<Turns>,
}

impl Core {
    pub(super) fn new(
        mut main: Connection,
        pool: Arc<Pool>,
        reactor: Reactor,
        options: &SocketOptions,
    ) -> Result<Self> {
        main.exchange.limit_batch(BATCH);
        reactor.prove(main.socket())?;
        Ok(Self {
            socket: Arc::clone(main.socket()),
            state: Mutex::new(State::new(main)),
            registration: OnceLock::new(),
            reactor,
            pool,
            inactivity: options.inactivity_limit,
            turns: Arc::default(),
        })
    }

    /// The connection, for somebody else to read from; out of the reactor.
    pub(super) fn into_connection(self) -> (Connection, Reactor) {
        drop(self.registration);
        let state = self.state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        (state.connection, self.reactor)
    }

    /// The socket's place in the reactor.
    pub(super) fn registration(&self) -> Result<&Registration> {
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        // Under the lock, since a reactor takes a descriptor once only.
        let _alone = locked(&self.state);
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        let made = self.reactor.register(&self.socket)?;
        Ok(self.registration.get_or_init(|| made))
    }

    /// Runs requests that were submitted in one go, and waits until they have ended.
    #[inline]
    pub(super) async fn exchange<E: Errand>(&self, errand: &mut E, deadline: Option<Instant>) -> Result<()> {
        limit::check(deadline)?;
        self.reactor.pause().await;
        if E::SLOW {
            return self.offload(errand, deadline).await;
        }
        let (ticket, advance) = self.begin(errand)?;
        match advance? {
            Advance::Done => Ok(()),
            _ => self.wait(ticket, deadline).await,
        }
    }

    /// Has the handlers decide of a message. A slow one is called on a thread for such work, which goes on to its end even
    /// if nobody waits for it any more.
    ///
    /// The outer error is of the wait, the inner of a handler.
    pub(super) async fn decide(&self, passage: Passage, deadline: Option<Instant>) -> Result<Result<Decision>> {
        limit::within(&self.reactor, deadline, pin!(decide(self.reactor.clone(), passage))).await
    }

    /// Submits, sends, and reads what is there, which nearly always is all.
    fn begin<'s, E: Errand>(&'s self, errand: &'s mut E) -> Result<(Ticket<'s, E>, Result<Advance>)> {
        // Declared before the lock so that it is dropped after it, even when the errand panics: its drop locks too.
        let mut ticket;
        let mut bells = Bells::default();
        let mut state = locked(&self.state);
        state.check_open()?;
        let own = state.submit(errand);
        ticket = Ticket { state: &self.state, caller: Caller::new(own, errand) };
        let advance = state.advance(&mut ticket.caller, &mut bells);
        drop(state);
        bells.ring();
        ticket.caller.release();
        Ok((ticket, advance))
    }

    /// Runs requests that the kernel takes long over on a thread for such work and a socket of their own: neither this
    /// thread nor other requests wait for them.
    async fn offload(&self, errand: &mut impl Errand, deadline: Option<Instant>) -> Result<()> {
        let inside = Inside::now();
        let (connection, letters, result) = {
            let work = pin!(async {
                let turn = self.turns.take().await;
                let mut connection = self.pool.take()?;
                errand.submit(&mut connection.exchange);
                let work = move || {
                    // Until the end of the thread, whether or not anybody still waits for it.
                    let _turn = turn;
                    let mut letters = Vec::new();
                    let result = inside.run(|| finish(&mut connection, deadline, &mut letters));
                    (connection, letters, result)
                };
                self.reactor.unblock(work).await
            });
            self.unless_closed(limit::within(&self.reactor, deadline, work)).await???
        };
        self.pool.give(connection);
        letters.into_iter().for_each(|letter| letter.open(|token, item| errand.take(token, item)));
        result
    }

    /// Waits for something that is not on the socket's own connection, unless the socket is closed.
    pub(super) async fn unless_closed<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        locked(&self.state).check_open()?;
        let mut work = pin!(work);
        let mut outside = Place::new(&self.state, |state| &mut state.outside);
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending => {
                let mut state = locked(&self.state);
                if let Err(closed) = state.check_open() {
                    return Poll::Ready(Err(closed));
                }
                outside.wait(&mut state, cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    /// Waits until the requests of a ticket have ended, each with a timeout at the latest.
    pub(super) async fn wait(&self, mut ticket: Ticket<'_, impl Sink>, deadline: Option<Instant>) -> Result<()> {
        let mut limit = Limit::new(&self.reactor, self.inactivity, deadline);
        self.registration()?
            .drive(|cx| {
                let mut bells = Bells::default();
                let mut state = locked(&self.state);
                let own = ticket.caller.own;
                let poll = match state.advance(&mut ticket.caller, &mut bells) {
                    Err(error) => Poll::Ready(Err(error)),
                    Ok(Advance::Done) => Poll::Ready(Ok(())),
                    Ok(came) => {
                        if came == Advance::Some {
                            limit.restart();
                        }
                        if limit.has_passed(cx) {
                            state.expire(&mut ticket.caller, &mut bells);
                            Poll::Ready(Ok(()))
                        } else {
                            state.leave_waker(own, cx.waker());
                            Poll::Pending
                        }
                    }
                };
                drop(state);
                bells.ring();
                ticket.caller.release();
                poll
            })
            .await
    }
}

/// Has the handlers decide of a message, the slow ones on a thread for such work.
pub(super) async fn decide(reactor: Reactor, passage: Passage) -> Result<Decision> {
    match passage.decide_quickly() {
        Ok(decided) => decided,
        Err(passage) => reactor.unblock(move || passage.decide()).await?,
    }
}

/// The requests of one caller. Dropped early, it gives them up without a trace for the others.
pub(super) struct Ticket<'s, S> {
    pub(super) state: &'s Mutex<State>,
    pub(super) caller: Caller<'s, S>,
}

impl<S> Drop for Ticket<'_, S> {
    fn drop(&mut self) {
        if !self.caller.is_done() {
            locked(self.state).forget(&self.caller);
        }
    }
}

/// Waits, blocking, until all requests on a connection have ended.
fn finish(connection: &mut Connection, deadline: Option<Instant>, letters: &mut Vec<Letter>) -> Result<()> {
    loop {
        connection.flush();
        while let Some((token, outcome)) = connection.poll_done() {
            letters.push(Letter::Done(token, outcome));
        }
        if connection.exchange.is_idle() {
            return Ok(());
        }
        connection.receive(deadline)?;
        connection.deliver(|token, message| letters.push(Letter::reply(token, message)));
    }
}
