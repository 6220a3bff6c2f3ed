//! The short text in which a macro hands over what it has read, so that a program needs no parser of Rust for its models.
//!
//! One string literal costs the user's compiler next to nothing, and the loader of the program one address, where nested
//! values would cost both for each name in them. It is read by the version of Rectify that wrote it, so it may change.

#[cfg(all(test, feature = "source"))]
mod random;
mod values;

use super::model::TableModel;

/// The text of tables.
#[cfg(feature = "source")]
pub(super) fn encode(tables: &[TableModel]) -> String {
    let mut text = String::new();
    write_all(tables, &mut text);
    text
}

/// The tables of a text, unless something else wrote it.
pub(super) fn decode(text: &str) -> Option<Vec<TableModel>> {
    let mut reader = Reader { left: text };
    let tables = Vec::read(&mut reader)?;
    reader.left.is_empty().then_some(tables)
}

/// What can be written and read. Only who reads Rust writes it.
trait Coded: Sized {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String);

    /// `None` where the text is no such thing.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

struct Reader<'a> {
    left: &'a str,
}

impl<'a> Reader<'a> {
    /// The letter that says what follows.
    fn tag(&mut self) -> Option<char> {
        let tag = self.left.chars().next()?;
        self.left = &self.left[tag.len_utf8()..];
        Some(tag)
    }

    /// Everything up to the end of a number.
    fn digits(&mut self) -> Option<&'a str> {
        let (digits, left) = self.left.split_once(';')?;
        self.left = left;
        Some(digits)
    }

    fn length(&mut self) -> Option<usize> {
        // Whatever is counted takes a byte at least, so that a wrong count cannot ask for more memory than there is.
        self.digits()?.parse().ok().filter(|length| *length <= self.left.len())
    }
}

#[cfg(feature = "source")]
fn write_all<T: Coded>(values: &[T], text: &mut String) {
    values.len().write(text);
    values.iter().for_each(|value| value.write(text));
}

impl Coded for String {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        self.len().write(text);
        text.push_str(self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let length = from.length()?;
        let (own, left) = from.left.split_at_checked(length)?;
        from.left = left;
        Some(own.to_owned())
    }
}

impl<T: Coded> Coded for Vec<T> {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        write_all(self, text);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let length = from.length()?;
        let mut values = Self::with_capacity(length);
        for _ in 0..length {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<T: Coded> Coded for Option<T> {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        match self {
            None => text.push('-'),
            Some(value) => {
                text.push('+');
                value.write(text);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.tag()? {
            '-' => Some(None),
            '+' => T::read(from).map(Some),
            _ => None,
        }
    }
}

impl<T: Coded> Coded for Box<T> {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        (**self).write(text);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        T::read(from).map(Self::new)
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        self.0.write(text);
        self.1.write(text);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl Coded for bool {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        text.push(if *self { 'y' } else { 'n' });
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.tag()? {
            'y' => Some(true),
            'n' => Some(false),
            _ => None,
        }
    }
}

/// By its bits, so that nothing is rounded.
impl Coded for f64 {
    #[cfg(feature = "source")]
    fn write(&self, text: &mut String) {
        self.to_bits().write(text);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        u64::read(from).map(Self::from_bits)
    }
}

macro_rules! coded_numbers {
    ($($number:ty),+) => { $(
        impl Coded for $number {
            #[cfg(feature = "source")]
            fn write(&self, text: &mut String) {
                text.push_str(&self.to_string());
                text.push(';');
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                from.digits()?.parse().ok()
            }
        }
    )+ };
}

coded_numbers!(u8, u16, u32, u64, usize, i64);

#[cfg(all(test, feature = "source"))]
mod tests {
    use proptest::prelude::*;

    use super::random::tables;
    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(seed: u64) {
            let tables = tables(seed);
            let text = encode(&tables);
            let read = decode(&text).unwrap();
            // Checks are equal in spite of some of what they hold.
            prop_assert_eq!(format!("{read:?}"), format!("{tables:?}"));
            prop_assert_eq!(encode(&read), text);
        }

        #[test]
        fn half_a_text_is_none(seed: u64, cut: prop::sample::Index) {
            let text = encode(&tables(seed));
            let cut = text.floor_char_boundary(cut.index(text.len()));
            prop_assert!(decode(&text[..cut]).is_none());
            prop_assert!(decode(&(text + "1;")).is_none());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9;+.yna-z-]{0,60}") {
            if let Some(tables) = decode(&text) {
                prop_assert!(decode(&encode(&tables)).is_some());
            }
        }
    }

    #[test]
    fn a_plain_column_takes_few_bytes() {
        let text = "diesel::table! { users (id) { id -> BigInt, name -> Text, } }";
        let source = crate::models::read("schema.rs", text).unwrap();
        assert_eq!(source.encoded(), ["1;tnn5;users.k+c1;2;id..c2;cc2;id.tn6;BigInt..cc4;name.tn4;Text..."]);
    }
}
