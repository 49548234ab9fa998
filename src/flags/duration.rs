//! Go's durations: `300ms`, `1h30m`, `1m0s`.
//!
//! Source: Go's time.ParseDuration and Duration.String.

use std::fmt::Write as _;

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The duration in nanoseconds, or what is wrong with the text.
pub(crate) fn read(text: &str) -> Result<i64, String> {
    let refuse = || "is not a duration such as 30s, 5m or 1h30m".to_owned();
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(refuse());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(tail) => digits(tail),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(refuse());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        if name.is_empty() {
            return Err("has no unit: write 30s, 5m or 1h30m".to_owned());
        }
        let unit = UNITS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, nanoseconds)| *nanoseconds)
            .ok_or_else(|| format!("has the unknown unit {name:?}: ns, us, ms, s, m or h"))?;
        total = add(total, whole, fraction, unit).ok_or_else(|| "is too long".to_owned())?;
        rest = tail;
    }
    let signed = if negative { -total } else { total };
    i64::try_from(signed).map_err(|_| "is too long".to_owned())
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn add(total: i128, whole: &str, fraction: &str, unit: i128) -> Option<i128> {
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Go keeps as many digits of the fraction as fit; 18 are beyond a nanosecond of an hour.
    let kept = &fraction[..fraction.len().min(18)];
    let scale = 10_i128.pow(u32::try_from(kept.len()).ok()?);
    let part: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    let sum = total.checked_add(whole.checked_mul(unit)?)?.checked_add(part * unit / scale)?;
    (sum <= 1 << 63).then_some(sum)
}

/// Prints nanoseconds as Go does.
pub(super) fn print(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let n = nanoseconds.unsigned_abs();
    match n {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{n}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", decimal(n, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(n, 1_000_000)),
        _ => {
            let seconds = n / 1_000_000_000;
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let mut out = sign.to_owned();
            if hours > 0 {
                let _ = write!(out, "{hours}h");
            }
            if seconds >= 60 {
                let _ = write!(out, "{minutes}m");
            }
            let _ = write!(out, "{}s", decimal(n % 60_000_000_000, 1_000_000_000));
            out
        }
    }
}

fn decimal(n: u64, unit: u64) -> String {
    let width = unit.ilog10() as usize;
    let fraction = format!("{:0width$}", n % unit);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { (n / unit).to_string() } else { format!("{}.{fraction}", n / unit) }
}

#[cfg(test)]
mod tests {
    use super::{print, read};

    #[test]
    fn durations_are_read_and_printed_as_go_does() {
        let cases = [
            ("0", "0s"),
            ("0s", "0s"),
            ("60s", "1m0s"),
            ("24h", "24h0m0s"),
            ("1h15m30.918s", "1h15m30.918s"),
            ("1500ms", "1.5s"),
            ("-1s", "-1s"),
            ("+5m", "5m0s"),
            ("100us", "100µs"),
            ("1.5h", "1h30m0s"),
            (".5s", "500ms"),
            ("1ns", "1ns"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
        ];
        for (text, printed) in cases {
            assert_eq!(read(text).map(print).as_deref(), Ok(printed), "{text}");
        }
        for text in ["", "5", "5M", "s", "1x", "-", ".", "1h 5m", "30 ", "3000000h", "1.s."] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
