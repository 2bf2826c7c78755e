//! Making sure that something is there, and as it should be.

use alloc::boxed::Box;

use netloom_wire::{
    Buffer, Command, Driver, Dump, Error, ErrorKind, Object, Operation, Path, Request, Result, View, collect,
    difference,
};

use super::copy::Update;
use crate::Rtnetlink;

/// What making sure took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing: it was so already.
    Unchanged,
    /// It was made.
    Created,
    /// It was there and has been changed.
    Updated,
    /// It was there and has been removed.
    Removed,
}

/// An order to make something that can be made sure of.
pub trait Presentable: Request<Family = Rtnetlink, Kind = Command> {
    /// Finds what may be there already.
    type Find: Request<Family = Rtnetlink, Kind = Dump, Reply = Self::Body>;
    /// `NLM_F_*` bits of the same message when it changes what is there.
    const UPDATE: u16;

    /// Attributes of the message that are about the making, or that nobody can read back: they are not compared.
    fn transient(wanted: &Self::Body) -> &'static [u16];

    /// The dump in which `wanted` is found if it is there; the kernel may filter it.
    fn find(wanted: &Self::Body) -> Self::Find;

    /// Whether `there` is the object that is `wanted`, be it as it may.
    fn is(wanted: &Self::Body, there: &Self::Body) -> bool {
        wanted.key() == there.key()
    }

    /// Whether something in the header, or in an attribute that is not comparable as a whole, is not as wanted.
    ///
    /// # Errors
    /// If what is there can never become what is wanted.
    fn header_differs(wanted: &Self::Body, there: &Self::Body) -> Result<bool>;
}

/// Makes sure that what an order would make is there, with all that the order says of it.
///
/// Running it again changes nothing. What the order does not mention stays as it is.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link, state::{Outcome, Present}};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn uplink(io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
///     let bridge = Present::new(link::Add::new("br0").kind("bridge").mtu(1400).up());
///     match bridge.perform(io).await? {
///         Outcome::Unchanged => println!("br0 was as it should be"),
///         outcome => println!("br0: {outcome:?}"),
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Present<A>(A);

impl<A: Presentable> Present<A> {
    /// By this order.
    pub fn new(add: A) -> Self {
        Self(add)
    }

    /// The order's body, as a view.
    fn wanted(&self) -> Result<Box<A::Body>> {
        let mut out = Buffer::new();
        self.0.write(&mut out);
        A::Body::boxed(&out.finish()?)
            .ok_or_else(|| Error::new(ErrorKind::Misuse, "the order wrote a message without its header"))
    }

    async fn look<I: Driver<Family = Rtnetlink>>(wanted: &A::Body, io: &mut I) -> Result<Option<Box<A::Body>>> {
        let (found, _) = collect(&A::find(wanted), io, |found: &mut Option<Box<A::Body>>, there| {
            if found.is_none() && A::is(wanted, there) {
                *found = A::Body::boxed(there.bytes());
            }
        })
        .await?;
        Ok(found)
    }

    fn unlike(wanted: &A::Body, there: &A::Body) -> Result<Option<Path>> {
        let attribute = difference(A::Body::layout(), wanted.bytes(), there.bytes(), A::transient(wanted));
        let header = A::header_differs(wanted, there)?;
        Ok(attribute.or_else(|| header.then(Path::default)))
    }
}

impl<A: Presentable> Operation for Present<A> {
    type Family = Rtnetlink;
    type Output = Outcome;

    async fn perform<I: Driver<Family = Rtnetlink>>(&self, io: &mut I) -> Result<Outcome> {
        let wanted = self.wanted()?;
        let there = match Self::look(&wanted, io).await? {
            Some(there) => there,
            None => match io.one(&self.0, |_| ()).await {
                // Somebody else made it since.
                Err(problem) if problem.is_exists() => Self::look(&wanted, io).await?.ok_or(problem)?,
                outcome => return outcome.map(|()| Outcome::Created),
            },
        };
        if Self::unlike(&wanted, &there)?.is_none() {
            return Ok(Outcome::Unchanged);
        }
        io.one(&Update::<A>::new(&wanted), |_| ()).await?;
        // The kernel takes some changes without a word and does nothing.
        let there = Self::look(&wanted, io).await?;
        match there.map(|there| Self::unlike(&wanted, &there)).transpose()? {
            Some(None) => Ok(Outcome::Updated),
            Some(Some(left)) => Err(Error::new(
                ErrorKind::Unsupported,
                alloc::format!("the kernel accepted the change of {} {left} and did not make it", A::Body::NOUN),
            )),
            None => Err(Error::no_reply()),
        }
    }
}
