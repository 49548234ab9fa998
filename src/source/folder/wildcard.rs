//! Patterns of paths, matched as git matches those of a `.gitignore`.
//!
//! Neither `glob` nor a regular expression does that: `*` stops at a slash, `**` only counts between
//! slashes, classes may be negated by `!` and `^`, and a backslash takes a character literally. The
//! source is git's `wildmatch.c` with `WM_PATHNAME`, which is byte by byte. Here all ways through the
//! pattern are followed at the same time, so that no pattern makes the work explode.

/// A pattern of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wildcard(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Byte(u8),
    /// `?`: any byte but a slash.
    Any,
    /// `[…]`: one of these bytes, a bit each; never a slash.
    Class(Box<[u64; 4]>),
    /// `*`: anything without a slash.
    Star,
    /// `**/`: any number of folders.
    Folders,
    /// `/**` at the end: everything below.
    Below,
}

impl Wildcard {
    /// Reads a pattern. `None` for one that git never matches: a class without an end, a backslash at
    /// the end.
    pub(super) fn new(pattern: &[u8]) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(byte) = pattern.get(at) {
            at += 1;
            match byte {
                b'?' => tokens.push(Token::Any),
                b'*' => {
                    let start = at - 1;
                    while pattern.get(at) == Some(&b'*') {
                        at += 1;
                    }
                    let opens = start == 0 || pattern.get(start - 1) == Some(&b'/');
                    match pattern.get(at) {
                        Some(b'/') if opens && at - start > 1 => {
                            at += 1;
                            tokens.push(Token::Folders);
                        }
                        None if opens && at - start > 1 => tokens.push(Token::Below),
                        _ => tokens.push(Token::Star),
                    }
                }
                b'[' => {
                    let (class, end) = class(pattern, at)?;
                    at = end;
                    tokens.push(Token::Class(Box::new(class)));
                }
                b'\\' => {
                    tokens.push(Token::Byte(*pattern.get(at)?));
                    at += 1;
                }
                byte => tokens.push(Token::Byte(*byte)),
            }
        }
        Some(Self(tokens))
    }

    /// Whether a path is one that is meant.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        self.may_match(path) && self.follow(path)
    }

    /// Whether a path begins and ends as the pattern does: most do not.
    fn may_match(&self, path: &[u8]) -> bool {
        let fits = |(token, byte): (&Token, &u8)| match token {
            Token::Byte(wanted) => Some(wanted == byte),
            _ => None,
        };
        let begins = self.0.iter().zip(path).map_while(fits).all(|fits| fits);
        begins && self.0.iter().rev().zip(path.iter().rev()).map_while(fits).all(|fits| fits)
    }

    fn follow(&self, path: &[u8]) -> bool {
        let mut here = vec![false; self.0.len() + 1];
        let mut next = here.clone();
        self.reach(&mut here, 0, true);
        for byte in path {
            let places = self.0.iter().enumerate().zip(&here).filter(|(_, is_here)| **is_here);
            for ((at, token), _) in places {
                let to = match token {
                    Token::Byte(wanted) if wanted == byte => at + 1,
                    Token::Any if *byte != b'/' => at + 1,
                    Token::Class(class) if has(class, *byte) => at + 1,
                    Token::Star if *byte != b'/' => at,
                    Token::Folders | Token::Below => at,
                    _ => continue,
                };
                self.reach(&mut next, to, *byte == b'/');
            }
            std::mem::swap(&mut here, &mut next);
            next.fill(false);
        }
        here.last() == Some(&true)
    }

    /// Marks a place of the pattern, and those behind it that need no byte. `at_name`: a name begins here,
    /// which is the same for all that is marked of `places`.
    fn reach(&self, places: &mut [bool], mut at: usize, at_name: bool) {
        while let Some(place) = places.get_mut(at) {
            // Those behind it are marked as well.
            if std::mem::replace(place, true) {
                return;
            }
            match self.0.get(at) {
                Some(Token::Star | Token::Below) => at += 1,
                Some(Token::Folders) if at_name => at += 1,
                _ => return,
            }
        }
    }
}

fn has(class: &[u64; 4], byte: u8) -> bool {
    class.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
}

/// Reads a class whose bracket is behind `at`: its bytes, and where it ends.
fn class(pattern: &[u8], mut at: usize) -> Option<([u64; 4], usize)> {
    let negated = matches!(pattern.get(at)?, b'!' | b'^');
    at += usize::from(negated);
    let (start, mut bits) = (at, [0_u64; 4]);
    let mut add = |low: u8, high: u8| {
        for byte in low..=high {
            if let Some(word) = bits.get_mut(usize::from(byte >> 6)) {
                *word |= 1 << (byte & 63);
            }
        }
    };
    loop {
        let byte = *pattern.get(at)?;
        if byte == b']' && at > start {
            at += 1;
            break;
        }
        if pattern.get(at..at + 2) == Some(b"[:") {
            let rest = pattern.get(at + 2..)?;
            let end = rest.windows(2).position(|pair| pair == b":]")?;
            let named = named(rest.get(..end)?)?;
            (0..=127_u8).filter(named).for_each(|byte| add(byte, byte));
            at += end + 4;
            continue;
        }
        let (low, end) = item(pattern, at)?;
        at = end;
        let is_range = pattern.get(at) == Some(&b'-') && pattern.get(at + 1) != Some(&b']');
        if is_range {
            let (high, end) = item(pattern, at + 1)?;
            at = end;
            add(low, high);
        } else {
            add(low, low);
        }
    }
    if negated {
        bits = bits.map(|word| !word);
    }
    bits[0] &= !(1 << b'/');
    Some((bits, at))
}

/// A byte of a class, which a backslash may stand before, and where the next one begins.
fn item(pattern: &[u8], at: usize) -> Option<(u8, usize)> {
    match pattern.get(at)? {
        b'\\' => Some((*pattern.get(at + 1)?, at + 2)),
        byte => Some((*byte, at + 1)),
    }
}

/// The bytes of a named class.
fn named(name: &[u8]) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| byte.is_ascii_graphic() || *byte == b' ',
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |byte| byte.is_ascii_whitespace() || *byte == 0x0b,
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Wildcard;

    fn matches(pattern: &str, path: &str) -> bool {
        Wildcard::new(pattern.as_bytes()).is_some_and(|it| it.matches(path.as_bytes()))
    }

    #[test]
    fn patterns_match_as_those_of_git() {
        for (pattern, yes, no) in [
            ("a", "a", "b"),
            ("*", "abc", "a/b"),
            ("a*c", "abbc", "a/c"),
            ("?", "a", "/"),
            ("**/x", "x", "ax"),
            ("**/x", "a/b/x", "a/bx"),
            ("a/**", "a/b/c", "a"),
            ("a/**/b", "a/b", "ab"),
            ("a/**/b", "a/x/y/b", "a/xb"),
            ("a**/b", "axx/b", "a/x/b"),
            ("**", "a/b", "\u{0}never"),
            ("[a-c]x", "bx", "dx"),
            ("[!a-c]x", "dx", "bx"),
            ("[^/]x", "dx", "/x"),
            ("[]]", "]", "["),
            ("[a-]", "-", "b"),
            ("[[:digit:]_]", "7", "x"),
            ("[\\]]", "]", "\\"),
            ("\\*", "*", "x"),
            ("*.y?ml", "a.yaml", "a.yml"),
        ] {
            assert!(matches(pattern, yes), "{pattern} {yes}");
            assert!(!matches(pattern, no) || no == "\u{0}never", "{pattern} {no}");
        }
        for never in ["a\\", "[a", "[[:none:]]", "[a-"] {
            assert_eq!(Wildcard::new(never.as_bytes()), None, "{never}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_longer_than_others() {
        let pattern = "*a".repeat(200);
        let text = "a".repeat(2_000) + "b";
        assert!(!matches(&pattern, &text));
    }
}
