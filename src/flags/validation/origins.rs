//! Origins that browsers may come from: regular expressions that Go compiles.
//!
//! Sources: apiserver `pkg/server/filters/cors.go`, which ends the program over an expression that it
//! cannot compile, and from 1.27 on `validateCorsAllowedOriginList` in
//! `pkg/server/options/server_run_options.go`.

use super::Flags;
use super::limits::GENERIC_SINCE;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::flag_name;

const FLAG: &str = flag_name!("cors-allowed-origins");

pub(super) fn validate(flags: &mut Flags) {
    for origin in flags.items(FLAG).unwrap_or_default().to_vec() {
        // The server looks for the marks anywhere, not only at the ends.
        let anchored =
            || (origin.contains('^') || origin.contains("//")) && origin.contains(['$', ':']);
        let problem = if let Some(why) = cannot_compile(&origin) {
            format!("{origin:?} {why}")
        } else if flags.release >= GENERIC_SINCE && !anchored() {
            format!("{origin:?} is not anchored at both ends")
        } else {
            continue;
        };
        flags.refuse_item((FLAG, &origin), Code::BadValue, Clause::of_value(problem));
    }
}

/// Why Go certainly refuses an expression: brackets without their counterpart, or something to repeat
/// missing. Other faults are let pass.
fn cannot_compile(expression: &str) -> Option<&'static str> {
    let mut depth = 0_u32;
    let mut chars = expression.chars().peekable();
    // Whether there is nothing yet that could be repeated.
    let mut bare = true;
    while let Some(char) = chars.next() {
        match char {
            // Literal text up to \E; read by Go, not here.
            '\\' if chars.peek() == Some(&'Q') => return None,
            '\\' if chars.next().is_none() => return Some("ends in a backslash"),
            '[' if !skip_class(&mut chars) => return Some("has a [ without its ]"),
            '(' => {
                depth += 1;
                if chars.next_if_eq(&'?').is_some() {
                    // Flags or a name: what follows is not told apart from text.
                    bare = false;
                    continue;
                }
            }
            ')' if depth == 0 => return Some("has a ) without its ("),
            ')' => depth -= 1,
            '*' | '+' | '?' if bare => return Some("repeats nothing"),
            _ => {}
        }
        bare = matches!(char, '(' | '|');
    }
    (depth > 0).then_some("has a ( without its )")
}

/// Passes over a class of characters, whose first may be `]`; false if it does not end.
fn skip_class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    chars.next_if_eq(&'^');
    let mut first = true;
    while let Some(char) = chars.next() {
        match char {
            ']' if !first => return true,
            '\\' => {
                chars.next();
            }
            // [:alpha:] has a ] of its own.
            '[' if chars.peek() == Some(&':') => {
                let rest: String = chars.clone().skip(1).collect();
                if let Some(end) = rest.find(":]") {
                    let skipped = rest.split_at(end).0.chars().count() + 3;
                    chars.nth(skipped - 1);
                }
            }
            _ => {}
        }
        first = false;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::tests::apiserver;
    use super::cannot_compile;

    #[test]
    fn only_what_go_cannot_compile_is_refused() {
        for bad in ["[", "*", "(a", "a)", "a|*", "[^]", "[a", "+x", "(*)", "a\\"] {
            assert!(cannot_compile(bad).is_some(), "{bad}");
        }
        for good in [
            "",
            ".*",
            "^.*$",
            "[]a]",
            "[[:alpha:]]+",
            "[a[b]",
            "(?i)x",
            "(?P<n>a)*",
            "\\[",
            "[\\]]",
            "\\Q[\\E",
            "^*",
            "a**",
            "://foo(:|$)",
            "a{2}",
        ] {
            assert!(cannot_compile(good).is_none(), "{good}");
        }
    }

    #[test]
    fn origins_are_anchored_from_1_27_on() {
        for (minor, origin, starts) in [
            ("1.25", "[", false),
            ("1.25", "*", false),
            ("1.25", "foo", true),
            ("1.34", "foo", false),
            ("1.34", "^foo", false),
            ("1.34", "^http://foo.com", true),
            ("1.34", "(^foo.com$)", true),
            ("1.34", "//foo.com$", true),
        ] {
            let flags = apiserver(minor, &[&format!("--cors-allowed-origins={origin}")]);
            assert_eq!(flags.starts(), starts, "{minor} {origin}");
        }
    }
}
