//! The flags of a component by name: every rule asks for one in every target.

use super::FlagSpec;

/// Where the flags stand, found when plimsoll is compiled.
#[derive(Debug)]
pub(super) struct Index {
    /// A table of hashed names.
    slots: [u16; SLOTS],
    /// Those that are only other names for flags; behind them, nothing.
    other_names: [u16; OTHER_NAMES],
}

/// Four times as many as a component has flags, so that seldom two are in each other's way.
const SLOTS: usize = 1 << BITS;
const BITS: u32 = 10;
/// More than any component has.
const OTHER_NAMES: usize = 8;

/// A slot that is free.
const NONE: u16 = u16::MAX;

impl Index {
    pub(super) const fn of(flags: &[FlagSpec]) -> Self {
        assert!(flags.len() < SLOTS, "a name that is not there is told by a free slot");
        let (mut slots, mut other_names) = ([NONE; SLOTS], [NONE; OTHER_NAMES]);
        let (mut number, mut others): (u16, usize) = (0, 0);
        while (number as usize) < flags.len() {
            let spec = &flags[number as usize];
            let mut slot = hash(spec.name.as_bytes());
            while slots[slot] != NONE {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = number;
            if spec.shares.is_some() {
                other_names[others] = number;
                others += 1;
            }
            number += 1;
        }
        Self { slots, other_names }
    }

    /// The flags that are only other names for another one.
    pub(super) fn other_names(
        &self,
        flags: &'static [FlagSpec],
    ) -> impl Iterator<Item = &'static FlagSpec> {
        self.other_names.iter().map_while(|number| flags.get(usize::from(*number)))
    }

    /// The flag of this name among `flags`, which the table was made of.
    pub(super) fn find(&self, name: &str, flags: &'static [FlagSpec]) -> Option<&'static FlagSpec> {
        let mut slot = hash(name.as_bytes());
        loop {
            let spec = flags.get(usize::from(self.slots[slot]))?;
            if spec.name == name {
                return Some(spec);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// A slot by how a name begins and ends: names of flags differ in their words.
#[allow(clippy::cast_possible_truncation, reason = "ten bits are left")]
const fn hash(name: &[u8]) -> usize {
    let [begins, ends] = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
        _ => {
            let (mut word, mut at) = (0, 0);
            while at < name.len() {
                word = word << 8 | name[at] as u64;
                at += 1;
            }
            [word, 0]
        }
    };
    // Knuth's multiplier: its upper bits depend on all of them.
    let mixed = begins ^ ends.rotate_left(29) ^ name.len() as u64;
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::{NONE, hash};
    use crate::component::Component;
    use crate::flags::catalog::Catalog;

    #[test]
    fn every_flag_is_found_by_its_name_and_no_other() {
        for catalog in Component::ALL.map(Catalog::of) {
            for spec in catalog.flags {
                let found = catalog.find(spec.name).expect(spec.name);
                assert!(std::ptr::eq(found, spec), "{} stands twice", spec.name);
                for other in [&spec.name[1..], &format!("{}-", spec.name)] {
                    let known = catalog.flags.iter().any(|known| known.name == other);
                    assert_eq!(catalog.find(other).is_some(), known, "{other}");
                }
            }
            assert!(catalog.find("").is_none());
        }
    }

    #[test]
    fn names_are_spread_over_the_table() {
        for catalog in Component::ALL.map(Catalog::of) {
            let taken = catalog.index.slots.iter().filter(|slot| **slot != NONE).count();
            assert_eq!(taken, catalog.flags.len());
            let mut slots: Vec<_> =
                catalog.flags.iter().map(|spec| hash(spec.name.as_bytes())).collect();
            slots.sort_unstable();
            slots.dedup();
            assert!(slots.len() * 5 > taken * 4, "{} of {taken}", slots.len());
        }
    }
}
