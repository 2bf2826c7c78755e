//! What a verb has at hand: options, output, and the kernel.

use crate::options::{Color, Options};
use crate::out::{Layout, Listing};
use anstream::{AutoStream, ColorChoice};
use std::io::{BufWriter, Stdout, Write};

/// At hand while a command runs; a batch keeps it from line to line.
pub(crate) struct Context {
    /// The program's options.
    pub(crate) options: Options,
    out: BufWriter<AutoStream<Stdout>>,
}

impl Context {
    /// Prepares the output; nothing is opened yet.
    pub(crate) fn new(options: Options) -> Self {
        let stdout = std::io::stdout();
        let choice = match options.color {
            Some(Color::Always) => ColorChoice::Always,
            Some(Color::Never) => ColorChoice::Never,
            Some(Color::Auto) | None => AutoStream::choice(&stdout),
        };
        Self { options, out: BufWriter::new(AutoStream::new(stdout, choice)) }
    }

    /// A listing in the layout that the options ask for.
    pub(crate) fn list(&mut self) -> Listing<'_> {
        let layout =
            if self.options.json { Layout::Array(self.options.pretty) } else { Layout::Text(self.options.oneline) };
        Listing::new(&mut self.out, layout)
    }

    /// A listing that never ends: one object a line, or text, told at once.
    pub(crate) fn stream(&mut self) -> Listing<'_> {
        let layout = if self.options.json { Layout::JsonLines } else { Layout::Text(self.options.oneline) };
        Listing::new(&mut self.out, layout)
    }

    /// The output, for what is no listing.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }
}
