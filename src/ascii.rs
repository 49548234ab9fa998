//! Whether a text is plain ASCII, as nearly every text here is.

/// Whether a text is printable ASCII on one line.
pub(crate) fn is_printable(text: &str) -> bool {
    every_byte(text, is_no_control)
}

/// Whether a text is printable ASCII on any number of lines.
pub(crate) fn is_printable_lines(text: &str) -> bool {
    every_byte(text, |byte| is_no_control(byte) || byte == b'\n')
}

/// Whether a text is printable ASCII that stands in JSON as it is.
pub(crate) fn is_plain_in_json(text: &str) -> bool {
    every_byte(text, |byte| is_no_control(byte) && byte != b'"' && byte != b'\\')
}

fn is_no_control(byte: u8) -> bool {
    // One comparison for both ends.
    byte.wrapping_sub(b' ') <= b'~' - b' '
}

/// Sixteen bytes are looked at together: nothing is decided before all of them are, so a few
/// instructions do for the sixteen. Some of the last sixteen are looked at twice.
#[inline]
fn every_byte(text: &str, such: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let others =
        |chunk: &[u8; 16]| chunk.iter().fold(0, |others, byte| others | u8::from(!such(*byte)));
    match bytes.last_chunk() {
        Some(last) => {
            let (chunks, _) = bytes.as_chunks();
            chunks.iter().all(|chunk| others(chunk) == 0) && others(last) == 0
        }
        None => bytes.iter().all(|byte| such(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_printable, is_printable_lines};

    #[test]
    fn one_byte_that_is_not_is_found_wherever_it_stands() {
        for length in 0..70 {
            let plain = "a".repeat(length);
            assert!(is_printable(&plain) && is_printable_lines(&plain));
            for at in 0..length {
                for (other, on_lines) in
                    [("\n", true), ("\t", false), ("\u{7f}", false), ("é", false)]
                {
                    let mut text = plain.clone();
                    text.replace_range(at..=at, other);
                    assert!(!is_printable(&text), "{text:?}");
                    assert_eq!(is_printable_lines(&text), on_lines, "{text:?}");
                }
            }
        }
    }
}
