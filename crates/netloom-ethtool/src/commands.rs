//! The commands of the family, one row each.

use netloom_wire::commands;

use crate::{
    cable::CableTest, cable::CableTestReport, cable::CableTestTdr, cable::CableTestTdrReport, channels::Channels,
    coalesce::Coalesce, debug::DebugMessages, eee::Eee, features::Features, fec::Fec, linkinfo::LinkInfo,
    linkmodes::LinkModes, linkstate::LinkState, mm::MacMerge, module::Module, module::ModuleEeprom,
    module::ModuleFlash, mse::Mse, pause::Pause, phc::VirtualClocks, phy::Phy, plca::Plca, privflags::PrivateFlags,
    pse::Pse, pse::PseEvent, rings::Rings, rss::Rss, statistics::Statistics, strings::StringSets,
    timestamping::Timestamping, timestamping::TimestampingConfig, tunnel::TunnelInfo, wol::WakeOnLan,
};

commands! {
    /// Settings and state of network devices beyond those of rtnetlink.
    pub Ethtool = "ethtool" version 1 in "" closed {
        /// Gets string sets: of a device, or with [`GetStringSets::of_kernel`] those that are the same for all.
        1 "ETHTOOL_MSG_STRSET_GET" "strset-get" GetStringSets: Get(StringSets) -> 1 StringSets,
        /// Lists string sets, of all devices.
        1 "ETHTOOL_MSG_STRSET_GET" "strset-get" ListStringSets: Dump(StringSets) -> 1 StringSets,
        /// An answer.
        1 "ETHTOOL_MSG_STRSET_GET_REPLY" "strset-get-reply": Event(StringSets),
        /// Gets the physical side of a link.
        2 "ETHTOOL_MSG_LINKINFO_GET" "linkinfo-get" GetLinkInfo: Get(LinkInfo) -> 2 LinkInfo,
        /// Lists the physical side of a link, of all devices.
        2 "ETHTOOL_MSG_LINKINFO_GET" "linkinfo-get" ListLinkInfo: Dump(LinkInfo) -> 2 LinkInfo,
        /// An answer.
        2 "ETHTOOL_MSG_LINKINFO_GET_REPLY" "linkinfo-get-reply": Event(LinkInfo),
        /// Changes the physical side of a link.
        3 "ETHTOOL_MSG_LINKINFO_SET" "linkinfo-set" SetLinkInfo: Command(LinkInfo) "set",
        /// Something changed.
        3 "ETHTOOL_MSG_LINKINFO_NTF" "linkinfo-ntf": Event(LinkInfo),
        /// Gets speed, duplex and modes.
        4 "ETHTOOL_MSG_LINKMODES_GET" "linkmodes-get" GetLinkModes: Get(LinkModes) -> 4 LinkModes,
        /// Lists speed, duplex and modes, of all devices.
        4 "ETHTOOL_MSG_LINKMODES_GET" "linkmodes-get" ListLinkModes: Dump(LinkModes) -> 4 LinkModes,
        /// An answer.
        4 "ETHTOOL_MSG_LINKMODES_GET_REPLY" "linkmodes-get-reply": Event(LinkModes),
        /// Changes speed, duplex and modes.
        5 "ETHTOOL_MSG_LINKMODES_SET" "linkmodes-set" SetLinkModes: Command(LinkModes) "set",
        /// Something changed.
        5 "ETHTOOL_MSG_LINKMODES_NTF" "linkmodes-ntf": Event(LinkModes),
        /// Gets whether the link works.
        6 "ETHTOOL_MSG_LINKSTATE_GET" "linkstate-get" GetLinkState: Get(LinkState) -> 6 LinkState,
        /// Lists whether the link works, of all devices.
        6 "ETHTOOL_MSG_LINKSTATE_GET" "linkstate-get" ListLinkState: Dump(LinkState) -> 6 LinkState,
        /// An answer.
        6 "ETHTOOL_MSG_LINKSTATE_GET_REPLY" "linkstate-get-reply": Event(LinkState),
        /// Gets which messages go to the log.
        7 "ETHTOOL_MSG_DEBUG_GET" "debug-get" GetDebugMessages: Get(DebugMessages) -> 7 DebugMessages,
        /// Lists which messages go to the log, of all devices.
        7 "ETHTOOL_MSG_DEBUG_GET" "debug-get" ListDebugMessages: Dump(DebugMessages) -> 7 DebugMessages,
        /// An answer.
        7 "ETHTOOL_MSG_DEBUG_GET_REPLY" "debug-get-reply": Event(DebugMessages),
        /// Changes which messages go to the log.
        8 "ETHTOOL_MSG_DEBUG_SET" "debug-set" SetDebugMessages: Command(DebugMessages) "set",
        /// Something changed.
        8 "ETHTOOL_MSG_DEBUG_NTF" "debug-ntf": Event(DebugMessages),
        /// Gets what wakes the machine.
        9 "ETHTOOL_MSG_WOL_GET" "wol-get" GetWakeOnLan: Get(WakeOnLan) -> 9 WakeOnLan,
        /// Lists what wakes the machine, of all devices.
        9 "ETHTOOL_MSG_WOL_GET" "wol-get" ListWakeOnLan: Dump(WakeOnLan) -> 9 WakeOnLan,
        /// An answer.
        9 "ETHTOOL_MSG_WOL_GET_REPLY" "wol-get-reply": Event(WakeOnLan),
        /// Changes what wakes the machine.
        10 "ETHTOOL_MSG_WOL_SET" "wol-set" SetWakeOnLan: Command(WakeOnLan) "set",
        /// Something changed.
        10 "ETHTOOL_MSG_WOL_NTF" "wol-ntf": Event(WakeOnLan),
        /// Gets offloads and features.
        11 "ETHTOOL_MSG_FEATURES_GET" "features-get" GetFeatures: Get(Features) -> 11 Features,
        /// Lists offloads and features, of all devices.
        11 "ETHTOOL_MSG_FEATURES_GET" "features-get" ListFeatures: Dump(Features) -> 11 Features,
        /// An answer.
        11 "ETHTOOL_MSG_FEATURES_GET_REPLY" "features-get-reply": Event(Features),
        /// Changes offloads and features.
        12 "ETHTOOL_MSG_FEATURES_SET" "features-set" SetFeatures: Command(Features) "set",
        /// What a change came to.
        12 "ETHTOOL_MSG_FEATURES_SET_REPLY" "features-set-reply": Event(Features),
        /// Something changed.
        13 "ETHTOOL_MSG_FEATURES_NTF" "features-ntf": Event(Features),
        /// Gets the driver's own flags.
        13 "ETHTOOL_MSG_PRIVFLAGS_GET" "privflags-get" GetPrivateFlags: Get(PrivateFlags) -> 14 PrivateFlags,
        /// Lists the driver's own flags, of all devices.
        13 "ETHTOOL_MSG_PRIVFLAGS_GET" "privflags-get" ListPrivateFlags: Dump(PrivateFlags) -> 14 PrivateFlags,
        /// An answer.
        14 "ETHTOOL_MSG_PRIVFLAGS_GET_REPLY" "privflags-get-reply": Event(PrivateFlags),
        /// Changes the driver's own flags.
        14 "ETHTOOL_MSG_PRIVFLAGS_SET" "privflags-set" SetPrivateFlags: Command(PrivateFlags) "set",
        /// Something changed.
        15 "ETHTOOL_MSG_PRIVFLAGS_NTF" "privflags-ntf": Event(PrivateFlags),
        /// Gets sizes of queues.
        15 "ETHTOOL_MSG_RINGS_GET" "rings-get" GetRings: Get(Rings) -> 16 Rings,
        /// Lists sizes of queues, of all devices.
        15 "ETHTOOL_MSG_RINGS_GET" "rings-get" ListRings: Dump(Rings) -> 16 Rings,
        /// An answer.
        16 "ETHTOOL_MSG_RINGS_GET_REPLY" "rings-get-reply": Event(Rings),
        /// Changes sizes of queues.
        16 "ETHTOOL_MSG_RINGS_SET" "rings-set" SetRings: Command(Rings) "set",
        /// Something changed.
        17 "ETHTOOL_MSG_RINGS_NTF" "rings-ntf": Event(Rings),
        /// Gets numbers of channels.
        17 "ETHTOOL_MSG_CHANNELS_GET" "channels-get" GetChannels: Get(Channels) -> 18 Channels,
        /// Lists numbers of channels, of all devices.
        17 "ETHTOOL_MSG_CHANNELS_GET" "channels-get" ListChannels: Dump(Channels) -> 18 Channels,
        /// An answer.
        18 "ETHTOOL_MSG_CHANNELS_GET_REPLY" "channels-get-reply": Event(Channels),
        /// Changes numbers of channels.
        18 "ETHTOOL_MSG_CHANNELS_SET" "channels-set" SetChannels: Command(Channels) "set",
        /// Something changed.
        19 "ETHTOOL_MSG_CHANNELS_NTF" "channels-ntf": Event(Channels),
        /// Gets gathering of packets.
        19 "ETHTOOL_MSG_COALESCE_GET" "coalesce-get" GetCoalesce: Get(Coalesce) -> 20 Coalesce,
        /// Lists gathering of packets, of all devices.
        19 "ETHTOOL_MSG_COALESCE_GET" "coalesce-get" ListCoalesce: Dump(Coalesce) -> 20 Coalesce,
        /// An answer.
        20 "ETHTOOL_MSG_COALESCE_GET_REPLY" "coalesce-get-reply": Event(Coalesce),
        /// Changes gathering of packets.
        20 "ETHTOOL_MSG_COALESCE_SET" "coalesce-set" SetCoalesce: Command(Coalesce) "set",
        /// Something changed.
        21 "ETHTOOL_MSG_COALESCE_NTF" "coalesce-ntf": Event(Coalesce),
        /// Gets flow control.
        21 "ETHTOOL_MSG_PAUSE_GET" "pause-get" GetPause: Get(Pause) -> 22 Pause,
        /// Lists flow control, of all devices.
        21 "ETHTOOL_MSG_PAUSE_GET" "pause-get" ListPause: Dump(Pause) -> 22 Pause,
        /// An answer.
        22 "ETHTOOL_MSG_PAUSE_GET_REPLY" "pause-get-reply": Event(Pause),
        /// Changes flow control.
        22 "ETHTOOL_MSG_PAUSE_SET" "pause-set" SetPause: Command(Pause) "set",
        /// Something changed.
        23 "ETHTOOL_MSG_PAUSE_NTF" "pause-ntf": Event(Pause),
        /// Gets energy-efficient Ethernet.
        23 "ETHTOOL_MSG_EEE_GET" "eee-get" GetEee: Get(Eee) -> 24 Eee,
        /// Lists energy-efficient Ethernet, of all devices.
        23 "ETHTOOL_MSG_EEE_GET" "eee-get" ListEee: Dump(Eee) -> 24 Eee,
        /// An answer.
        24 "ETHTOOL_MSG_EEE_GET_REPLY" "eee-get-reply": Event(Eee),
        /// Changes energy-efficient Ethernet.
        24 "ETHTOOL_MSG_EEE_SET" "eee-set" SetEee: Command(Eee) "set",
        /// Something changed.
        25 "ETHTOOL_MSG_EEE_NTF" "eee-ntf": Event(Eee),
        /// Gets abilities to make timestamps.
        25 "ETHTOOL_MSG_TSINFO_GET" "tsinfo-get" GetTimestamping: Get(Timestamping) -> 26 Timestamping,
        /// Lists abilities to make timestamps, of all devices.
        25 "ETHTOOL_MSG_TSINFO_GET" "tsinfo-get" ListTimestamping: Dump(Timestamping) -> 26 Timestamping,
        /// An answer.
        26 "ETHTOOL_MSG_TSINFO_GET_REPLY" "tsinfo-get-reply": Event(Timestamping),
        /// Gets tunnels that are offloaded.
        28 "ETHTOOL_MSG_TUNNEL_INFO_GET" "tunnel-info-get" GetTunnelInfo: Get(TunnelInfo) -> 29 TunnelInfo,
        /// Lists tunnels that are offloaded, of all devices.
        28 "ETHTOOL_MSG_TUNNEL_INFO_GET" "tunnel-info-get" ListTunnelInfo: Dump(TunnelInfo) -> 29 TunnelInfo,
        /// An answer.
        29 "ETHTOOL_MSG_TUNNEL_INFO_GET_REPLY" "tunnel-info-get-reply": Event(TunnelInfo),
        /// Gets forward error correction.
        29 "ETHTOOL_MSG_FEC_GET" "fec-get" GetFec: Get(Fec) -> 30 Fec,
        /// Lists forward error correction, of all devices.
        29 "ETHTOOL_MSG_FEC_GET" "fec-get" ListFec: Dump(Fec) -> 30 Fec,
        /// An answer.
        30 "ETHTOOL_MSG_FEC_GET_REPLY" "fec-get-reply": Event(Fec),
        /// Changes forward error correction.
        30 "ETHTOOL_MSG_FEC_SET" "fec-set" SetFec: Command(Fec) "set",
        /// Something changed.
        31 "ETHTOOL_MSG_FEC_NTF" "fec-ntf": Event(Fec),
        /// Gets a piece of a module's memory.
        31 "ETHTOOL_MSG_MODULE_EEPROM_GET" "module-eeprom-get" GetModuleEeprom: Get(ModuleEeprom) -> 32 ModuleEeprom,
        /// Lists a piece of a module's memory, of all devices.
        31 "ETHTOOL_MSG_MODULE_EEPROM_GET" "module-eeprom-get" ListModuleEeprom: Dump(ModuleEeprom) -> 32 ModuleEeprom,
        /// An answer.
        32 "ETHTOOL_MSG_MODULE_EEPROM_GET_REPLY" "module-eeprom-get-reply": Event(ModuleEeprom),
        /// Gets standard counters.
        32 "ETHTOOL_MSG_STATS_GET" "stats-get" GetStatistics: Get(Statistics) -> 33 Statistics,
        /// Lists standard counters, of all devices.
        32 "ETHTOOL_MSG_STATS_GET" "stats-get" ListStatistics: Dump(Statistics) -> 33 Statistics,
        /// An answer.
        33 "ETHTOOL_MSG_STATS_GET_REPLY" "stats-get-reply": Event(Statistics),
        /// Gets virtual clocks.
        33 "ETHTOOL_MSG_PHC_VCLOCKS_GET" "phc-vclocks-get" GetVirtualClocks: Get(VirtualClocks) -> 34 VirtualClocks,
        /// Lists virtual clocks, of all devices.
        33 "ETHTOOL_MSG_PHC_VCLOCKS_GET" "phc-vclocks-get" ListVirtualClocks: Dump(VirtualClocks) -> 34 VirtualClocks,
        /// An answer.
        34 "ETHTOOL_MSG_PHC_VCLOCKS_GET_REPLY" "phc-vclocks-get-reply": Event(VirtualClocks),
        /// Gets a module's power.
        34 "ETHTOOL_MSG_MODULE_GET" "module-get" GetModule: Get(Module) -> 35 Module,
        /// Lists a module's power, of all devices.
        34 "ETHTOOL_MSG_MODULE_GET" "module-get" ListModule: Dump(Module) -> 35 Module,
        /// An answer.
        35 "ETHTOOL_MSG_MODULE_GET_REPLY" "module-get-reply": Event(Module),
        /// Changes a module's power.
        35 "ETHTOOL_MSG_MODULE_SET" "module-set" SetModule: Command(Module) "set",
        /// Something changed.
        36 "ETHTOOL_MSG_MODULE_NTF" "module-ntf": Event(Module),
        /// Gets power over the cable.
        36 "ETHTOOL_MSG_PSE_GET" "pse-get" GetPse: Get(Pse) -> 37 Pse,
        /// Lists power over the cable, of all devices.
        36 "ETHTOOL_MSG_PSE_GET" "pse-get" ListPse: Dump(Pse) -> 37 Pse,
        /// An answer.
        37 "ETHTOOL_MSG_PSE_GET_REPLY" "pse-get-reply": Event(Pse),
        /// Changes power over the cable.
        37 "ETHTOOL_MSG_PSE_SET" "pse-set" SetPse: Command(Pse) "set",
        /// Gets the spreading of packets over queues.
        38 "ETHTOOL_MSG_RSS_GET" "rss-get" GetRss: Get(Rss) -> 38 Rss,
        /// Lists the spreading of packets over queues, of all devices.
        38 "ETHTOOL_MSG_RSS_GET" "rss-get" ListRss: Dump(Rss) -> 38 Rss,
        /// An answer.
        38 "ETHTOOL_MSG_RSS_GET_REPLY" "rss-get-reply": Event(Rss),
        /// Changes the spreading of packets over queues.
        48 "ETHTOOL_MSG_RSS_SET" "rss-set" SetRss: Command(Rss) "set",
        /// Something changed.
        50 "ETHTOOL_MSG_RSS_NTF" "rss-ntf": Event(Rss),
        /// Gets collision avoidance.
        39 "ETHTOOL_MSG_PLCA_GET_CFG" "plca-get-cfg" GetPlca: Get(Plca) -> 39 Plca,
        /// Lists collision avoidance, of all devices.
        39 "ETHTOOL_MSG_PLCA_GET_CFG" "plca-get-cfg" ListPlca: Dump(Plca) -> 39 Plca,
        /// An answer.
        39 "ETHTOOL_MSG_PLCA_GET_CFG_REPLY" "plca-get-cfg-reply": Event(Plca),
        /// Changes collision avoidance.
        40 "ETHTOOL_MSG_PLCA_SET_CFG" "plca-set-cfg" SetPlca: Command(Plca) "set",
        /// Something changed.
        41 "ETHTOOL_MSG_PLCA_NTF" "plca-ntf": Event(Plca),
        /// Gets whether collision avoidance works.
        41 "ETHTOOL_MSG_PLCA_GET_STATUS" "plca-get-status" GetPlcaStatus: Get(Plca) -> 40 Plca,
        /// Lists whether collision avoidance works, of all devices.
        41 "ETHTOOL_MSG_PLCA_GET_STATUS" "plca-get-status" ListPlcaStatus: Dump(Plca) -> 40 Plca,
        /// An answer.
        40 "ETHTOOL_MSG_PLCA_GET_STATUS_REPLY" "plca-get-status-reply": Event(Plca),
        /// Gets frame preemption.
        42 "ETHTOOL_MSG_MM_GET" "mm-get" GetMacMerge: Get(MacMerge) -> 42 MacMerge,
        /// Lists frame preemption, of all devices.
        42 "ETHTOOL_MSG_MM_GET" "mm-get" ListMacMerge: Dump(MacMerge) -> 42 MacMerge,
        /// An answer.
        42 "ETHTOOL_MSG_MM_GET_REPLY" "mm-get-reply": Event(MacMerge),
        /// Changes frame preemption.
        43 "ETHTOOL_MSG_MM_SET" "mm-set" SetMacMerge: Command(MacMerge) "set",
        /// Something changed.
        43 "ETHTOOL_MSG_MM_NTF" "mm-ntf": Event(MacMerge),
        /// Gets PHYs.
        45 "ETHTOOL_MSG_PHY_GET" "phy-get" GetPhy: Get(Phy) -> 45 Phy,
        /// Lists PHYs, of all devices.
        45 "ETHTOOL_MSG_PHY_GET" "phy-get" ListPhy: Dump(Phy) -> 45 Phy,
        /// An answer.
        45 "ETHTOOL_MSG_PHY_GET_REPLY" "phy-get-reply": Event(Phy),
        /// Something changed.
        46 "ETHTOOL_MSG_PHY_NTF" "phy-ntf": Event(Phy),
        /// Gets how timestamps are made.
        46 "ETHTOOL_MSG_TSCONFIG_GET" "tsconfig-get" GetTimestampingConfig: Get(TimestampingConfig) -> 47 TimestampingConfig,
        /// Lists how timestamps are made, of all devices.
        46 "ETHTOOL_MSG_TSCONFIG_GET" "tsconfig-get" ListTimestampingConfig: Dump(TimestampingConfig) -> 47 TimestampingConfig,
        /// An answer.
        47 "ETHTOOL_MSG_TSCONFIG_GET_REPLY" "tsconfig-get-reply": Event(TimestampingConfig),
        /// Changes how timestamps are made.
        47 "ETHTOOL_MSG_TSCONFIG_SET" "tsconfig-set" SetTimestampingConfig: Command(TimestampingConfig) "set",
        /// What a change came to.
        48 "ETHTOOL_MSG_TSCONFIG_SET_REPLY" "tsconfig-set-reply": Event(TimestampingConfig),
        /// Gets how clean the signal is.
        51 "ETHTOOL_MSG_MSE_GET" "mse-get" GetMse: Get(Mse) -> 54 Mse,
        /// Lists how clean the signal is, of all devices.
        51 "ETHTOOL_MSG_MSE_GET" "mse-get" ListMse: Dump(Mse) -> 54 Mse,
        /// An answer.
        54 "ETHTOOL_MSG_MSE_GET_REPLY" "mse-get-reply": Event(Mse),
        /// Starts a cable test; the link goes down meanwhile. [`CableTestReport`] tells how it goes.
        26 "ETHTOOL_MSG_CABLE_TEST_ACT" "cable-test-act" TestCable: Command(CableTest) "start",
        /// How a cable test goes.
        27 "ETHTOOL_MSG_CABLE_TEST_NTF" "cable-test-ntf": Event(CableTestReport),
        /// Starts a measurement of the cable. [`CableTestTdrReport`] tells how it goes.
        27 "ETHTOOL_MSG_CABLE_TEST_TDR_ACT" "cable-test-tdr-act" MeasureCable: Command(CableTestTdr) "start",
        /// How a measurement of the cable goes.
        28 "ETHTOOL_MSG_CABLE_TEST_TDR_NTF" "cable-test-tdr-ntf": Event(CableTestTdrReport),
        /// Updates a module's firmware; notifications tell how it goes.
        44 "ETHTOOL_MSG_MODULE_FW_FLASH_ACT" "module-fw-flash-act" FlashModule: Command(ModuleFlash) "update",
        /// How an update of firmware goes.
        44 "ETHTOOL_MSG_MODULE_FW_FLASH_NTF" "module-fw-flash-ntf": Event(ModuleFlash),
        /// Something happened to a port that supplies power.
        49 "ETHTOOL_MSG_PSE_NTF" "pse-ntf": Event(PseEvent),
        /// Creates a context.
        49 "ETHTOOL_MSG_RSS_CREATE_ACT" "rss-create-act" CreateRss: Command(Rss) "create",
        /// The context that was created.
        51 "ETHTOOL_MSG_RSS_CREATE_ACT_REPLY" "rss-create-act-reply": Event(Rss),
        /// A context was created.
        52 "ETHTOOL_MSG_RSS_CREATE_NTF" "rss-create-ntf": Event(Rss),
        /// Deletes a context.
        50 "ETHTOOL_MSG_RSS_DELETE_ACT" "rss-delete-act" DeleteRss: Command(Rss) "delete",
        /// A context was deleted.
        53 "ETHTOOL_MSG_RSS_DELETE_NTF" "rss-delete-ntf": Event(Rss),
    }
}
