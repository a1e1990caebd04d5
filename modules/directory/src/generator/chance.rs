//! Chance that can be repeated: the same seed gives the same numbers, on every machine and in every version (SplitMix64).

use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number of the range; its beginning where the range is empty.
    pub fn within(&mut self, range: Range<usize>) -> usize {
        let width = range.end.saturating_sub(range.start).max(1);
        range.start + (self.next() % width as u64) as usize
    }

    /// Yes so many times in a thousand.
    pub fn once_in(&mut self, per_thousand: usize) -> bool {
        self.within(0..1000) < per_thousand
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.within(0..list.len())]
    }
}
