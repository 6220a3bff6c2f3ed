//! PostgreSQL's types that hold several values: arrays, ranges, multiranges.

use super::{LiteralError, MULTIRANGES, RANGES, element_of, literal, of, sized, text, type_name};

/// The binary form, read from its beginning on.
struct Reader<'b> {
    bytes: &'b [u8],
    /// The type, and how long the whole is, for the error.
    malformed: (String, usize),
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8], what: &str) -> Self {
        Self { bytes, malformed: (what.to_owned(), bytes.len()) }
    }

    fn malformed(&self) -> LiteralError {
        LiteralError::Malformed { what: self.malformed.0.clone(), bytes: self.malformed.1 }
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], LiteralError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| self.malformed())?;
        self.bytes = rest;
        Ok(taken)
    }

    fn word(&mut self) -> Result<i32, LiteralError> {
        let word = self.take(4)?;
        sized(word).map(i32::from_be_bytes).ok_or_else(|| self.malformed())
    }

    /// A value behind its length; nothing for `NULL`, whose length is less than none.
    fn value(&mut self) -> Result<Option<&'b [u8]>, LiteralError> {
        match usize::try_from(self.word()?) {
            Ok(length) => self.take(length).map(Some),
            Err(_) => Ok(None),
        }
    }
}

/// The type of the elements, and the elements. Diesel's lists have one dimension.
type Elements<'b> = (u32, Vec<Option<&'b [u8]>>);

fn elements<'b>(reader: &mut Reader<'b>) -> Result<Elements<'b>, LiteralError> {
    let (dimensions, _has_null) = (reader.word()?, reader.word()?);
    let element = u32::from_be_bytes(reader.word()?.to_be_bytes());
    match dimensions {
        0 => return Ok((element, Vec::new())),
        1 => {}
        _ => return Err(list_of_lists()),
    }
    let (count, _first) = (reader.word()?, reader.word()?);
    let elements: Result<_, LiteralError> = (0..count).map(|_| reader.value()).collect();
    Ok((element, elements?))
}

fn list_of_lists() -> LiteralError {
    LiteralError::None {
        database: "Rectify",
        what: "a list of lists, which Diesel does not send to PostgreSQL".to_owned(),
    }
}

pub(super) fn array(oid: u32, bytes: &[u8]) -> Result<String, LiteralError> {
    let name = element_of(oid).and_then(type_name).unwrap_or("text");
    let (element, values) = elements(&mut Reader::new(bytes, &format!("{name}[]")))?;
    if values.is_empty() {
        return Ok(format!("'{{}}'::{name}[]"));
    }
    let literals: Result<Vec<String>, LiteralError> =
        values.into_iter().map(|value| value.map_or(Ok("NULL".to_owned()), |value| literal(element, value))).collect();
    Ok(format!("ARRAY[{}]::{name}[]", literals?.join(", ")))
}

/// A list of labels, whose type nobody could be asked for: as a text, whose type is that of the place where it stands.
pub(super) fn labels(bytes: &[u8]) -> Result<String, LiteralError> {
    let none = || LiteralError::None {
        database: "Rectify",
        what: "a value of a type of one's own that is neither a label nor a list of labels".to_owned(),
    };
    let mut reader = Reader::new(bytes, "a list");
    let (element, values) = elements(&mut reader).map_err(|_| none())?;
    if element_of(element).is_some() {
        return Err(list_of_lists());
    }
    if element != 0 || !reader.bytes.is_empty() {
        return Err(none());
    }
    let label = |value: Option<&[u8]>| {
        let Some(value) = value else { return Ok("NULL".to_owned()) };
        let label = std::str::from_utf8(value).map_err(|_| none())?;
        Ok::<String, LiteralError>(format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\"")))
    };
    let labels: Result<Vec<String>, LiteralError> = values.into_iter().map(label).collect();
    text(format!("{{{}}}", labels?.join(",")).as_bytes())
}

const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const LOWER_INFINITE: u8 = 0x08;
const UPPER_INFINITE: u8 = 0x10;

pub(super) fn range(oid: u32, bytes: &[u8]) -> Result<String, LiteralError> {
    let name = type_name(oid).unwrap_or_default();
    let mut reader = Reader::new(bytes, name);
    let flags = *reader.take(1)?.first().ok_or_else(|| reader.malformed())?;
    let is = |flag: u8| flags & flag != 0;
    if is(EMPTY) {
        return Ok(format!("'empty'::{name}"));
    }
    let part = of(&RANGES, oid).unwrap_or_default();
    let mut bound = |is_infinite: bool| {
        if is_infinite {
            return Ok("NULL".to_owned());
        }
        let value = reader.value()?.ok_or_else(|| reader.malformed())?;
        literal(part, value)
    };
    let (lower, upper) = (bound(is(LOWER_INFINITE))?, bound(is(UPPER_INFINITE))?);
    let open = if is(LOWER_INCLUDED) { '[' } else { '(' };
    let close = if is(UPPER_INCLUDED) { ']' } else { ')' };
    Ok(format!("{name}({lower}, {upper}, '{open}{close}')"))
}

pub(super) fn multirange(oid: u32, bytes: &[u8]) -> Result<String, LiteralError> {
    let name = type_name(oid).unwrap_or_default();
    let part = of(&MULTIRANGES, oid).unwrap_or_default();
    let mut reader = Reader::new(bytes, name);
    let count = reader.word()?;
    let ranges: Result<Vec<String>, LiteralError> = (0..count)
        .map(|_| {
            let value = reader.value()?.ok_or_else(|| reader.malformed())?;
            range(part, value)
        })
        .collect();
    Ok(format!("{name}({})", ranges?.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[track_caller]
    fn check(oid: u32, bytes: &[u8], expected: &str) {
        assert_eq!(literal(oid, bytes).unwrap(), expected);
    }

    #[test]
    fn arrays() {
        check(1007, &words(&[1, 1, 23, 2, 1, 4, 7, -1]), "ARRAY[7, NULL]::int4[]");
        check(1009, &[0; 12], "'{}'::text[]");
        check(1009, &words(&[1, 0, 25, 0, 1]), "'{}'::text[]");
        let lists = literal(1007, &words(&[2, 0, 23, 1, 1, 1, 1, 4, 7])).unwrap_err();
        assert!(lists.to_string().contains("a list of lists"), "{lists}");
        assert!(
            literal(1007, &words(&[1, 0, 23, 2, 1, 4, 7])).unwrap_err().to_string().contains("int4[] has 28 bytes")
        );
    }

    #[test]
    fn lists_of_labels() {
        let mut bytes = words(&[1, 0, 0, 3, 1, 2]);
        bytes.extend(b"a\"");
        bytes.extend(words(&[-1, 4]));
        bytes.extend(b"it's");
        check(0, &bytes, "'{\"a\\\"\",NULL,\"it''s\"}'");
        check(0, &words(&[1, 0, 0, 0, 1]), "'{}'");
        let lists = literal(0, &words(&[1, 0, 1007, 0, 1])).unwrap_err();
        assert!(lists.to_string().contains("a list of lists"), "{lists}");
    }

    #[test]
    fn ranges_and_multiranges() {
        let range = |flags: u8, bounds: &[i32]| {
            let bounds = bounds.iter().flat_map(|bound| words(&[4, *bound]));
            std::iter::once(flags).chain(bounds).collect::<Vec<u8>>()
        };
        check(3904, &range(LOWER_INCLUDED, &[1, -5]), "int4range(1, (-5), '[)')");
        check(3904, &range(UPPER_INCLUDED | LOWER_INFINITE, &[3]), "int4range(NULL, 3, '(]')");
        check(3912, &range(LOWER_INFINITE | UPPER_INFINITE, &[]), "daterange(NULL, NULL, '()')");
        check(3904, &range(EMPTY, &[]), "'empty'::int4range");
        let mut two = words(&[2, 17]);
        two.extend(range(LOWER_INCLUDED, &[1, 2]));
        two.extend(words(&[9]));
        two.extend(range(UPPER_INFINITE, &[7]));
        check(4451, &two, "int4multirange(int4range(1, 2, '[)'), int4range(7, NULL, '()'))");
        check(4451, &words(&[0]), "int4multirange()");
        assert!(literal(3904, &range(0, &[1])).unwrap_err().to_string().contains("type int4range has 9 bytes"));
    }
}
