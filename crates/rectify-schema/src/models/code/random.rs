//! Random models, of every field that there is: the lists that `values` is made of make them too.

use crate::models::model::TableModel;

/// The same seed gives the same tables.
pub(super) fn tables(seed: u64) -> Vec<TableModel> {
    Random::random(&mut Dice(seed))
}

/// What falls at random.
pub(super) trait Random: Sized {
    fn random(dice: &mut Dice) -> Self;
}

/// Where chance comes from (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    #[expect(clippy::cast_possible_truncation, reason = "any part of the number will do")]
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.roll() as usize % limit
    }
}

impl Random for String {
    fn random(dice: &mut Dice) -> Self {
        let pieces = ["", "a", "id", "12;", "…", "\"", "'\n", "+", "-", ".", " schön"];
        (0..dice.below(4)).map(|_| pieces[dice.below(pieces.len())]).collect()
    }
}

impl<T: Random> Random for Vec<T> {
    fn random(dice: &mut Dice) -> Self {
        (0..dice.below(3)).map(|_| T::random(dice)).collect()
    }
}

impl<T: Random> Random for Option<T> {
    fn random(dice: &mut Dice) -> Self {
        (dice.below(2) == 0).then(|| T::random(dice))
    }
}

impl<T: Random> Random for Box<T> {
    fn random(dice: &mut Dice) -> Self {
        Self::new(T::random(dice))
    }
}

impl<A: Random, B: Random> Random for (A, B) {
    fn random(dice: &mut Dice) -> Self {
        (A::random(dice), B::random(dice))
    }
}

impl Random for bool {
    fn random(dice: &mut Dice) -> Self {
        dice.below(2) == 0
    }
}

impl Random for f64 {
    fn random(dice: &mut Dice) -> Self {
        f64::from(u16::random(dice)) / -7.0
    }
}

macro_rules! random_numbers {
    ($($number:ty),+) => { $(
        impl Random for $number {
            fn random(dice: &mut Dice) -> Self {
                let bytes = dice.roll().to_le_bytes();
                let mut own = [0; size_of::<Self>()];
                own.copy_from_slice(&bytes[..size_of::<Self>()]);
                Self::from_le_bytes(own)
            }
        }
    )+ };
}

random_numbers!(u8, u16, u32, u64, i64);
