//! FNV-1a: a hash that is kept in databases and on which runs of different versions agree, so it must not change with the
//! standard library's hasher. Ids are short, and looked up by it in a third of the time.

use std::hash::{BuildHasherDefault, Hasher};

/// The hash of nothing.
pub(crate) const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of what `hash` is of, and `bytes` behind it.
pub(crate) fn extend(hash: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Looks keys up that the program itself brings along, so that nobody can choose them to collide.
#[derive(Debug)]
pub(crate) struct Fnv(u64);

/// Makes a map or a set of such keys.
pub(crate) type BuildFnv = BuildHasherDefault<Fnv>;

impl Default for Fnv {
    fn default() -> Self {
        Self(EMPTY)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = extend(self.0, bytes.iter().copied());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_the_reference() {
        assert_eq!(extend(EMPTY, *b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(extend(EMPTY, *b"foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(extend(extend(EMPTY, *b"foo"), *b"bar"), extend(EMPTY, *b"foobar"));
    }
}
