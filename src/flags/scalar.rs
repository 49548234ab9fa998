//! Single words as Go's strconv and net packages read them.

use std::net::IpAddr;

/// `strconv.ParseBool`.
pub(super) fn bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err("is not a boolean: 1, t, true, 0, f or false".to_owned()),
    }
}

/// `strconv.ParseInt(text, 0, bits)`: the base is told by the prefix, and `030` is 24. This is how
/// Go reads since 1.13; see [`refuse_new_literal`] for before.
pub(super) fn int(text: &str, bits: u32) -> Result<i64, String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = i128::from(magnitude(digits)?);
    let value = if negative { -magnitude } else { magnitude };
    let limit = 1_i128 << (bits - 1);
    if value < -limit || value >= limit {
        return Err(format!("does not fit into {bits} bits"));
    }
    i64::try_from(value).map_err(|_| format!("does not fit into {bits} bits"))
}

/// `strconv.ParseUint(text, 0, 64)`.
pub(super) fn uint(text: &str) -> Result<u64, String> {
    magnitude(text)
}

/// `strconv.ParseUint(text, 10, 31)`, which the verbosity flag uses.
pub(super) fn verbosity(text: &str) -> Result<u64, String> {
    let number = text.parse::<u32>().ok().filter(|n| *n < 1 << 31 && !text.starts_with('+'));
    number.map(u64::from).ok_or_else(not_a_number)
}

/// Refuses `0b11`, `0o17` and `1_000`, which Go reads since 1.13.
pub(super) fn refuse_new_literal(text: &str) -> Result<(), String> {
    let digits = text.trim_start_matches(['+', '-']);
    let new = ["0b", "0B", "0o", "0O"].iter().any(|prefix| digits.starts_with(prefix));
    if new || digits.contains('_') { Err(not_a_number()) } else { Ok(()) }
}

fn not_a_number() -> String {
    "is not a whole number".to_owned()
}

fn magnitude(text: &str) -> Result<u64, String> {
    let plain = text == "0" || text.starts_with(|c: char| matches!(c, '1'..='9'));
    if plain && !text.contains('_') {
        return in_radix(text, 10);
    }
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    let plain =
        without_underscores(digits, lower.len() != digits.len()).ok_or_else(not_a_number)?;
    if plain.is_empty() || plain.starts_with('+') {
        return Err(not_a_number());
    }
    in_radix(&plain, radix)
}

fn in_radix(digits: &str, radix: u32) -> Result<u64, String> {
    u64::from_str_radix(digits, radix).map_err(|error| match error.kind() {
        std::num::IntErrorKind::PosOverflow => "does not fit into 64 bits".to_owned(),
        _ => not_a_number(),
    })
}

/// Go allows an underscore between digits, and behind a base prefix.
fn without_underscores(digits: &str, after_prefix: bool) -> Option<String> {
    let misplaced = digits.contains("__")
        || digits.ends_with('_')
        || (digits.starts_with('_') && !after_prefix);
    (!misplaced).then(|| digits.replace('_', ""))
}

/// `strconv.ParseFloat`, hexadecimal floats left out.
pub(super) fn float(text: &str) -> Result<f64, String> {
    let refuse = || "is not a number".to_owned();
    let word = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let named = ["inf", "infinity", "nan"].contains(&word.as_str());
    if !named && !text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) {
        return Err(refuse());
    }
    text.parse().map_err(|_| refuse())
}

/// `net.ParseIP` of the trimmed text, printed canonically.
pub(super) fn ip(text: &str) -> Result<String, String> {
    let address: IpAddr = text.trim().parse().map_err(|_| "is not an IP address".to_owned())?;
    Ok(address.to_canonical().to_string())
}

/// `net.ParseCIDR`, printed as the network it names.
pub(super) fn network(text: &str) -> Result<String, String> {
    let refuse = || "is not a network such as 10.96.0.0/12".to_owned();
    let (address, length) = text.trim().split_once('/').ok_or_else(refuse)?;
    let address: IpAddr = address.parse().map_err(|_| refuse())?;
    let length: u32 = length.parse().map_err(|_| refuse())?;
    match address {
        IpAddr::V4(v4) if length <= 32 => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            Ok(format!("{}/{length}", std::net::Ipv4Addr::from(u32::from(v4) & mask)))
        }
        IpAddr::V6(v6) if length <= 128 => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            Ok(format!("{}/{length}", std::net::Ipv6Addr::from(u128::from(v6) & mask)))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => Err(refuse()),
    }
}

/// `ParseCIDRSloppy` of k8s.io/utils, which reads numbers with leading zeros as Go did before 1.17.
pub(super) fn sloppy_network(text: &str) -> Result<String, String> {
    let text = text.trim();
    let between = if text.contains(':') { ":" } else { "." };
    let numbers: Vec<&str> = text.split(between).map(without_zeros).collect();
    network(&numbers.join(between))
}

/// A number without the zeros in front of it; its last digit stays.
fn without_zeros(number: &str) -> &str {
    let zeros = number.bytes().take_while(|byte| *byte == b'0').count();
    let digits = number.bytes().take_while(u8::is_ascii_hexdigit).count();
    number.get(zeros.min(digits.saturating_sub(1))..).unwrap_or_default()
}

/// `30000-32767`, `30000+2767` or one port.
///
/// Source: apimachinery `util/net/port_range.go`.
pub(super) fn port_range(text: &str) -> Result<String, String> {
    let refuse = || "is not a port range such as 30000-32767".to_owned();
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let port = |s: &str| s.parse::<u32>().ok().filter(|p| *p <= 65_535).ok_or_else(refuse);
    let (low, high) = if let Some((low, high)) = text.split_once('-') {
        (port(low)?, port(high)?)
    } else if let Some((low, size)) = text.split_once('+') {
        let low = port(low)?;
        (low, low + size.parse::<u32>().ok().filter(|s| *s <= 65_535).ok_or_else(refuse)?)
    } else {
        (port(text)?, port(text)?)
    };
    if low > high || high > 65_535 { Err(refuse()) } else { Ok(format!("{low}-{high}")) }
}

/// `resource.ParseQuantity`, as far as being one.
pub(super) fn quantity(text: &str) -> Result<String, String> {
    let number = text.trim_start_matches(['+', '-']);
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let (digits, suffix) = number.split_at(end);
    let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|e| e.parse::<i32>().is_ok());
    let known =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
            .contains(&suffix);
    let numeric = digits.bytes().any(|b| b.is_ascii_digit()) && digits.matches('.').count() <= 1;
    if numeric && (known || exponent) {
        Ok(text.to_owned())
    } else {
        Err("is not a quantity such as 512Ki or 1M".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        bool, float, int, ip, network, port_range, quantity, sloppy_network, uint, verbosity,
    };

    #[test]
    fn integers_tell_their_base() {
        let cases = [
            ("30", 30),
            ("030", 24),
            ("0x1e", 30),
            ("0b11", 3),
            ("0o17", 15),
            ("1_000", 1000),
            ("0x_1f", 31),
            ("0_7", 7),
            ("-5", -5),
            ("+5", 5),
            ("0", 0),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, value) in cases {
            assert_eq!(int(text, 64), Ok(value), "{text}");
        }
        for text in [
            "",
            "-",
            "08",
            "1__0",
            "_1",
            "1_",
            "30 ",
            "0x",
            "--5",
            "+-5",
            "1.5",
            "9223372036854775808",
        ] {
            assert!(int(text, 64).is_err(), "{text}");
        }
        assert!(int("2147483648", 32).is_err());
        assert_eq!(int("2147483647", 32), Ok(2_147_483_647));
        assert!(uint("-1").is_err() && uint("+1").is_err());
        assert_eq!(uint("18446744073709551615"), Ok(u64::MAX));
        assert_eq!((verbosity("08"), verbosity("-1").is_err()), (Ok(8), true));
    }

    #[test]
    fn booleans_are_gos_twelve_words() {
        for text in ["1", "t", "T", "TRUE", "true", "True"] {
            assert_eq!(bool(text), Ok(true));
        }
        for text in ["0", "f", "F", "FALSE", "false", "False"] {
            assert_eq!(bool(text), Ok(false));
        }
        for text in ["", "yes", "on", "tRUE", " true", "2"] {
            assert!(bool(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_words_are_read_as_go_reads_them() {
        assert_eq!(ip(" ::ffff:1.2.3.4 ").as_deref(), Ok("1.2.3.4"));
        assert!(ip("127.0.0.01").is_err() && ip("localhost").is_err());
        assert_eq!(network("10.1.2.3/8").as_deref(), Ok("10.0.0.0/8"));
        assert_eq!(network("0.0.0.0/0").as_deref(), Ok("0.0.0.0/0"));
        assert!(network("10.0.0.0/33").is_err() && network("10.0.0.0").is_err());
        assert!(network("010.0.0.0/8").is_err());
        for (text, printed) in [
            ("010.096.0.0/016", "10.96.0.0/16"),
            ("0.000.00.0/0", "0.0.0.0/0"),
            ("00fd00::/0108", "fd00::/108"),
            ("::/8", "::/8"),
        ] {
            assert_eq!(sloppy_network(text).as_deref(), Ok(printed), "{text}");
        }
        for text in ["0256.0.0.0/8", "0x.0.0.0/8", "10.0.0/8", "10..0.0/8", "10.0.0.0", "0/8"] {
            assert!(sloppy_network(text).is_err(), "{text}");
        }
        assert_eq!(port_range("30000+10").as_deref(), Ok("30000-30010"));
        assert!(port_range("2-1").is_err() && port_range("1-70000").is_err());
        assert_eq!(float("1e-3"), Ok(0.001));
        assert!(float("1,5").is_err() && float("").is_err());
        assert!(quantity("512Ki").is_ok() && quantity("12e6").is_ok() && quantity("Ki").is_err());
    }
}
