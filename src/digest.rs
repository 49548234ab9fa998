//! SHA-256 in hexadecimal, for telling things apart across runs.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The digest of some texts, told apart from one another, as 64 hexadecimal digits.
pub fn sha256(texts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text);
        hasher.update([0]);
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// How long half of a fingerprint is.
pub const HALF: usize = 16;

/// Half of a fingerprint: 16 hexadecimal digits that stand for a rule or for a target.
///
/// A result is known across runs by the two halves together, so that neither a line nor a process
/// id plays a part, and no digest has to be made for each result.
pub fn half_fingerprint(text: &str) -> String {
    let mut digest = sha256([text]);
    digest.truncate(HALF);
    digest
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn where_a_text_ends_matters() {
        assert_ne!(sha256(["ab", "c"]), sha256(["a", "bc"]));
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256([""; 0]), empty);
    }
}
