//! Shortcuts for every query, the same for both worlds.

/// Methods that run one query each; `[async]` with `.await`, or `[]`.
macro_rules! queries {
    ([$($async:ident)?] $field:ident) => {
        $crate::queries::queries! { @ [$($async)?] $field;
            /// All links.
            links(): $crate::List<netloom_route::link::Link> = netloom_route::link::List::all();
            /// One link, by its index, its name or an alternative name.
            link(link: impl Into<netloom_route::link::LinkRef>): Box<netloom_route::link::Link> = netloom_route::link::Get::new(link);
            /// All addresses of IPv4 and IPv6.
            addresses(): $crate::List<netloom_route::address::Address> = netloom_route::address::List::all();
            /// All addresses of the link with this index.
            addresses_of(index: u32): $crate::List<netloom_route::address::Address> = netloom_route::address::List::all().device(index);
            /// All routes of IPv4 and IPv6, of all tables.
            routes(): $crate::List<netloom_route::route::Route> = netloom_route::route::List::all();
            /// The route that a packet to this address would take.
            route_to(destination: std::net::IpAddr): Box<netloom_route::route::Route> = netloom_route::route::Get::to(destination);
            /// All rules of IPv4 and IPv6.
            rules(): $crate::List<netloom_route::rule::Rule> = netloom_route::rule::List::all();
            /// All neighbours of IPv4 and IPv6.
            neighbours(): $crate::List<netloom_route::neighbour::Neighbour> = netloom_route::neighbour::List::all();
            /// All entries of the forwarding databases of bridges and vxlans.
            forwarding_database(): $crate::List<netloom_route::neighbour::Neighbour> = netloom_route::neighbour::List::fdb();
            /// All neighbour tables and their settings for each link.
            neighbour_tables(): $crate::List<netloom_route::neighbour_table::NeighbourTable> = netloom_route::neighbour_table::Tables;
            /// All next hop objects.
            nexthops(): $crate::List<netloom_route::nexthop::Nexthop> = netloom_route::nexthop::List::all();
            /// All network namespaces that have a number here.
            namespace_ids(): $crate::List<netloom_route::nsid::Nsid> = netloom_route::nsid::List::all();
            /// All address labels of IPv6.
            address_labels(): $crate::List<netloom_route::addrlabel::AddressLabel> = netloom_route::addrlabel::List::all();
        }
    };
    (@ [] $field:ident; $($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty)?): $output:ty = $request:expr;)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// As [`Self::run`].
        #[inline] // compiled where it is called: few programs ask all of them
        pub fn $name(&mut self $(, $arg: $type)?) -> $crate::Result<$output> {
            self.$field.run(&$request)
        }
    )* };
    (@ [async] $field:ident; $($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty)?): $output:ty = $request:expr;)*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        /// As [`Self::run`].
        pub async fn $name(&self $(, $arg: $type)?) -> $crate::Result<$output> {
            self.$field.run(&$request).await
        }
    )* };
}
pub(crate) use queries;
