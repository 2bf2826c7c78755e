//! A tun or tap that is open.

use super::Queue;

/// A tun or tap that is open, with a descriptor for each of its queues. Unless it is persistent, the link goes when the
/// last of them is closed.
#[derive(Debug)]
pub struct Device {
    pub(super) name: String,
    pub(super) queues: Vec<Queue>,
}

impl Device {
    /// Name of the link: the one that the kernel made of a name with `%d`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its queues; at least one.
    pub fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// Its queues, which are then one's own.
    pub fn into_queues(self) -> Vec<Queue> {
        self.queues
    }
}
