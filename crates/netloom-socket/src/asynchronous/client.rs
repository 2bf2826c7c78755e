//! What operations ask of an async socket.

use std::{
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::{Duration, Instant},
};

use netloom_proto::Outcome;
use netloom_wire::{Done, Driver, Dump, Family, Report, Request, Result};

use super::{
    Notifications, Stream,
    core::Core,
    errand::{BATCH, One, Part, Planned},
    stream::Underway,
};
use crate::{
    address::Address,
    cursor::{about, answered},
    hooks::{Chain, Decision, Draft, OnSend, Passage, registration},
    pipeline::Pipeline,
};

/// One caller of an async [`Socket`](super::Socket): a driver, with a deadline that no other caller has.
///
/// ```no_run
/// # use netloom_socket::asynchronous::Socket;
/// # use netloom_wire::{Driver, Operation, Result};
/// use std::time::Duration;
///
/// # async fn perform<O: Operation>(socket: &Socket<O::Family>, operation: &O) -> Result<O::Output> {
/// let mut client = socket.client();
/// client.deadline(Some(Duration::from_secs(1)));
/// operation.perform(&mut client).await
/// # }
/// ```
pub struct Client<'s, F> {
    core: &'s Core,
    address: Address,
    deadline: Option<Instant>,
    family: PhantomData<fn() -> F>,
}

impl<'s, F: Family> Client<'s, F> {
    pub(super) fn new(core: &'s Core, address: Address) -> Self {
        Self { core, address, deadline: None, family: PhantomData }
    }

    /// A dump in constant memory, object by object, on a socket of its own; the deadline holds for it too.
    pub fn stream<R: Request<Family = F, Kind = Dump> + Clone>(&self, request: &R) -> Result<Stream<R>> {
        Stream::start(self.core, &self.address, request.clone(), self.deadline)
    }

    registration!("ordinary blocking code, on a thread for such work; no other request waits for it.");
}

impl<F: Family> Client<'_, F> {
    /// Has the handlers decide of a request; the outer error is of the wait.
    async fn decide<R: Request>(&self, request: &R, passage: Passage) -> Result<Result<Decision>> {
        let decided = self.core.decide(passage, self.deadline).await.map_err(|error| about(request, error))?;
        Ok(decided.map_err(|error| about(request, error)))
    }

    /// Runs some requests of a pipeline, past the handlers.
    async fn run_batch<R: Request<Family = F>>(
        &self,
        chain: &Arc<Chain<OnSend>>,
        requests: Vec<Planned<R>>,
        pipeline: &mut Pipeline<R>,
        on_reply: &mut (impl FnMut(u64, &R::Reply) + Send),
    ) -> Result<()> {
        let hooks = self.core.pool.shared().hooks();
        let mut planned = Vec::with_capacity(requests.len());
        for (request, _) in requests {
            let decided = match Draft::of(Some(chain), &self.address, &request) {
                Ok(None) => Ok(Decision::Forward),
                Ok(Some(passage)) => self.decide(&request, passage).await?,
                Err(error) => Err(error),
            };
            match decided {
                Ok(Decision::Forward) => planned.push((request, None)),
                Ok(Decision::Send(draft)) => planned.push((request, Some(Box::new(draft)))),
                // Replies come in the order of the requests.
                Ok(Decision::Answer(answer)) => {
                    self.run_part(std::mem::take(&mut planned), pipeline, on_reply).await?;
                    pipeline.answer(request, &answer, hooks.receiving().as_deref(), on_reply);
                }
                Err(error) => {
                    self.run_part(std::mem::take(&mut planned), pipeline, on_reply).await?;
                    pipeline.refuse(error);
                }
            }
        }
        self.run_part(planned, pipeline, on_reply).await
    }

    /// Sends some requests of a pipeline and waits for their ends.
    async fn run_part<R: Request<Family = F>>(
        &self,
        requests: Vec<Planned<R>>,
        pipeline: &mut Pipeline<R>,
        on_reply: &mut (impl FnMut(u64, &R::Reply) + Send),
    ) -> Result<()> {
        if requests.is_empty() {
            return Ok(());
        }
        let shared = self.core.pool.shared();
        let mut part = Part { requests, address: &self.address, pipeline, on_reply, shared };
        self.core.exchange(&mut part, self.deadline).await?;
        pipeline.end_part();
        Ok(())
    }
}

impl<F: Family> Driver for Client<'_, F> {
    type Family = F;
    type Notifications = Notifications;

    #[inline]
    async fn one<R: Request<Family = F>>(&mut self, request: &R, on_reply: impl FnMut(&R::Reply) + Send) -> Result<()> {
        let hooks = self.core.pool.shared().hooks();
        let decision = match Draft::of(hooks.sending().as_ref(), &self.address, request)? {
            None => Decision::Forward,
            Some(passage) => self.decide(request, passage).await??,
        };
        let draft = match decision {
            Decision::Forward => None,
            Decision::Send(draft) => Some(draft),
            Decision::Answer(answer) => {
                return answered(request, &answer, hooks.receiving().as_deref(), on_reply).map(drop);
            }
        };
        let mut one = One { request, address: &self.address, draft, on_reply, outcome: Ok(Outcome::default()) };
        let ended = self.core.exchange(&mut one, self.deadline).await;
        let outcome = ended.and(one.outcome).map_err(|error| about(request, error))?;
        self.core.pool.shared().keep_warning(outcome.warning);
        Ok(())
    }

    async fn each<R: Request<Family = F, Kind = Dump>>(
        &mut self,
        request: &R,
        mut on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        let dump = async {
            let mut dump = Underway::start(self.core, &self.address, request, self.deadline)?;
            loop {
                while let Some(object) = dump.buffered(request)? {
                    on_reply(object);
                }
                if !dump.more(request).await? {
                    return Ok(dump.done());
                }
            }
        };
        self.core.unless_closed(dump).await.map_err(|error| about(request, error))?
    }

    async fn many<R: Request<Family = F>>(
        &mut self,
        mut requests: impl Iterator<Item = R> + Send,
        mut on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        let mut pipeline = Pipeline::new();
        pipeline.run_unechoed(self, &mut requests, &mut on_reply).await;
        loop {
            // Taken before the lock, since the caller's iterator may be slow, or use this socket.
            let batch: Vec<Planned<R>> = requests.by_ref().take(BATCH).map(|request| (request, None)).collect();
            if batch.is_empty() {
                break;
            }
            let chain = self.core.pool.shared().hooks().sending();
            match chain.filter(|chain| chain.is_for_requests::<R>(&self.address)) {
                None => self.run_part(batch, &mut pipeline, &mut on_reply).await?,
                Some(chain) => self.run_batch(&chain, batch, &mut pipeline, &mut on_reply).await?,
            }
        }
        pipeline.fetch_unanswered(self, &mut on_reply).await;
        Ok(pipeline.into_report())
    }

    async fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        Notifications::new(self.core.pool.subscribe(groups)?.until(self.deadline), &self.core.reactor)
    }

    fn deadline(&mut self, limit: Option<Duration>) {
        self.deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    }
}

impl<F: Family> fmt::Debug for Client<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("family", &F::NAME)
            .field("socket", &self.core.socket)
            .field("deadline", &self.deadline)
            .finish()
    }
}
