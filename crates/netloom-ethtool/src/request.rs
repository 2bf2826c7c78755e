//! Requests: all begin with the device that they are about.

use netloom_wire::{Buffer, Command, Get, Object, Request, Writer};

use crate::{
    commands::*,
    features::Features,
    header::{DeviceRef, HeaderFlags},
    rss::Rss,
    timestamping::TimestampingConfig,
};

macro_rules! gets { ($($request:ident)*) => { $(
    impl $request {
        /// Of this device: `"eth0"`, an index, or a [`DeviceRef`] that asks for more.
        pub fn of(device: impl Into<DeviceRef>) -> Self {
            Self::with(device, |w| w)
        }

        /// Of this device, with more attributes of the question.
        pub fn with(
            device: impl Into<DeviceRef>,
            attributes: impl FnOnce(Writer<<Self as Request>::Body>) -> Writer<<Self as Request>::Body>,
        ) -> Self {
            let device = device.into();
            Self::new(|w| attributes(w.header(|h| device.write(h))))
        }
    }
)* } }

macro_rules! lists { ($($request:ident)*) => { $(
    impl $request {
        /// Of all devices that know of it.
        pub fn all() -> Self {
            Self::with(HeaderFlags::empty(), |w| w)
        }

        /// Of all devices, answered as the flags ask, with more attributes of the question.
        pub fn with(
            flags: HeaderFlags,
            attributes: impl FnOnce(Writer<<Self as Request>::Body>) -> Writer<<Self as Request>::Body>,
        ) -> Self {
            Self::new(|w| attributes(w.header(|h| if flags.is_empty() { h } else { h.flags(flags) })))
        }
    }
)* } }

macro_rules! sets { ($($request:ident)*) => { $(
    impl $request {
        /// On this device, with these attributes; what is left out stays as it is.
        pub fn of(
            device: impl Into<DeviceRef>,
            attributes: impl FnOnce(Writer<<Self as Request>::Body>) -> Writer<<Self as Request>::Body>,
        ) -> Self {
            let device = device.into();
            Self::new(|w| attributes(w.header(|h| device.write(h))))
        }
    }
)* } }

gets! {
    GetStringSets GetLinkInfo GetLinkModes GetLinkState GetDebugMessages GetWakeOnLan GetFeatures GetPrivateFlags
    GetRings GetChannels GetCoalesce GetPause GetEee GetTimestamping GetTunnelInfo GetFec GetModuleEeprom
    GetStatistics GetVirtualClocks GetModule GetPse GetRss GetPlca GetPlcaStatus GetMacMerge GetPhy
    GetTimestampingConfig GetMse
}
lists! {
    ListStringSets ListLinkInfo ListLinkModes ListLinkState ListDebugMessages ListWakeOnLan ListFeatures
    ListPrivateFlags ListRings ListChannels ListCoalesce ListPause ListEee ListTimestamping ListTunnelInfo ListFec
    ListModuleEeprom ListStatistics ListVirtualClocks ListModule ListPse ListRss ListPlca ListPlcaStatus
    ListMacMerge ListPhy ListTimestampingConfig ListMse
}
sets! {
    SetLinkInfo SetLinkModes SetDebugMessages SetWakeOnLan SetFeatures SetPrivateFlags SetRings SetChannels
    SetCoalesce SetPause SetEee SetFec SetModule SetPse SetRss SetPlca SetMacMerge SetTimestampingConfig
    MeasureCable FlashModule CreateRss DeleteRss
}

/// An order that the kernel answers with a message, if that is wanted: [`Answers::answered`].
pub trait Answers: Request<Kind = Command> {
    /// What the answer holds.
    type Answer: Object + ?Sized;
    /// Number of the answer.
    const ANSWER: u16;

    /// The same order, returning the answer.
    fn answered(self) -> Answered<Self>
    where
        Self: Sized,
    {
        Answered(self)
    }
}

/// An order that returns the kernel's answer to it.
///
/// ```
/// use netloom_ethtool::{Answers, commands::CreateRss, rss::RssWriter};
///
/// // Run by a socket, it returns the context with the number that the kernel chose.
/// let create = CreateRss::of("eth0", |w: RssWriter| w.table(&[0, 1, 0, 1])).answered();
/// # let _ = create;
/// ```
#[derive(Clone, Debug)]
pub struct Answered<R>(pub R);

impl<R: Answers> Request for Answered<R> {
    type Family = R::Family;
    type Body = R::Body;
    type Reply = R::Answer;
    type Kind = Get;
    const COMMAND: u16 = R::COMMAND;
    const REPLY: u16 = R::ANSWER;
    const VERB: &'static str = R::VERB;

    fn flags(&self) -> u16 {
        self.0.flags()
    }
    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
}

macro_rules! answers { ($($request:ident -> $number:literal $answer:ident),*) => { $(
    impl Answers for $request {
        type Answer = $answer;
        const ANSWER: u16 = $number;
    }
)* } }
answers! { SetFeatures -> 12 Features, SetTimestampingConfig -> 48 TimestampingConfig, CreateRss -> 51 Rss }

macro_rules! lists_of_one { ($($request:ident $what:literal)*) => { $(
    impl $request {
        #[doc = concat!("All ", $what, " of this device.")]
        pub fn of(device: impl Into<DeviceRef>) -> Self {
            let device = device.into();
            Self::new(|w| w.header(|h| device.write(h)))
        }
    }
)* } }
lists_of_one! { ListPhy "PHYs" ListRss "contexts" }

impl TestCable {
    /// Of this device.
    pub fn of(device: impl Into<DeviceRef>) -> Self {
        let device = device.into();
        Self::new(|w| w.header(|h| device.write(h)))
    }
}
