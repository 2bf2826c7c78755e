//! The time of a change, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// A moment.
pub(super) struct Moment {
    /// Seconds since 1970.
    seconds: u64,
    microseconds: u32,
}

/// Now.
pub(super) fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::new(since.as_secs(), since.subsec_micros())
}

impl Moment {
    /// So long since 1970.
    pub(super) fn new(seconds: u64, microseconds: u32) -> Self {
        Self { seconds, microseconds }
    }

    /// `2026-11-23T20:52:05.588085`.
    pub(super) fn short(&self) -> String {
        let (year, month, day) = date(self.seconds / 86_400);
        let (hour, minute, second) = self.time();
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}", self.microseconds)
    }

    /// `Mon Nov 23 20:52:05 2026 588085 usec`.
    pub(super) fn long(&self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let days = self.seconds / 86_400;
        let (year, month, day) = date(days);
        let (hour, minute, second) = self.time();
        let name = |names: &'static [&'static str], at: u64| {
            usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
        };
        format!(
            "{} {} {day:2} {hour:02}:{minute:02}:{second:02} {year} {} usec",
            name(&DAYS, days % 7),
            name(&MONTHS, month - 1),
            self.microseconds
        )
    }

    fn time(&self) -> (u64, u64, u64) {
        let second = self.seconds % 86_400;
        (second / 3600, second / 60 % 60, second % 60)
    }
}

/// Year, month and day of a day since 1970, by the Gregorian calendar.
fn date(days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    // Whole cycles of 400 years first, so that the loop is short.
    let mut year = 1970 + days / 146_097 * 400;
    let mut left = days % 146_097;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_iproute2_writes_them() {
        let moment = Moment { seconds: 1_795_467_125, microseconds: 588_085 };
        assert_eq!(moment.short(), "2026-11-23T20:52:05.588085");
        assert_eq!(moment.long(), "Mon Nov 23 20:52:05 2026 588085 usec");
        assert_eq!(
            [0, 59, 60, 11_016, 11_017, 146_096, 146_097].map(date),
            [(1970, 1, 1), (1970, 3, 1), (1970, 3, 2), (2000, 2, 29), (2000, 3, 1), (2369, 12, 31), (2370, 1, 1)]
        );
    }
}
