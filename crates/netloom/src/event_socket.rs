//! Sockets that only listen: ACPI, disk quotas, teams, thermal zones, and any family with a multicast group.

use std::{
    marker::PhantomData,
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

use netloom_generic::{
    acpi::{self, AcpiEvent},
    quota::{self, QuotaWarning},
    team::{self, Team, TeamMessage},
    thermal::{self, Thermal, ThermalMessage},
};
use netloom_socket::{SocketOptions, blocking};
use netloom_wire::{Family, Notice, Result, View};

/// A family of generic netlink that tells events.
pub trait EventFamily: Family {
    /// The groups that they go to.
    const GROUPS: &'static [&'static str];
    /// What an event looks like.
    type Event: View + ?Sized;
}

impl EventFamily for acpi::AcpiEvents {
    const GROUPS: &'static [&'static str] = &[acpi::GROUP];
    type Event = AcpiEvent;
}

impl EventFamily for quota::QuotaEvents {
    const GROUPS: &'static [&'static str] = &[quota::GROUP];
    type Event = QuotaWarning;
}

impl EventFamily for Thermal {
    const GROUPS: &'static [&'static str] = &thermal::GROUPS;
    type Event = ThermalMessage;
}

impl EventFamily for Team {
    const GROUPS: &'static [&'static str] = &[team::GROUP];
    type Event = TeamMessage;
}

/// What an event socket has to tell.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a, T: ?Sized> {
    /// Something happened.
    Happened {
        /// Command of the message, where the family says by it what happened: see
        /// [`EventKind`](netloom_generic::thermal::EventKind).
        command: u16,
        /// What.
        event: &'a T,
    },
    /// The receive buffer was full: events were lost.
    Lost,
}

/// Events of a family, blocking.
///
/// ```no_run
/// use netloom::{Event, QuotaEvents};
///
/// let mut warnings = QuotaEvents::open()?;
/// loop {
///     match warnings.next()? {
///         Event::Happened { event, .. } => println!("{:?} of {:?}", event.warning(), event.id()),
///         _ => println!("some were lost"),
///     }
/// }
/// # #[expect(unreachable_code, reason = "it goes on for ever")]
/// # Ok::<(), netloom::Error>(())
/// ```
#[derive(Debug)]
pub struct EventSocket<F> {
    notifications: blocking::Notifications,
    family: PhantomData<fn() -> F>,
}

/// Buttons, lids, batteries; see [`EventSocket`].
pub type AcpiEvents = EventSocket<acpi::AcpiEvents>;
/// Warnings of disk quotas; see [`EventSocket`].
pub type QuotaEvents = EventSocket<quota::QuotaEvents>;
/// Changes of teams' options and ports; see [`EventSocket`].
pub type TeamEvents = EventSocket<Team>;
/// What happens to thermal zones and cooling devices, and their temperatures; see [`EventSocket`].
pub type ThermalEvents = EventSocket<Thermal>;

impl<F: EventFamily> EventSocket<F> {
    /// Subscribes to all groups of the family.
    ///
    /// # Errors
    /// If the kernel lacks the family; the error names the module.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::new())
    }

    /// The same with these options.
    ///
    /// # Errors
    /// As [`EventSocket::open`].
    pub fn with(options: &SocketOptions) -> Result<Self> {
        let mut socket = blocking::Socket::<F>::with(options)?;
        Ok(Self { notifications: socket.watch_groups(F::GROUPS)?, family: PhantomData })
    }

    /// Waits for the next event.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped), [`ErrorKind::Timeout`](crate::ErrorKind::Timeout); what the
    /// socket fails with.
    #[expect(clippy::should_implement_trait, reason = "it lends, which an iterator cannot")]
    pub fn next(&mut self) -> Result<Event<'_, F::Event>> {
        Ok(event::<F>(self.notifications.next()?))
    }

    /// [`EventSocket::next`] ends with a timeout when so long has passed from now; None lifts it.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.notifications.deadline(limit);
    }

    /// A handle that ends [`EventSocket::next`] from another thread.
    ///
    /// # Errors
    /// If the descriptors that ring it cannot be made.
    pub fn stop_handle(&mut self) -> Result<blocking::Stop> {
        self.notifications.stop_handle()
    }
}

/// A message that is shorter than its header, which none of these has, would be lost too.
fn event<F: EventFamily>(notice: Notice<'_>) -> Event<'_, F::Event> {
    match notice {
        Notice::Message { command, payload, .. } => match F::Event::view(payload) {
            Some(event) => Event::Happened { command, event },
            None => Event::Lost,
        },
        _ => Event::Lost,
    }
}

impl<F> AsFd for EventSocket<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.notifications.as_fd()
    }
}

/// Events of a family, async.
///
/// ```no_run
/// # async fn example() -> netloom::Result<()> {
/// use netloom::{AsyncEventSocket, Event, generic::acpi::AcpiEvents};
///
/// let mut events = AsyncEventSocket::<AcpiEvents>::open()?;
/// if let Event::Happened { event, .. } = events.next().await? {
///     println!("{event:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[cfg(any(feature = "tokio", feature = "async-io"))]
#[derive(Debug)]
pub struct AsyncEventSocket<F> {
    notifications: netloom_socket::asynchronous::Notifications,
    family: PhantomData<fn() -> F>,
}

#[cfg(any(feature = "tokio", feature = "async-io"))]
impl<F: EventFamily> AsyncEventSocket<F> {
    /// Subscribes to all groups of the family.
    ///
    /// # Errors
    /// If the kernel lacks the family, or there is no runtime to wait by.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::new())
    }

    /// The same with these options.
    ///
    /// # Errors
    /// As [`AsyncEventSocket::open`].
    pub fn with(options: &SocketOptions) -> Result<Self> {
        let socket = netloom_socket::asynchronous::Socket::<F>::with(options)?;
        Ok(Self { notifications: socket.watch_groups(F::GROUPS)?, family: PhantomData })
    }

    /// Waits for the next event.
    ///
    /// # Errors
    /// As [`EventSocket::next`].
    pub async fn next(&mut self) -> Result<Event<'_, F::Event>> {
        Ok(event::<F>(self.notifications.next().await?))
    }

    /// [`AsyncEventSocket::next`] ends with a timeout when so long has passed from now; None lifts it.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.notifications.deadline(limit);
    }
}
