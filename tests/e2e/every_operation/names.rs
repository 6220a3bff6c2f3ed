//! Names that a statement could trip over.

use rectify::schema::dialect::Dialect;
use rectify_tests::Database;

use crate::offline;

/// Gives the names of a case in one of the styles.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) kind: Database,
    pub(super) style: Style,
}

/// How a plain name becomes a hostile one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// Quotes of each kind, what means something to a client, a pattern or a comment, letters of both cases from all over
    /// Unicode; as long as the database allows.
    Odd,
    /// Words of SQL, the others in capitals.
    Reserved,
}

impl Style {
    pub(super) const HOSTILE: [Self; 2] = [Self::Odd, Self::Reserved];

    pub(super) fn named(name: &str) -> Self {
        let all = Self::HOSTILE.into_iter().chain([Self::Plain]);
        all.into_iter().find(|style| format!("{style:?}") == name).unwrap()
    }
}

/// Reserved on at least one of the databases, and on most of them on all.
const RESERVED: [(&str, &str); 16] = [
    ("tenants", "select"),
    ("users", "table"),
    ("people", "from"),
    ("id", "order"),
    ("tenant_id", "references"),
    ("email", "default"),
    ("age", "check"),
    ("last", "group"),
    ("new", "when"),
    ("years", "user"),
    ("ix", "index"),
    ("uq", "unique"),
    ("fk", "foreign"),
    ("ck", "constraint"),
    ("pk", "column"),
    ("object", "where"),
];

impl Names {
    pub(super) fn of(self, plain: &str) -> String {
        match self.style {
            Style::Plain => plain.to_owned(),
            Style::Odd => {
                // MySQL and MariaDB take no name with a character beyond U+FFFF.
                let (limit, letters) = match self.kind {
                    Database::Sqlite => (300, "NaïΣ☃😀"),
                    Database::Postgres => (63, "NaïΣ☃😀"),
                    Database::Mariadb => (64, "NaïΣ☃"),
                };
                let odd = format!("{letters}.\"1''2'3``[5]%s%%;-- /*\n$$ :a #\"\\");
                let taken = if self.kind == Database::Mariadb { odd.chars().count() } else { odd.len() };
                format!("0 {plain:x<width$}{odd}", width = limit - taken - 2)
            }
            Style::Reserved => {
                let found = RESERVED.iter().find(|(name, _)| *name == plain);
                found.map_or_else(|| plain.to_uppercase(), |(_, word)| (*word).to_owned())
            }
        }
    }

    /// The name as SQL text has it.
    pub(super) fn quoted(self, plain: &str) -> String {
        self.dialect().quote(&self.of(plain))
    }

    /// A text as a literal.
    pub(super) fn text(self, text: &str) -> String {
        self.dialect().literal(&text.to_owned().into()).unwrap()
    }

    pub(super) fn dialect(self) -> &'static dyn Dialect {
        offline::dialect(self.kind)
    }
}
