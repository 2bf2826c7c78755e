//! The tools whose messages are captured.

use std::path::PathBuf;

use netloom_testkit::{EthtoolJudge, Iproute2};

/// The object whose cases are ethtool's.
pub(super) const ETHTOOL: &str = "ethtool";

/// A tool in one version.
pub(super) enum Tool {
    Iproute2(Iproute2),
    /// The devices that it looks at are the machine's own iproute2's to make.
    Ethtool(EthtoolJudge),
}

impl Tool {
    /// Those that the cases of an object are captured with, the newest first.
    pub(super) fn all_for(object: &str) -> Vec<Self> {
        if object == ETHTOOL {
            return EthtoolJudge::newest().map(Self::Ethtool).into_iter().collect();
        }
        Iproute2::all().into_iter().map(Self::Iproute2).collect()
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Iproute2(_) => "iproute2",
            Self::Ethtool(_) => "ethtool",
        }
    }

    pub(super) fn version(&self) -> String {
        match self {
            Self::Iproute2(tool) => tool.version.clone(),
            Self::Ethtool(tool) => format!("{}.{}", tool.version.0, tool.version.1),
        }
    }

    /// The program of this name.
    pub(super) fn path(&self, program: &str) -> PathBuf {
        match self {
            Self::Iproute2(tool) => tool.tool(program),
            Self::Ethtool(tool) if program == "ethtool" => tool.path().to_owned(),
            Self::Ethtool(_) => PathBuf::from(program),
        }
    }
}
