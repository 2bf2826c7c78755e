//! Metrics of routes: among the words, and shown.

use crate::failure::Failure;
use crate::out::Record;
use crate::words::{self, Input, Kind, Value, Words};
use netloom::route::{MetricLock, Metrics, MetricsWriter, RouteFeatures};
use netloom::wire::{Buffer, Write};

/// `[ lock ] NUMBER`
pub(super) const NUMBER: Kind = Kind::Custom("[ lock ] NUMBER", |input| locked(input, number));
/// `[ lock ] NUMBER` of a byte
pub(super) const HOP_LIMIT: Kind = Kind::Custom("[ lock ] NUMBER", |input| locked(input, byte));
/// `TIME`, which is locked anyway
pub(super) const LOCKED_TIME: Kind = Kind::Custom("TIME", |input| {
    let given = input.need("TIME")?;
    time(given).ok_or_else(|| format!("{given:?} is not a time"))
});
/// `[ lock ] TIME`
pub(super) const TIME: Kind = Kind::Custom("[ lock ] TIME", |input| locked(input, time));
/// `[ lock ] NAME`
pub(super) const NAME: Kind =
    Kind::Custom("[ lock ] NAME", |input| locked(input, |name| Some(Value::Text(name.into()))));
/// Features by their bits.
pub(super) const FEATURES: Kind = Kind::Several(&Kind::OneOf(&[("ecn", 1), ("tcp_usec_ts", 16)]));

/// A value, perhaps behind `lock`.
fn locked(input: &mut Input<'_>, read: fn(&str) -> Option<Value>) -> Result<Value, String> {
    let lock = input.take_if("lock");
    let given = input.need("a value")?;
    let value = read(given).ok_or_else(|| format!("{given:?} is not a value of this metric"))?;
    Ok(Value::Several(vec![Value::Bool(lock), value]))
}

fn number(text: &str) -> Option<Value> {
    words::number(text).filter(|number| u32::try_from(*number).is_ok()).map(Value::Number)
}

fn byte(text: &str) -> Option<Value> {
    words::number(text).filter(|number| *number <= 255).map(Value::Number)
}

/// Milliseconds; without a unit, a number in the kernel's own unit, which stands as if it were negative.
fn time(text: &str) -> Option<Value> {
    let hexadecimal = text.starts_with("0x");
    let digit = |c: char| c == '.' || if hexadecimal { c == 'x' || c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
    let (digits, unit) = text.split_at_checked(text.find(|c| !digit(c)).unwrap_or(text.len()))?;
    let scale = match unit.to_ascii_lowercase().as_str() {
        "" | "ms" | "msec" | "msecs" => 1.0,
        "s" | "sec" | "secs" => 1000.0,
        _ => return None,
    };
    let count = match words::number(digits) {
        Some(number) => f64::from(u32::try_from(number).ok()?),
        None => digits.parse().ok()?,
    };
    // Rounded up, as iproute2 does.
    let rounded = format!("{:.0}", (count * scale).ceil()).parse::<u32>().ok()?;
    Some(if unit.is_empty() { Value::Signed(-i64::from(rounded)) } else { Value::Number(rounded.into()) })
}

/// A time in units of which `per` are a millisecond.
fn units(value: &Value, per: u32) -> Option<u32> {
    match value {
        Value::Signed(raw) => u32::try_from(raw.checked_neg()?).ok(),
        value => value.number::<u32>()?.checked_mul(per),
    }
}

/// Reads all metrics among the words, in their order.
pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    let mut w = MetricsWriter::default();
    let mut lock = MetricLock::empty();
    for (name, value) in words.iter() {
        let (locks, value) = match value {
            Value::Several(both) => match both.as_slice() {
                [Value::Bool(locks), value] => (*locks, value),
                _ => (false, value),
            },
            value => (false, value),
        };
        macro_rules! metrics { ($($metric:literal $lock:ident $write:ident;)*) => { match name {
            $($metric => {
                lock |= if locks { MetricLock::$lock } else { MetricLock::empty() };
                w.some(value.number(), MetricsWriter::$write)
            })*
            "rtt" | "rttvar" | "rto_min" => {
                let (bit, per) = match name {
                    "rtt" => (MetricLock::RTT, 8),
                    "rttvar" => (MetricLock::RTTVAR, 4),
                    _ => (MetricLock::RTO_MIN, 1),
                };
                // The kernel heeds the least timeout only if it is locked.
                lock |= if locks || name == "rto_min" { bit } else { MetricLock::empty() };
                let time = units(value, per).ok_or_else(|| words.wrong(format!("{name} is too long")))?;
                match name {
                    "rtt" => w.rtt(time),
                    "rttvar" => w.rttvar(time),
                    _ => w.rto_min(time),
                }
            }
            "features" => {
                let bits = words.several("features").iter().filter_map(Value::number::<u32>);
                w.features(RouteFeatures::from_bits_retain(bits.fold(0, |all, bit| all | bit)))
            }
            "congctl" => {
                lock |= if locks { MetricLock::CC_ALGO } else { MetricLock::empty() };
                match value {
                    // Without a NUL at its end, as iproute2 writes it.
                    Value::Text(name) => w.put(CC_ALGO, name.as_bytes()),
                    _ => w,
                }
            }
            "quickack" => w.some(value.number(), MetricsWriter::quickack),
            "fastopen_no_cookie" => w.some(value.number(), MetricsWriter::fastopen_no_cookie),
            _ => w,
        } } }
        w = metrics! {
            "mtu" MTU mtu; "hoplimit" HOPLIMIT hoplimit; "advmss" ADVMSS advmss; "reordering" REORDERING reordering;
            "window" WINDOW window; "cwnd" CWND cwnd; "initcwnd" INITCWND initcwnd; "initrwnd" INITRWND initrwnd;
            "ssthresh" SSTHRESH ssthresh;
        };
    }
    let given = w.into_buffer();
    if given.is_empty() || lock.is_empty() {
        return Ok(given);
    }
    Ok(MetricsWriter::from_buffer(given).lock(lock).into_buffer())
}

/// `RTAX_CC_ALGO`
const CC_ALGO: u16 = 16;
/// A hop limit of nobody's choice.
const SYSTEM: u32 = u32::MAX;

/// Describes metrics.
pub(super) fn describe(r: &mut Record, metrics: &Metrics) {
    let lock = metrics.lock().unwrap_or_default();
    let word = |bit: MetricLock| if lock.contains(bit) { "lock " } else { "" };
    // The kernel does not tell a metric of 0, but that it is locked.
    let known = |bit: MetricLock, value: Option<u32>| value.or(lock.contains(bit).then_some(0));
    let number = |r: &mut Record, key: &'static str, bit: MetricLock, value: Option<u32>| {
        if let Some(value) = known(bit, value) {
            r.number(key, value).shown(format!("{key} {}{value}", word(bit)));
        }
    };
    let time = |r: &mut Record, key: &'static str, bit: MetricLock, value: Option<u32>, per: u32| {
        if let Some(value) = known(bit, value).map(|value| value / per) {
            let shown = if value >= 1000 { format!("{}s", f64::from(value) / 1000.0) } else { format!("{value}ms") };
            r.number(key, value).shown(format!("{key} {}{shown}", word(bit)));
        }
    };
    r.array("metrics", |list| {
        list.record(|r| {
            number(r, "mtu", MetricLock::MTU, metrics.mtu());
            number(r, "window", MetricLock::WINDOW, metrics.window());
            time(r, "rtt", MetricLock::RTT, metrics.rtt(), 8);
            time(r, "rttvar", MetricLock::RTTVAR, metrics.rttvar(), 4);
            number(r, "ssthresh", MetricLock::SSTHRESH, metrics.ssthresh());
            number(r, "cwnd", MetricLock::CWND, metrics.cwnd());
            number(r, "advmss", MetricLock::ADVMSS, metrics.advmss());
            number(r, "reordering", MetricLock::REORDERING, metrics.reordering());
            number(r, "hoplimit", MetricLock::HOPLIMIT, metrics.hoplimit().filter(|limit| *limit != SYSTEM));
            number(r, "initcwnd", MetricLock::INITCWND, metrics.initcwnd());
            features(r, metrics.features());
            time(r, "rto_min", MetricLock::RTO_MIN, metrics.rto_min(), 1);
            number(r, "initrwnd", MetricLock::INITRWND, metrics.initrwnd());
            number(r, "quickack", MetricLock::from_bits_retain(1 << 15), metrics.quickack());
            if let Some(name) = metrics.cc_algo() {
                r.string("congestion", name).shown(format!("congctl {}{name}", word(MetricLock::CC_ALGO)));
            }
            number(r, "fastopen_no_cookie", MetricLock::from_bits_retain(1 << 17), metrics.fastopen_no_cookie());
        });
    });
}

fn features(r: &mut Record, features: Option<RouteFeatures>) {
    let Some(features) = features else { return };
    r.text("features");
    let mut left = features;
    for (key, bit) in [("ecn", RouteFeatures::ECN), ("tcp_usec_ts", RouteFeatures::TCP_USEC_TS)] {
        if left.contains(bit) {
            r.flag(key).shown(key);
        }
        left -= bit;
    }
    if !left.is_empty() {
        r.hex("features", features.bits()).bare();
    }
}
