//! What can go wrong with one command, and the exit code for it.

use std::fmt;

/// How a verb ends.
pub(crate) type Outcome = Result<(), Failure>;

/// Why a command failed. The exit codes are iproute2's.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The words make no sense: exit code 255.
    Usage(String),
    /// The words make sense but name something that is not there, or lack something: exit code 1.
    Failed(String),
    /// The kernel refused: exit code 2.
    Kernel(netloom::wire::Error),
    /// There is no talking to the kernel, or it refused what has no exit code of its own: exit code 1.
    Unavailable(netloom::wire::Error),
    /// The output could not be written. A closed pipe is not worth a word.
    Output(std::io::Error),
    /// Lines of a batch failed, each already told: exit code 1.
    Batch,
    /// A line of a batch made no sense, which was told and ended it: exit code 255.
    BatchUsage,
}

impl Failure {
    /// The exit code of the program.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::BatchUsage => 255,
            Self::Kernel(_) => 2,
            Self::Failed(_) | Self::Unavailable(_) | Self::Output(_) | Self::Batch => 1,
        }
    }

    /// The same; or that there is no such device, where that is what the kernel said.
    pub(crate) fn of_device(self, name: &str) -> Self {
        match self {
            Self::Kernel(error) if error.is_not_found() => Self::Failed(format!("Cannot find device {name:?}")),
            other => other,
        }
    }

    /// The same with the exit code 1.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::Usage(what) => Self::Failed(what),
            Self::Kernel(error) => Self::Unavailable(error),
            other => other,
        }
    }

    /// Whether there is anything to tell.
    pub(crate) fn is_silent(&self) -> bool {
        match self {
            Self::Output(error) => error.kind() == std::io::ErrorKind::BrokenPipe,
            Self::Batch | Self::BatchUsage => true,
            Self::Usage(_) | Self::Failed(_) | Self::Kernel(_) | Self::Unavailable(_) => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) | Self::Failed(what) => f.write_str(what),
            Self::Kernel(error) | Self::Unavailable(error) => write!(f, "{error}"),
            Self::Output(error) => write!(f, "cannot write the output: {error}"),
            Self::Batch | Self::BatchUsage => f.write_str("some lines failed"),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<netloom::wire::Error> for Failure {
    fn from(error: netloom::wire::Error) -> Self {
        Self::Kernel(error)
    }
}
