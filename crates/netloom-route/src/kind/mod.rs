//! Kinds of links: what each has to say (`IFLA_INFO_DATA`, `IFLA_INFO_SLAVE_DATA`).

mod veth;

pub use veth::{Veth, VethWriter};
