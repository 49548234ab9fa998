//! Standard base64, decoded as Go's `encoding/base64` does it.

/// The bytes that a text stands for; `None` where Go sees an error. Line breaks do not count.
pub(crate) fn decode(text: impl IntoIterator<Item = u8>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    decode_into(&mut out, text)?;
    Some(out)
}

/// Whether a byte can be part of base64.
pub(crate) fn may_hold(byte: u8) -> bool {
    byte == b'=' || digit(byte).is_some()
}

/// Decodes into a vector whose owner overwrites it afterwards, also after an error.
pub(crate) fn decode_into(out: &mut Vec<u8>, text: impl IntoIterator<Item = u8>) -> Option<()> {
    let (mut bits, mut count, mut padding) = (0_u32, 0_usize, 0_usize);
    for byte in text.into_iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        let digit = match byte {
            b'=' => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            byte => digit(byte)?,
        };
        bits = bits << 6 | u32::from(digit);
        count += 1;
        if count % 4 == 0 {
            out.extend_from_slice(bits.to_be_bytes().get(1..)?);
            bits = 0;
        }
    }
    let length = out.len().saturating_sub(padding);
    out.truncate(length);
    (count % 4 == 0 && padding <= 2).then_some(())
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_are_decoded_as_go_decodes_them() {
        let cases: &[(&str, Option<&[u8]>)] = &[
            ("", Some(b"")),
            ("AQID", Some(&[1, 2, 3])),
            ("AQ\r\nID\n", Some(&[1, 2, 3])),
            ("AQI=", Some(&[1, 2])),
            ("AQ==", Some(&[1])),
            ("AQ", None),
            ("AQ=", None),
            ("A===", None),
            ("AQ==AQID", None),
            ("AQ ID", None),
            ("AQ-D", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode(text.bytes()).as_deref(), *bytes, "{text:?}");
        }
    }
}
