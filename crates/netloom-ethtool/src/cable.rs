//! Tests of the cable.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

attributes! {
    /// What was found on a pair of wires.
    pub CableResult, CableResultWriter = "ethtool/cable-result" {
        /// The pair.
        1 "ETHTOOL_A_CABLE_RESULT_PAIR" pair: CablePair,
        /// What was found.
        2 "ETHTOOL_A_CABLE_RESULT_CODE" code: CableResultCode,
        /// How it was measured.
        3 "ETHTOOL_A_CABLE_RESULT_SRC" source: CableSource,
    }
}

attributes! {
    /// Where a fault is.
    pub CableFault, CableFaultWriter = "ethtool/cable-fault-length" {
        /// The pair.
        1 "ETHTOOL_A_CABLE_FAULT_LENGTH_PAIR" pair: CablePair,
        /// Centimetres from the device.
        2 "ETHTOOL_A_CABLE_FAULT_LENGTH_CM" cm: u32,
        /// How it was measured.
        3 "ETHTOOL_A_CABLE_FAULT_LENGTH_SRC" source: CableSource,
    }
}

attributes! {
    /// What a cable test found: for each pair a result, and a fault's distance.
    pub CableFindings, CableFindingsWriter = "ethtool/cable-nest" {
        /// What was found on a pair.
        1 "ETHTOOL_A_CABLE_NEST_RESULT" result: Many(Nest(CableResult)),
        /// Where the fault of a pair is.
        2 "ETHTOOL_A_CABLE_NEST_FAULT_LENGTH" fault: Many(Nest(CableFault)),
    }
}

message! {
    /// A cable test to be started.
    pub CableTest CableTestAttributes
}

attributes! {
    /// Attributes of [`CableTest`].
    pub CableTestAttributes, CableTestWriter = "ethtool/cable-test" {
        /// The device.
        1 "ETHTOOL_A_CABLE_TEST_HEADER" header: Nest(Header),
    }
}

message! {
    /// How a cable test goes.
    pub CableTestReport CableTestReportAttributes
}

attributes! {
    /// Attributes of [`CableTestReport`].
    pub CableTestReportAttributes, CableTestReportWriter = "ethtool/cable-test-ntf" {
        /// The device.
        1 "ETHTOOL_A_CABLE_TEST_NTF_HEADER" header: Nest(Header),
        /// Whether it started or ended.
        2 "ETHTOOL_A_CABLE_TEST_NTF_STATUS" status: CableTestStatus,
        /// What it found.
        3 "ETHTOOL_A_CABLE_TEST_NTF_NEST" findings: Nest(CableFindings),
    }
}

attributes! {
    /// What a time domain reflectometer is to measure; distances in centimetres.
    pub TdrRange, TdrRangeWriter = "ethtool/cable-test-tdr-cfg" {
        /// Where to begin.
        1 "ETHTOOL_A_CABLE_TEST_TDR_CFG_FIRST" first: u32,
        /// Where to end.
        2 "ETHTOOL_A_CABLE_TEST_TDR_CFG_LAST" last: u32,
        /// Distance between measurements.
        3 "ETHTOOL_A_CABLE_TEST_TDR_CFG_STEP" step: u32,
        /// The pair; all where it is left out.
        4 "ETHTOOL_A_CABLE_TEST_TDR_CFG_PAIR" pair: CablePair,
    }
}

message! {
    /// A measurement by time domain reflectometry to be started.
    pub CableTestTdr CableTestTdrAttributes
}

attributes! {
    /// Attributes of [`CableTestTdr`].
    pub CableTestTdrAttributes, CableTestTdrWriter = "ethtool/cable-test-tdr" {
        /// The device.
        1 "ETHTOOL_A_CABLE_TEST_TDR_HEADER" header: Nest(Header),
        /// What is to be measured; up to the driver where it is left out.
        2 "ETHTOOL_A_CABLE_TEST_TDR_CFG" range: Nest(TdrRange),
    }
}

message! {
    /// How a measurement by time domain reflectometry goes.
    pub CableTestTdrReport CableTestTdrReportAttributes
}

attributes! {
    /// Attributes of [`CableTestTdrReport`].
    pub CableTestTdrReportAttributes, CableTestTdrReportWriter = "ethtool/cable-test-tdr-ntf" {
        /// The device.
        1 "ETHTOOL_A_CABLE_TEST_TDR_NTF_HEADER" header: Nest(Header),
        /// Whether it started or ended.
        2 "ETHTOOL_A_CABLE_TEST_TDR_NTF_STATUS" status: CableTestStatus,
        /// What was measured.
        3 "ETHTOOL_A_CABLE_TEST_TDR_NTF_NEST" measurements: Nest(TdrMeasurements),
    }
}

attributes! {
    /// What a time domain reflectometer measured. The kernel sends this where its spec has the results of a cable test.
    pub TdrMeasurements, TdrMeasurementsWriter = "ethtool/cable-tdr-nest" {
        /// Which distances were measured.
        1 "ETHTOOL_A_CABLE_TDR_NEST_STEP" step: Nest(TdrSteps),
        /// Reflected amplitudes, one for each distance and pair.
        2 "ETHTOOL_A_CABLE_TDR_NEST_AMPLITUDE" amplitude: Many(Nest(TdrAmplitude)),
        /// The pulse that was sent.
        3 "ETHTOOL_A_CABLE_TDR_NEST_PULSE" pulse: Many(Nest(TdrPulse)),
    }
}

attributes! {
    /// Distances of a measurement, in centimetres.
    pub TdrSteps, TdrStepsWriter = "ethtool/cable-step" {
        /// The first.
        1 "ETHTOOL_A_CABLE_STEP_FIRST_DISTANCE" first: u32,
        /// The last.
        2 "ETHTOOL_A_CABLE_STEP_LAST_DISTANCE" last: u32,
        /// From one to the next.
        3 "ETHTOOL_A_CABLE_STEP_STEP_DISTANCE" step: u32,
    }
}

attributes! {
    /// A reflected amplitude.
    pub TdrAmplitude, TdrAmplitudeWriter = "ethtool/cable-amplitude" {
        /// The pair.
        1 "ETHTOOL_A_CABLE_AMPLITUDE_PAIR" pair: CablePair,
        /// Millivolts; negative where the reflection is inverted.
        2 "ETHTOOL_A_CABLE_AMPLITUDE_mV" millivolts: i16,
    }
}

attributes! {
    /// A pulse that was sent.
    pub TdrPulse, TdrPulseWriter = "ethtool/cable-pulse" {
        /// Millivolts.
        1 "ETHTOOL_A_CABLE_PULSE_mV" millivolts: i16,
    }
}

open_enum! {
    /// A pair of wires.
    pub CablePair: u8 = "cable-pair" {
        0 "ETHTOOL_A_CABLE_PAIR_A" A, 1 "ETHTOOL_A_CABLE_PAIR_B" B, 2 "ETHTOOL_A_CABLE_PAIR_C" C, 3 "ETHTOOL_A_CABLE_PAIR_D" D,
    }
}

open_enum! {
    /// What was found on a pair of wires.
    pub CableResultCode: u8 = "cable-result-code" {
        0 "ETHTOOL_A_CABLE_RESULT_CODE_UNSPEC" Unspecified,
        1 "ETHTOOL_A_CABLE_RESULT_CODE_OK" Ok,
        2 "ETHTOOL_A_CABLE_RESULT_CODE_OPEN" Open,
        /// A short within the pair.
        3 "ETHTOOL_A_CABLE_RESULT_CODE_SAME_SHORT" SameShort,
        /// A short to another pair.
        4 "ETHTOOL_A_CABLE_RESULT_CODE_CROSS_SHORT" CrossShort,
        5 "ETHTOOL_A_CABLE_RESULT_CODE_IMPEDANCE_MISMATCH" ImpedanceMismatch,
        6 "ETHTOOL_A_CABLE_RESULT_CODE_NOISE" Noise,
        7 "ETHTOOL_A_CABLE_RESULT_CODE_RESOLUTION_NOT_POSSIBLE" ResolutionNotPossible,
    }
}

open_enum! {
    /// How something about a cable was measured.
    pub CableSource: u32 = "cable-inf-src" {
        0 "ETHTOOL_A_CABLE_INF_SRC_UNSPEC" Unspecified,
        /// Time domain reflectometry.
        1 "ETHTOOL_A_CABLE_INF_SRC_TDR" Tdr,
        /// Active link cable diagnostics.
        2 "ETHTOOL_A_CABLE_INF_SRC_ALCD" Alcd,
    }
}

open_enum! {
    /// Whether a cable test started or ended.
    pub CableTestStatus: u8 = "cable-test-ntf-status" {
        0 "ETHTOOL_A_CABLE_TEST_NTF_STATUS_UNSPEC" Unspecified,
        1 "ETHTOOL_A_CABLE_TEST_NTF_STATUS_STARTED" Started,
        2 "ETHTOOL_A_CABLE_TEST_NTF_STATUS_COMPLETED" Completed,
    }
}

object! { CableTest "cable test" }

object! { CableTestReport "cable test" }

object! { CableTestTdr "cable measurement" }

object! { CableTestTdrReport "cable measurement" }
