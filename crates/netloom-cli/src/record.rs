//! `netloom record`: what a command exchanges with the kernel, as a capture.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::options::{Cli, normalise};
use clap::Parser as _;
use netloom::record::Recording;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// Runs the command that `words` are and records it into `file`; without one, onto standard output, and what the command
/// prints goes to standard error.
pub(crate) fn run(file: Option<&Path>, words: Vec<String>) -> Outcome {
    let program = std::iter::once("netloom".to_owned());
    let words = normalise(program.chain(words)).map_err(Failure::Usage)?;
    let cli = Cli::try_parse_from(words).map_err(|error| Failure::Usage(crate::plain(&error)))?;
    let out: Box<dyn Write + Send> = match file {
        Some(file) => {
            let failed = |error| Failure::Failed(format!("cannot write {}: {error}", file.display()));
            Box::new(BufWriter::new(File::create(file).map_err(failed)?))
        }
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let recording = Arc::new(Recording::new(out)?);
    let mut cx = Context::tapped(cli.options, recording.clone(), file.is_none());
    let outcome = crate::run(&mut cx, cli.tool);
    let flushed = cx.out().flush();
    drop(cx); // its sockets hold the recording too
    if let Some(recording) = Arc::into_inner(recording) {
        recording.finish()?;
    }
    // What was recorded of a command that failed is wanted most.
    outcome.and_then(|()| Ok(flushed?))
}
