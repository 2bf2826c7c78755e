//! Adding and deleting rules.

use alloc::string::String;
use core::{marker::PhantomData, net::IpAddr};

use netloom_wire::{Buffer, Command, Request, Write};

use super::{Action, PortRange, RTM_DELRULE, RTM_NEWRULE, Rule, RuleFlags, RuleHeader, RuleWriter, UidRange};
use crate::{
    Rtnetlink, af,
    setters::setters,
    verb::{self, Verb},
};

const RT_TABLE_MAIN: u32 = 254;

/// Adds a rule; an error if there is the same.
///
/// ```
/// use netloom_route::rule::Add;
///
/// let marked = Add::v4().priority(100).fwmark(7).table(200);
/// let from_lan = Add::v4().priority(110).src("10.0.0.0".parse()?, 8).ip_protocol(6).dport(443, 443).table(200);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Add = Order<verb::Add>;

/// Deletes the first rule that has all that is said of it.
///
/// ```
/// let delete = netloom_route::rule::Delete::v4().priority(100);
/// ```
pub type Delete = Order<verb::Delete>;

/// What is to be done with a rule: [`Add`], [`Delete`].
#[derive(Clone, Debug)]
pub struct Order<V> {
    header: RuleHeader,
    src: Option<IpAddr>,
    dst: Option<IpAddr>,
    iifname: Option<String>,
    oifname: Option<String>,
    goto: Option<u32>,
    priority: Option<u32>,
    fwmark: Option<u32>,
    fwmask: Option<u32>,
    realms: Option<u32>,
    tunnel_id: Option<u64>,
    suppress_group: Option<u32>,
    suppress_prefix_length: Option<u32>,
    table: Option<u32>,
    l3mdev: bool,
    uid_range: Option<UidRange>,
    protocol: Option<u8>,
    ip_protocol: Option<u8>,
    sport_range: Option<PortRange>,
    dport_range: Option<PortRange>,
    sport_mask: Option<u16>,
    dport_mask: Option<u16>,
    dscp: Option<u8>,
    dscp_mask: Option<u8>,
    flowlabel: Option<u32>,
    flowlabel_mask: Option<u32>,
    verb: PhantomData<V>,
}

impl<V: Verb> Order<V> {
    /// A rule of IPv4.
    pub fn v4() -> Self {
        Self::family(af::INET)
    }

    /// A rule of IPv6.
    pub fn v6() -> Self {
        Self::family(af::INET6)
    }

    /// A rule of a family (`AF_*`).
    ///
    /// An added rule looks into table main unless something else is said of it; a deleted one may have any action.
    pub fn family(family: u8) -> Self {
        let action = if V::DELETES { Action::Unspecified } else { Action::Table };
        let header = RuleHeader { family, action: action.into(), ..Default::default() };
        Self {
            header,
            src: None,
            dst: None,
            iifname: None,
            oifname: None,
            goto: None,
            priority: None,
            fwmark: None,
            fwmask: None,
            realms: None,
            tunnel_id: None,
            suppress_group: None,
            suppress_prefix_length: None,
            table: None,
            l3mdev: false,
            uid_range: None,
            protocol: None,
            ip_protocol: None,
            sport_range: None,
            dport_range: None,
            sport_mask: None,
            dport_mask: None,
            dscp: None,
            dscp_mask: None,
            flowlabel: None,
            flowlabel_mask: None,
            verb: PhantomData,
        }
    }

    setters! {
        /// Order among the rules, lower is asked first; the kernel chooses one below all others if none is given.
        priority: u32;
        /// Mark of the packet.
        fwmark: u32;
        /// Which bits of the mark count; all by default.
        fwmask: u32;
        /// Realms: source in the upper 16 bits, destination in the lower.
        realms: u32;
        /// Identifier of the tunnel that the packet came by.
        tunnel_id: u64;
        /// Refuses a route whose link is in this group.
        suppress_group: u32;
        /// Refuses a route whose prefix is this long or shorter.
        suppress_prefix_length: u32;
        /// Who makes the rule (`RTPROT_*`).
        protocol: u8;
        /// Protocol above IP (`IPPROTO_*`).
        ip_protocol: u8;
        /// Which bits of the source port count; Linux 6.15 and later.
        sport_mask: u16;
        /// Which bits of the destination port count; Linux 6.15 and later.
        dport_mask: u16;
        /// DSCP, 6 bits; Linux 6.13 and later, cannot be used beside [`Order::tos`].
        dscp: u8;
        /// Which bits of the DSCP count; Linux 6.15 and later.
        dscp_mask: u8;
        /// IPv6 flow label, 20 bits; Linux 6.14 and later.
        flowlabel: u32;
        /// Which bits of the flow label count; all by default.
        flowlabel_mask: u32;
    }

    /// Name of the link that a packet came in by; `lo` for packets of this machine.
    #[must_use]
    pub fn iifname(self, name: impl Into<String>) -> Self {
        Self { iifname: Some(name.into()), ..self }
    }

    /// Name of the link that a socket is bound to.
    #[must_use]
    pub fn oifname(self, name: impl Into<String>) -> Self {
        Self { oifname: Some(name.into()), ..self }
    }

    /// Source, and how many of its bits count.
    #[must_use]
    pub fn src(mut self, src: IpAddr, length: u8) -> Self {
        self.header.src_length = length;
        Self { src: Some(src), ..self }
    }

    /// Destination, and how many of its bits count.
    #[must_use]
    pub fn dst(mut self, dst: IpAddr, length: u8) -> Self {
        self.header.dst_length = length;
        Self { dst: Some(dst), ..self }
    }

    /// Type of service.
    #[must_use]
    pub fn tos(mut self, tos: u8) -> Self {
        self.header.tos = tos;
        self
    }

    /// Source ports, first and last.
    #[must_use]
    pub fn sport(self, start: u16, end: u16) -> Self {
        Self { sport_range: Some(PortRange { start, end }), ..self }
    }

    /// Destination ports, first and last.
    #[must_use]
    pub fn dport(self, start: u16, end: u16) -> Self {
        Self { dport_range: Some(PortRange { start, end }), ..self }
    }

    /// Users whose sockets match, first and last ID.
    #[must_use]
    pub fn uid_range(self, start: u32, end: u32) -> Self {
        Self { uid_range: Some(UidRange { start, end }), ..self }
    }

    /// Matches what the selectors do not.
    #[must_use]
    pub fn invert(mut self) -> Self {
        self.header.flags |= RuleFlags::INVERT.bits();
        self
    }

    /// Looks into this table.
    #[must_use]
    pub fn table(self, table: u32) -> Self {
        Self { table: Some(table), ..self }
    }

    /// Looks into the table of the layer 3 master (VRF) that the packet's link belongs to.
    #[must_use]
    pub fn l3mdev(self) -> Self {
        Self { l3mdev: true, ..self }
    }

    /// Goes on with the rule of this priority, which must be higher than the rule's own.
    #[must_use]
    pub fn goto(mut self, priority: u32) -> Self {
        self.header.action = Action::Goto.into();
        Self { goto: Some(priority), ..self }
    }

    /// Does something else than to look into a table.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.header.action = action.into();
        self
    }

    /// The table as it is sent: main, if an added rule says nothing else.
    fn effective_table(&self) -> u32 {
        let looks = self.header.action == u8::from(Action::Table) && !V::DELETES && !self.l3mdev;
        self.table.unwrap_or(if looks { RT_TABLE_MAIN } else { 0 })
    }
}

impl Delete {
    /// Deletes this very rule, by all that is known of it.
    pub fn of(rule: &Rule) -> Self {
        // Only the kernel sets these; it refuses a request with them.
        let state = RuleFlags::UNRESOLVED | RuleFlags::IIF_DETACHED | RuleFlags::OIF_DETACHED;
        let header = RuleHeader { flags: rule.flags() & !state.bits(), low_table: 0, ..rule.header() };
        Self {
            header,
            src: rule.src(),
            dst: rule.dst(),
            iifname: rule.iifname().map(Into::into),
            oifname: rule.oifname().map(Into::into),
            goto: rule.goto(),
            priority: Some(rule.priority().unwrap_or_default()),
            fwmark: rule.fwmark(),
            fwmask: rule.fwmask(),
            realms: rule.realms(),
            tunnel_id: rule.tunnel_id(),
            suppress_group: rule.suppress_group(),
            suppress_prefix_length: rule.suppress_prefix_length(),
            table: Some(rule.table()),
            l3mdev: rule.l3mdev().is_some_and(|l3mdev| l3mdev != 0),
            uid_range: rule.uid_range(),
            protocol: rule.protocol(),
            ip_protocol: rule.ip_protocol(),
            sport_range: rule.sport_range(),
            dport_range: rule.dport_range(),
            sport_mask: rule.sport_mask(),
            dport_mask: rule.dport_mask(),
            dscp: rule.dscp(),
            dscp_mask: rule.dscp_mask(),
            flowlabel: rule.flowlabel(),
            flowlabel_mask: rule.flowlabel_mask(),
            verb: PhantomData,
        }
    }
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = Rule;
    type Reply = Rule;
    type Kind = Command;
    const COMMAND: u16 = if V::DELETES { RTM_DELRULE } else { RTM_NEWRULE };
    const REPLY: u16 = RTM_NEWRULE;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    fn write(&self, out: &mut Buffer) {
        let table = self.effective_table();
        let low = u8::try_from(table);
        out.message(RuleHeader { low_table: low.unwrap_or_default(), ..self.header }, |w: RuleWriter| {
            w.some(self.src, RuleWriter::src)
                .some(self.dst, RuleWriter::dst)
                .some(self.priority, RuleWriter::priority)
                .some(self.fwmark, RuleWriter::fwmark)
                .some(self.fwmask, RuleWriter::fwmask)
                .some(self.realms, RuleWriter::realms)
                .some(self.tunnel_id, RuleWriter::tunnel_id)
                .some(self.iifname.as_deref(), |w, name| w.iifname(name))
                .some(self.oifname.as_deref(), |w, name| w.oifname(name))
                .some(low.is_err().then_some(table), RuleWriter::wide_table)
                .some(self.suppress_prefix_length, RuleWriter::suppress_prefix_length)
                .some(self.suppress_group, RuleWriter::suppress_group)
                .some(self.goto, RuleWriter::goto)
                .some(self.l3mdev.then_some(1), RuleWriter::l3mdev)
                .some(self.uid_range, RuleWriter::uid_range)
                .some(self.protocol, RuleWriter::protocol)
                .some(self.ip_protocol, RuleWriter::ip_protocol)
                .some(self.sport_range, RuleWriter::sport_range)
                .some(self.sport_mask, RuleWriter::sport_mask)
                .some(self.dport_range, RuleWriter::dport_range)
                .some(self.dport_mask, RuleWriter::dport_mask)
                .some(self.dscp, RuleWriter::dscp)
                .some(self.dscp_mask, RuleWriter::dscp_mask)
                .some(self.flowlabel, RuleWriter::flowlabel)
                .some(self.flowlabel_mask, RuleWriter::flowlabel_mask)
        });
    }
}
