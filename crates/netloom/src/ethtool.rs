//! Settings of network devices beyond those of rtnetlink; see [`Ethtool`].

use netloom_socket::blocking;

/// The family of generic netlink that the requests of this module are of.
pub use netloom_ethtool::Ethtool as Family;
pub use netloom_ethtool::*;

/// Settings of network devices, blocking.
///
/// ```no_run
/// use netloom::{Ethtool, ethtool::commands::{GetFeatures, SetRings}};
///
/// # fn main() -> netloom::Result<()> {
/// let mut ethtool = Ethtool::open()?;
/// ethtool.run(&SetRings::of("eth0", |w| w.rx(1024)))?;
/// let features = ethtool.run(&GetFeatures::of("eth0"))?;
/// for name in features.active().into_iter().flat_map(|active| active.names()) {
///     println!("{name}");
/// }
/// # Ok(())
/// # }
/// ```
pub type Ethtool = blocking::Socket<Family>;

/// Settings of network devices, async, under tokio or async-io; shared by reference among any number of tasks.
///
/// ```no_run
/// # async fn example() -> netloom::Result<()> {
/// use netloom::{AsyncEthtool, ethtool::commands::ListChannels};
///
/// let ethtool = AsyncEthtool::open()?;
/// for channels in &ethtool.run(&ListChannels::all()).await? {
///     println!("{:?} {:?}", channels.header().and_then(|header| header.name()), channels.combined());
/// }
/// # Ok(())
/// # }
/// ```
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub type AsyncEthtool = netloom_socket::asynchronous::Socket<Family>;
