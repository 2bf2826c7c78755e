//! One family's way to a blocking socket: what operations ask of it. Every future is ready when it is first polled.

use std::{
    fmt,
    marker::PhantomData,
    time::{Duration, Instant},
};

use netloom_proto::Token;
use netloom_wire::{Done, Driver, Dump, Family, Report, Request, Result};

use super::{Notifications, Stream, core::Core, stream::run};
use crate::{
    address::Address,
    cursor::{about, answered, reply},
    hooks::{Decision, registration},
    pipeline::Pipeline,
};

/// A driver for the operations of one family over a blocking socket, which may speak several of generic netlink.
pub struct Speaker<'s, F> {
    core: &'s mut Core,
    address: &'s Address,
    family: PhantomData<fn() -> F>,
}

impl<'s, F: Family> Speaker<'s, F> {
    pub(super) fn new(core: &'s mut Core, address: &'s Address) -> Self {
        Self { core, address, family: PhantomData }
    }

    /// A dump in constant memory, object by object, on a socket of its own.
    pub fn stream<R: Request<Family = F, Kind = Dump> + Clone>(&mut self, request: &R) -> Result<Stream<R>> {
        Stream::start(&self.core.pool, self.address, request.clone(), self.core.deadline)
    }

    registration!("ordinary blocking code, which the request waits for.");

    /// Waits for the end of a request.
    fn finish<R: Request>(&mut self, token: Token, request: &R, mut on_reply: impl FnMut(&R::Reply)) -> Result<()> {
        let Core { main, letters, pool, deadline } = &mut *self.core;
        loop {
            main.flush();
            let mut own = None;
            while let Some((ended, outcome)) = main.poll_done() {
                if ended == token {
                    own = Some(outcome);
                } else {
                    letters.end(ended, outcome, pool.shared());
                }
            }
            if let Some(outcome) = own {
                pool.shared().keep_warning(outcome?.warning);
                return Ok(());
            }
            if let Err(error) = main.receive(*deadline) {
                main.exchange.cancel(token);
                return Err(error);
            }
            main.deliver(|to, message| {
                if to != token {
                    letters.keep(to, message);
                } else if let Some(reply) = reply(request, message) {
                    on_reply(reply);
                }
            });
        }
    }

    /// Moves a pipeline on until all its requests have ended.
    fn drive<R: Request>(
        &mut self,
        pipeline: &mut Pipeline<R>,
        requests: &mut impl Iterator<Item = R>,
        on_reply: &mut impl FnMut(u64, &R::Reply),
    ) -> Result<()> {
        let Core { main, letters, pool, deadline } = &mut *self.core;
        main.widen();
        let mut answered = None;
        loop {
            if main.exchange.is_hungry() && answered.is_none() {
                let hooks = pool.shared().hooks();
                let chain = hooks.sending().filter(|chain| chain.is_for_requests::<R>(self.address));
                while main.exchange.has_room() {
                    let Some(request) = requests.next() else { break };
                    if chain.is_none() {
                        pipeline.append(&mut main.exchange, self.address, request);
                        continue;
                    }
                    match Decision::of(chain.as_ref(), self.address, &request) {
                        Ok(Decision::Forward) => pipeline.append(&mut main.exchange, self.address, request),
                        Ok(Decision::Send(draft)) => pipeline.append_draft(&mut main.exchange, &draft, request),
                        Ok(Decision::Answer(answer)) => {
                            // Replies come in the order of the requests: after those of all that are in flight.
                            answered = Some((request, answer));
                            break;
                        }
                        Err(error) => pipeline.refuse(error),
                    }
                }
            }
            main.flush();
            let before = pipeline.in_flight();
            while let Some((token, outcome)) = main.poll_done() {
                match pipeline.index(token) {
                    Some(index) => pool.shared().keep_warning(pipeline.end(index, outcome)),
                    None => letters.end(token, outcome, pool.shared()),
                }
            }
            match pipeline.in_flight() {
                0 if answered.is_some() => {
                    if let Some((request, answer)) = answered.take() {
                        let chain = pool.shared().hooks().receiving();
                        pipeline.answer(request, &answer, chain.as_deref(), on_reply);
                    }
                    continue;
                }
                0 if before == 0 => return Ok(()),
                // Room for more, before anything is waited for.
                left if left != before && main.exchange.is_hungry() => continue,
                _ => {}
            }
            main.receive(*deadline)?;
            main.deliver(|token, message| match pipeline.reply(token, message) {
                Some((index, reply)) => on_reply(index, reply),
                None => letters.keep(token, message),
            });
        }
    }
}

impl<F: Family> Driver for Speaker<'_, F> {
    type Family = F;
    type Notifications = Notifications;

    async fn one<R: Request<Family = F>>(&mut self, request: &R, on_reply: impl FnMut(&R::Reply) + Send) -> Result<()> {
        let hooks = self.core.pool.shared().hooks();
        let token = match Decision::of(hooks.sending().as_ref(), self.address, request)? {
            Decision::Forward => self.core.main.exchange.submit_to(self.address.of::<R>(), request),
            Decision::Send(draft) => draft.submit_as::<R>(&mut self.core.main.exchange),
            Decision::Answer(answer) => {
                return answered(request, &answer, hooks.receiving().as_deref(), on_reply).map(drop);
            }
        };
        self.finish(token, request, on_reply).map_err(|error| about(request, error))
    }

    async fn each<R: Request<Family = F, Kind = Dump>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        run(&self.core.pool, self.address, request, self.core.deadline, on_reply)
    }

    async fn many<R: Request<Family = F>>(
        &mut self,
        mut requests: impl Iterator<Item = R> + Send,
        mut on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        let mut pipeline = Pipeline::new();
        pipeline.run_unechoed(self, &mut requests, &mut on_reply).await;
        if let Err(error) = self.drive(&mut pipeline, &mut requests, &mut on_reply) {
            pipeline.abandon(&mut self.core.main.exchange);
            return Err(error);
        }
        pipeline.fetch_unanswered(self, &mut on_reply).await;
        Ok(pipeline.into_report())
    }

    async fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        Ok(Notifications::new(self.core.pool.subscribe(groups)?.until(self.core.deadline)))
    }

    fn deadline(&mut self, limit: Option<Duration>) {
        self.core.deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    }
}

impl<F: Family> fmt::Debug for Speaker<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Speaker").field("family", &F::NAME).field("socket", self.core.main.socket()).finish()
    }
}
