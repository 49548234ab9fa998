//! PEM as Go's `encoding/pem` reads it: a block that is broken is passed over, as is all text between
//! blocks. Source: Go `encoding/pem/pem.go`, `Decode`.

use zeroize::Zeroizing;

use crate::base64;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// One block. What it holds is overwritten when it goes: it may be a private key.
pub(super) struct Block {
    pub(super) label: String,
    /// Whether header lines stand before the contents, as in a key with a password.
    pub(super) headers: bool,
    pub(super) der: Zeroizing<Vec<u8>>,
    /// The line on which it begins.
    pub(super) line: usize,
}

/// The blocks of a file, in order.
pub(super) fn blocks(bytes: &[u8]) -> Vec<Block> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').map(trimmed).collect();
    // Ends are looked for often, and the same ones: they are found once.
    let ends: Vec<usize> =
        (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|l| l.starts_with(END))).collect();
    let (mut blocks, mut at) = (Vec::new(), 0);
    while let Some(line) = lines.get(at) {
        let begin = at;
        at += 1;
        let Some(label) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(DASHES))
        else {
            continue;
        };
        while lines.get(at).is_some_and(|line| line.contains(&b':')) {
            at += 1;
        }
        let Some(end) = ends.get(ends.partition_point(|end| *end < at)).copied() else { break };
        let closes = lines.get(end).and_then(|line| line.strip_prefix(END)?.strip_suffix(DASHES));
        let Some(body) = lines.get(at..end).filter(|_| closes == Some(label)) else { continue };
        if let Some(der) = decoded(body) {
            let label = String::from_utf8_lossy(label).into_owned();
            blocks.push(Block { label, headers: at > begin + 1, der, line: begin + 1 });
            at = end + 1;
        }
    }
    blocks
}

fn trimmed(line: &[u8]) -> &[u8] {
    let mut line = line.strip_suffix(b"\r").unwrap_or(line);
    while let [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

/// What the lines of a block stand for; blanks between their characters do not count.
fn decoded(lines: &[&[u8]]) -> Option<Zeroizing<Vec<u8>>> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let bytes = || lines.iter().copied().flatten().copied().filter(|byte| !blank(byte));
    // A text that is not base64 gets no room, which would have to be overwritten: a text can begin a block
    // on every line.
    if !bytes().all(base64::may_hold) {
        return None;
    }
    // Room for a key, so that no copy of it is left behind; a long bundle may grow.
    let mut der = Zeroizing::new(Vec::with_capacity(lines.len().min(256) * 48));
    base64::decode_into(&mut der, bytes())?;
    Some(der)
}

#[cfg(test)]
mod tests {
    use super::blocks;

    fn read(text: &str) -> Vec<(String, Vec<u8>, usize)> {
        let blocks = blocks(text.as_bytes());
        blocks.iter().map(|block| (block.label.clone(), block.der.to_vec(), block.line)).collect()
    }

    #[test]
    fn blocks_stand_between_other_text() {
        let text = "subject: x\r\n\r\n-----BEGIN A-----\r\nAQID\r\n-----END A-----\r\n between \n\
                    -----BEGIN B-----  \nAQ ID\nBA==\n-----END B----- \t\n-----BEGIN C-----\n-----END C-----";
        assert_eq!(
            read(text),
            [
                ("A".to_owned(), vec![1, 2, 3], 3),
                ("B".to_owned(), vec![1, 2, 3, 4], 7),
                ("C".to_owned(), vec![], 11),
            ]
        );
    }

    #[test]
    fn a_broken_block_hides_no_later_one() {
        let good = "-----BEGIN A-----\nAQID\n-----END A-----\n";
        for broken in [
            "-----BEGIN A-----\nAQI\n",
            "-----BEGIN A-----\nA=ID\n-----END A-----\n",
            "-----BEGIN A-----\nA===\n-----END A-----\n",
            "-----BEGIN A-----\n!!!!\n-----END A-----\n",
            "-----BEGIN A-----\nAQID\n-----END B-----\n",
            "-----BEGIN A\nAQID\n-----END A-----\n",
            "-----END A-----\n",
            " -----BEGIN A-----\nAQID\n-----END A-----\n",
            "-----BEGIN A-----AQID-----END A-----\n",
        ] {
            let read = read(&format!("{broken}{good}"));
            assert_eq!(read.len(), 1, "{broken}");
            assert_eq!(read[0].1, [1, 2, 3], "{broken}");
        }
    }

    #[test]
    fn headers_are_seen() {
        let text = "-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END K-----";
        let blocks = blocks(text.as_bytes());
        assert!(blocks[0].headers && *blocks[0].der == [1, 2, 3]);
    }

    /// Time must not grow with the square of a file's length.
    #[test]
    fn a_file_of_beginnings_is_read_in_one_go() {
        let many = "-----BEGIN A-----\nAQID\n".repeat(200_000);
        assert!(read(&many).is_empty());
        assert!(read(&format!("{many}-----END B-----\n")).is_empty());
        assert_eq!(read(&format!("{many}-----END A-----\n")).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes: Vec<u8>) {
            let mut text = b"-----BEGIN A-----\n".to_vec();
            text.extend(&bytes);
            text.extend(b"\n-----END A-----");
            let _ = blocks(&bytes);
            let _ = blocks(&text);
        }
    }
}
