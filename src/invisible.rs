//! Characters that a reader does not see, or that change the order of the text around them.

/// Whether a character is a control character, ends a line, is invisible or reorders text.
///
/// These are the properties Cc, Zl, Zp, Bidi_Control and Default_Ignorable_Code_Point of Unicode 14.0
/// (`DerivedCoreProperties.txt`, `PropList.txt`), and the three annotation characters U+FFF9 to U+FFFB,
/// which hide the text between them. Whole reserved ranges are default-ignorable, so that later
/// editions of Unicode add nothing outside them.
pub(crate) fn is_invisible(c: char) -> bool {
    // Most text is ASCII, and most other text is in none of the ranges: the first test is the cheap one.
    c.is_control()
        || (c >= '\u{ad}' && RANGES.iter().any(|(first, last)| (*first..=*last).contains(&c)))
}

const RANGES: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use super::{RANGES, is_invisible};

    #[test]
    fn the_ranges_are_in_order_and_their_ends_are_in_them() {
        for ((first, last), next) in RANGES.iter().zip(RANGES.iter().skip(1)) {
            assert!(first <= last && last < &next.0, "{first:?}");
        }
        for (first, last) in RANGES {
            assert!(is_invisible(first) && is_invisible(last), "{first:?}");
        }
    }

    #[test]
    fn letters_marks_and_pictures_are_seen() {
        for c in "aé\u{301}ß\u{430}\u{5d0}\u{627}\u{e01}漢😀\u{a0}\u{fffd}".chars() {
            assert!(!is_invisible(c), "{c:?}");
        }
    }
}
