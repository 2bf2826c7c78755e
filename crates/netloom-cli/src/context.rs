//! What a verb has at hand: options, output, and the kernel.

use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::options::{Color, Options};
use crate::out::{Layout, Listing};
use crate::words::{Value, Words};
use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use netloom::link::{self, ExtMask};
use netloom::socket::Tap;
use netloom::wire::{Command, Operation, Request};
use netloom::{Error, IpRoute, Namespace, Rtnetlink, SocketOptions};
use std::io::{BufWriter, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// At hand while a command runs; a batch keeps it from line to line.
pub(crate) struct Context {
    /// The program's options.
    pub(crate) options: Options,
    /// Devices that were seen so far.
    pub(crate) devices: Devices,
    socket: Option<IpRoute>,
    /// Descriptors that the request of this command names.
    held: Vec<OwnedFd>,
    out: BufWriter<Box<dyn Write>>,
    /// Sees what sockets exchange with the kernel.
    tap: Option<Arc<dyn Tap>>,
}

impl Context {
    /// Prepares the output; nothing is opened yet.
    pub(crate) fn new(options: Options) -> Self {
        let out = painted(std::io::stdout(), &options);
        Self { options, devices: Devices::default(), socket: None, held: Vec::new(), out, tap: None }
    }

    /// The same where `tap` sees all sockets; with `aside` output goes to standard error, because the other is taken.
    pub(crate) fn tapped(options: Options, tap: Arc<dyn Tap>, aside: bool) -> Self {
        let mut cx = Self::new(options);
        cx.tap = Some(tap);
        if aside {
            cx.out = painted(std::io::stderr(), &cx.options);
        }
        cx
    }

    /// Keeps a descriptor open until the command has ended.
    pub(crate) fn hold(&mut self, fd: OwnedFd) {
        self.held.push(fd);
    }

    /// Prepares for the next command of a batch, before which a device may have been renamed or deleted.
    pub(crate) fn renew(&mut self) {
        self.devices = Devices::default();
        self.held.clear();
    }

    /// Runs a request or an operation.
    pub(crate) fn run<O: Operation<Family = Rtnetlink>>(&mut self, operation: &O) -> Result<O::Output, Failure> {
        Ok(self.socket()?.run(operation)?)
    }

    /// Runs an order; with `-echo` prints what it made.
    pub(crate) fn order<R>(&mut self, order: &R) -> Outcome
    where
        R: Request<Family = Rtnetlink, Kind = Command>,
    {
        if self.options.echo { crate::echo::run(self, order) } else { self.run(order) }
    }

    /// The socket, in the namespace that the options name; opened when it is first needed.
    fn socket(&mut self) -> Result<&mut IpRoute, Failure> {
        if self.socket.is_none() {
            let options = self.socket_options()?;
            self.socket = Some(IpRoute::with(&options).map_err(Failure::Unavailable)?);
        }
        self.socket.as_mut().ok_or_else(|| Failure::Failed("no socket".into()))
    }

    /// How sockets are opened: in the namespace that the options name.
    pub(crate) fn socket_options(&self) -> Result<SocketOptions, Failure> {
        let mut options = SocketOptions::new();
        if let Some(bytes) = self.options.rcvbuf {
            options = options.receive_buffer(bytes);
        }
        if let Some(tap) = &self.tap {
            options = options.tap(Arc::clone(tap));
        }
        Ok(match self.namespace()? {
            Some(namespace) => options.namespace(namespace),
            None => options,
        })
    }

    /// The namespace that the options name.
    pub(crate) fn namespace(&self) -> Result<Option<Namespace>, Failure> {
        let Some(name) = &self.options.netns else { return Ok(None) };
        let namespace = if name.contains('/') { Namespace::path(name) } else { Namespace::named(name) };
        let said = |error: Error| format!("Cannot open network namespace {name:?}: {error}");
        namespace.map(Some).map_err(|error| Failure::Usage(said(error)))
    }

    /// Index of the device with this name, or alternative name.
    pub(crate) fn device(&mut self, name: &str) -> Result<u32, Failure> {
        if let Some(index) = self.devices.index(name) {
            return Ok(index);
        }
        let found = self.run(&link::Get::new(name).parts(ExtMask::SKIP_STATS));
        let link = found.map_err(|failure| failure.of_device(name))?;
        self.devices.learn(&link);
        Ok(link.index())
    }

    /// The same, where the device is the value of a word: that there is none is then an error of usage.
    pub(crate) fn device_given(&mut self, name: &str) -> Result<u32, Failure> {
        self.device(name).map_err(|failure| match failure {
            Failure::Failed(_) => Failure::Usage(format!("argument {name:?} is wrong: Device does not exist")),
            other => other,
        })
    }

    /// Index of the master that a filter names with `master`, or with `vrf` if it is one; 0 with `nomaster`. The last of
    /// the words counts.
    pub(crate) fn master_given(&mut self, words: &Words) -> Result<Option<u32>, Failure> {
        let vrf = words.last_text(&["vrf"]);
        match words.last(&["master", "vrf", "nomaster"]) {
            Some(Value::Text(name)) => {
                let index = self.device_given(name)?;
                if vrf == Some(name) && self.run(&link::Get::new(index))?.kind() != Some("vrf") {
                    return Err(Failure::Usage(format!("argument {name:?} is wrong: it is not a VRF")));
                }
                Ok(Some(index))
            }
            Some(_) => Ok(Some(0)),
            None => Ok(None),
        }
    }

    /// Learns the name of the device with this index, if there is one and it is not known yet.
    pub(crate) fn learn_device(&mut self, index: u32) -> Outcome {
        if index == 0 || self.devices.knows(index) {
            return Ok(());
        }
        match self.run(&link::Get::new(index).parts(ExtMask::SKIP_STATS)) {
            Ok(link) => self.devices.learn(&link),
            Err(Failure::Kernel(error)) if error.is_not_found() => {}
            Err(other) => return Err(other),
        }
        Ok(())
    }

    /// A listing in the layout that the options ask for.
    pub(crate) fn list(&mut self) -> Listing<'_> {
        let layout =
            if self.options.json { Layout::Array(self.options.pretty) } else { Layout::Text(self.options.oneline) };
        Listing::new(&mut self.out, layout, self.options.units())
    }

    /// A listing that never ends: one object a line, or text, told at once.
    pub(crate) fn stream(&mut self) -> Listing<'_> {
        let layout = if self.options.json { Layout::JsonLines } else { Layout::Text(self.options.oneline) };
        Listing::new(&mut self.out, layout, self.options.units())
    }

    /// Tells on standard error what is odd, but no failure.
    #[expect(clippy::unused_self, reason = "what a command tells goes by its context")]
    pub(crate) fn warn(&self, what: &str) {
        anstream::eprintln!("{what}");
    }

    /// The output, for what is no listing.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }
}

/// Output that is in colour where the options or a terminal want it.
fn painted(stream: impl RawStream + AsLockedWrite + 'static, options: &Options) -> BufWriter<Box<dyn Write>> {
    let choice = match options.color {
        Some(Color::Always) => ColorChoice::Always,
        Some(Color::Never) => ColorChoice::Never,
        Some(Color::Auto) | None => AutoStream::choice(&stream),
    };
    BufWriter::new(Box::new(AutoStream::new(stream, choice)))
}
