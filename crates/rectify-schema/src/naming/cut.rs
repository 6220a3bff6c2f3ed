//! Names that are too long for a database.

use md5::{Digest, Md5};

use crate::name::NameLimit;

/// What stands for the end of a name that was cut: `_` and four digits, with room for three more: so Alembic cuts, and
/// the names are to be the same.
const ROOM: usize = 8;

/// Cuts a name that is too long, and puts a hash of the whole name behind it.
pub(super) fn cut(name: String, limit: NameLimit) -> String {
    let kept = match limit {
        NameLimit::Bytes(limit) if name.len() > limit => {
            (0..=limit - ROOM).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0)
        }
        NameLimit::Characters(limit) if name.chars().count() > limit => {
            name.char_indices().nth(limit - ROOM).map_or(name.len(), |(at, _)| at)
        }
        NameLimit::Bytes(_) | NameLimit::Characters(_) | NameLimit::None => return name,
    };
    let hash = Md5::digest(name.as_bytes());
    format!("{}_{:02x}{:02x}", &name[..kept], hash[14], hash[15])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, limit: NameLimit, expected: &str) {
        assert_eq!(cut(name.to_owned(), limit), expected);
        assert!(limit.check(expected).is_ok(), "{expected}");
    }

    #[test]
    fn a_long_name_is_cut_as_alembic_cuts_it() {
        let unique = "uq_a_table_whose_name_is_really_rather_long_indeed_and_a_column_with_a_very_long_name_as_well";
        check(unique, NameLimit::Bytes(63), "uq_a_table_whose_name_is_really_rather_long_indeed_and__6e6a");
        check(unique, NameLimit::Characters(64), "uq_a_table_whose_name_is_really_rather_long_indeed_and_a_6e6a");
        check(unique, NameLimit::None, unique);
        let index = unique.replacen("uq", "ix", 1);
        check(&index, NameLimit::Bytes(63), "ix_a_table_whose_name_is_really_rather_long_indeed_and__5b47");
    }

    #[test]
    fn a_name_that_fits_stays() {
        check(&"a".repeat(63), NameLimit::Bytes(63), &"a".repeat(63));
        check(&"ä".repeat(64), NameLimit::Characters(64), &"ä".repeat(64));
    }

    #[test]
    fn characters_are_not_cut_in_half() {
        // 55 bytes would end in the middle of one.
        let kept = "ä".repeat(27);
        check(&"ä".repeat(40), NameLimit::Bytes(63), &format!("{kept}_11e4"));
    }
}
