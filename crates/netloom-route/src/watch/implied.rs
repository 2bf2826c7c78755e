//! What a message means for objects that it does not name.

use alloc::{collections::BTreeMap, string::String};

use netloom_wire::View;

use super::Objects;
use crate::{
    address::RTM_DELADDR,
    af, group,
    link::{Link, RTM_DELLINK, RTM_NEWLINK},
    nexthop::{RTM_DELNEXTHOP, RTM_NEWNEXTHOP},
    rule::{RTM_DELRULE, RTM_NEWRULE, Rule},
};

/// Groups beside its own that tell when an object changes without a message of its own.
pub(super) fn groups(objects: Objects) -> impl Iterator<Item = u32> {
    let any = (!objects.is_empty()).then_some(group::LINK);
    let routes = objects.contains(Objects::ROUTES);
    let of_routes = [group::IPV4_ADDRESS, group::IPV6_ADDRESS, group::NEXTHOP];
    any.into_iter().chain(of_routes.into_iter().filter(move |_| routes))
}

/// What other objects depend on of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Facts {
    flags: u32,
    name: String,
    master: Option<u32>,
}

/// The links' facts that other objects depend on.
#[derive(Debug, Default)]
pub(super) struct Implied {
    links: BTreeMap<u32, Facts>,
    /// There is, or was, a rule that goes on with another.
    jumps: bool,
}

impl Implied {
    /// Takes note of a link that was read.
    pub(super) fn learn(&mut self, link: &Link) {
        self.links.insert(link.index(), facts(link));
    }

    /// Takes note of a rule that was read.
    pub(super) fn learn_rule(&mut self, rule: &Rule) {
        self.jumps |= rule.goto().is_some();
    }

    /// Which objects may have changed silently with what this message tells.
    pub(super) fn by(&mut self, command: u16, payload: &[u8]) -> Objects {
        match command {
            RTM_NEWLINK | RTM_DELLINK => {
                Link::view(payload).map_or(Objects::empty(), |link| self.by_link(command, link))
            }
            // Routes that prefer the address as their source go with it.
            RTM_DELADDR => Objects::ROUTES,
            // A route shows the gateway of its next hop object, and goes with it; a group loses its member.
            RTM_NEWNEXTHOP => Objects::ROUTES,
            RTM_DELNEXTHOP => Objects::ROUTES | Objects::NEXTHOPS,
            // A rule says whether the one that it goes on with is there.
            RTM_NEWRULE | RTM_DELRULE => {
                Rule::view(payload).into_iter().for_each(|rule| self.learn_rule(rule));
                if self.jumps { Objects::RULES } else { Objects::empty() }
            }
            _ => Objects::empty(),
        }
    }

    fn by_link(&mut self, command: u16, link: &Link) -> Objects {
        let all = Objects::all().difference(Objects::LINKS);
        match (command, link.family()) {
            (RTM_DELLINK, 0) => {
                self.links.remove(&link.index());
                all
            }
            // A port has left its bridge: what the bridge learned on it is gone.
            (RTM_DELLINK, af::BRIDGE) => Objects::NEIGHBOURS,
            (RTM_NEWLINK, 0) => match self.links.insert(link.index(), facts(link)) {
                // A rule that names a link which was not there before is attached to it now.
                None => Objects::RULES,
                Some(before) if before == facts(link) => Objects::empty(),
                Some(_) => all,
            },
            _ => Objects::empty(),
        }
    }
}

fn facts(link: &Link) -> Facts {
    Facts { flags: link.flags(), name: link.name().into(), master: link.master() }
}
