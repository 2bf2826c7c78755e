//! Where the requests of a family go.

use std::{fmt, sync::Arc};

use netloom_wire::{
    Driver, Error, ErrorKind, Family, Operation, Request, Result,
    controller::{self, Controller, FamilyInfo},
    generic::Generic,
};

/// The controller's own.
pub(crate) static CONTROLLER: Address = Address(None);

/// Addresses of families that were asked for: few.
#[derive(Default)]
pub(crate) struct Known(Vec<(&'static str, Address)>);

impl Known {
    pub(crate) fn find(&self, family: &str) -> Option<&Address> {
        self.0.iter().find(|(name, _)| *name == family).map(|(_, address)| address)
    }

    pub(crate) fn learn(&mut self, family: &'static str, address: Address) {
        self.forget(family);
        self.0.push((family, address));
    }

    pub(crate) fn forget(&mut self, family: &str) {
        self.0.retain(|(name, _)| *name != family);
    }
}

/// The names.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What the controller of generic netlink says of a family; nothing, of a protocol that is a family by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address(Option<Arc<FamilyInfo>>);

impl Address {
    /// The message type of requests of the kind `R`.
    #[inline]
    pub(crate) fn of<R: Request>(&self) -> u16 {
        self.number::<R::Family>(R::COMMAND)
    }

    /// The message type of messages of the family `F` with this command.
    #[inline]
    pub(crate) fn number<F: Family>(&self, command: u16) -> u16 {
        if F::GENERIC.is_some() { self.id() } else { command }
    }

    /// Number of the family of generic netlink; of the controller before anybody was asked.
    fn id(&self) -> u16 {
        self.0.as_ref().and_then(|family| family.id()).unwrap_or(controller::ID)
    }

    /// What the controller said.
    pub(crate) fn info(&self) -> Option<&FamilyInfo> {
        self.0.as_deref()
    }

    /// Numbers of the multicast groups of `F` with these names.
    pub(crate) fn groups<F: Family>(&self, names: &[&str]) -> Result<Vec<u32>> {
        let number = |name: &&str| {
            self.info().and_then(|family| family.group(name)).ok_or_else(|| {
                Error::new(ErrorKind::InvalidInput, format!("family `{}` has no multicast group `{name}`", F::NAME))
            })
        };
        names.iter().map(number).collect()
    }

    /// Takes what the controller said of the family `F`, if its messages are as the tables have them.
    fn checked<F: Family>(info: Box<FamilyInfo>) -> Result<Self> {
        let Some(generic) = F::GENERIC else { return Ok(Self::default()) };
        let wrong = |what: String| Err(Error::new(ErrorKind::Unsupported, format!("family `{}`: {what}", F::NAME)));
        let (version, header) = (info.version().unwrap_or_default(), info.header_size().unwrap_or_default());
        if version < u32::from(generic.version) {
            return wrong(format!("the kernel has version {version} of it, version {} is needed", generic.version));
        }
        if usize::try_from(header) != Ok(generic.header) {
            return wrong(format!("its messages have a header of {header} bytes, {} were expected", generic.header));
        }
        Ok(Self(Some(info.into())))
    }

    /// Asks the controller for the family `F`.
    pub(crate) async fn ask<F: Family>(io: &mut impl Driver<Family = Controller>) -> Result<Self> {
        let Some(generic) = F::GENERIC.filter(|_| F::NAME != Controller::NAME) else { return Ok(Self::default()) };
        let info = controller::Get::named(F::NAME).perform(io).await.map_err(|error| absent(generic, error))?;
        Self::checked::<F>(info)
    }
}

/// Says what to do where a family is not there.
#[cold]
fn absent(generic: Generic, error: Error) -> Error {
    if !error.is_not_found() {
        return error;
    }
    error.because(match generic.module {
        "" => "this kernel was built without it".to_owned(),
        module => format!("this kernel has none; its module `{module}` usually provides it"),
    })
}
