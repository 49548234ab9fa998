//! Inputs that were well formed before parts of them were lost, repeated or replaced.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What means something to one reader or another.
const PIECES: [&[u8]; 40] = [
    b"\"",
    b"'",
    b"`",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b": ",
    b"- ",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"\0",
    b"\\",
    b"\\\n",
    b"#",
    b"&a ",
    b"*a",
    b"<<: *a\n",
    b"!!str ",
    b"|\n",
    b">-\n",
    b"---\n",
    b"$(A)",
    b"${A}",
    b"$A",
    b"%",
    b"=",
    b",",
    b"--",
    b"\xff",
    b"\xef\xbb\xbf",
    "é\u{1f600}".as_bytes(),
    b"\x1b[31m",
    b"1e999",
    b"-9223372036854775809",
    b"-----BEGIN ",
];

#[derive(Clone, Copy, Debug)]
enum Change {
    Lose { from: Index, length: usize },
    Repeat { from: Index, length: usize, times: usize },
    Insert { at: Index, piece: &'static [u8] },
    Put { at: Index, byte: u8 },
}

/// Bytes that a failed test prints as text where they are.
#[derive(Clone)]
pub(crate) struct Input(Vec<u8>);

impl std::ops::Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// One of the seeds with up to four changes, or any bytes.
pub(crate) fn input(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let changed = (select(seeds), proptest::collection::vec(change(), 0..4)).prop_map(
        |(mut bytes, changes)| {
            for change in changes {
                apply(change, &mut bytes);
            }
            Input(bytes)
        },
    );
    let bytes = proptest::collection::vec(any::<u8>(), 0..64).prop_map(Input);
    prop_oneof![9 => changed, 1 => bytes]
}

fn change() -> impl Strategy<Value = Change> {
    let from = any::<Index>;
    prop_oneof![
        (from(), 1..40_usize).prop_map(|(from, length)| Change::Lose { from, length }),
        (from(), 1..40_usize, 1..4_usize).prop_map(|(from, length, times)| Change::Repeat {
            from,
            length,
            times
        }),
        (from(), select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert { at, piece }),
        (from(), any::<u8>()).prop_map(|(at, byte)| Change::Put { at, byte }),
    ]
}

fn apply(change: Change, bytes: &mut Vec<u8>) {
    let place = |index: Index| index.index(bytes.len() + 1);
    match change {
        Change::Lose { from, length } => {
            let from = place(from);
            bytes.drain(from..bytes.len().min(from + length));
        }
        Change::Repeat { from, length, times } => {
            let from = place(from);
            let piece = bytes[from..bytes.len().min(from + length)].repeat(times);
            bytes.splice(from..from, piece);
        }
        Change::Insert { at, piece } => {
            let at = place(at);
            bytes.splice(at..at, piece.iter().copied());
        }
        Change::Put { at, byte } => {
            let at = place(at);
            bytes.splice(at..bytes.len().min(at + 1), [byte]);
        }
    }
}
