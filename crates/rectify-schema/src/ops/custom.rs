//! Operations that a user defines.

use crate::dialect::{Dialect, Refusal, Statement, Unsupported};

/// An operation of one's own, which `op.invoke` carries out like a built-in one: live and offline, counted in the journal
/// by its SQL, refused with a hint where a database cannot do it.
///
/// # Examples
///
/// ```
/// use rectify_schema::dialect::{Dialect, POSTGRES, SQLITE};
/// use rectify_schema::ops::CustomOperation;
/// use rectify_schema::{Refusal, Statement};
///
/// struct LockDown(&'static str);
/// struct OpenUp(&'static str);
///
/// impl CustomOperation for LockDown {
///     fn describe(&self) -> String {
///         format!("lock down table `{}`", self.0)
///     }
///
///     fn sql(&self, dialect: &dyn Dialect) -> Result<Vec<Statement>, Refusal> {
///         match dialect.name() {
///             "postgres" => Ok(vec![Statement::new(format!("REVOKE ALL ON {} FROM PUBLIC", dialect.quote(self.0)))]),
///             _ => Err(Refusal::new("rights of the public", "leave it out on this database")),
///         }
///     }
///
///     fn reverse(&self) -> Option<Box<dyn CustomOperation>> {
///         Some(Box::new(OpenUp(self.0)))
///     }
/// }
///
/// impl CustomOperation for OpenUp {
///     fn describe(&self) -> String {
///         format!("open up table `{}`", self.0)
///     }
///
///     fn sql(&self, dialect: &dyn Dialect) -> Result<Vec<Statement>, Refusal> {
///         Ok(vec![Statement::new(format!("GRANT SELECT ON {} TO PUBLIC", dialect.quote(self.0)))])
///     }
/// }
///
/// assert_eq!(LockDown("users").render(POSTGRES)?[0].sql, "REVOKE ALL ON users FROM PUBLIC");
/// let refused = LockDown("users").render(SQLITE).unwrap_err();
/// assert_eq!(refused.to_string(), "cannot lock down table `users`: sqlite does not support rights of the public");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
pub trait CustomOperation {
    /// Says what it does on one line, in the imperative: `lock down table`.
    fn describe(&self) -> String;

    /// Spells it for a database. The same value must give the same text each time: an interrupted migration finds its
    /// place by it.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`] if the database cannot do it.
    fn sql(&self, dialect: &dyn Dialect) -> Result<Vec<Statement>, Refusal>;

    /// Gives the operation that takes this one back, if there is one.
    fn reverse(&self) -> Option<Box<dyn CustomOperation>> {
        None
    }

    /// Spells it, or says in one sentence that this database cannot do it.
    ///
    /// # Errors
    ///
    /// Returns [`Unsupported`] if the database cannot do it; it says what to do instead.
    fn render(&self, dialect: &dyn Dialect) -> Result<Vec<Statement>, Unsupported> {
        self.sql(dialect).map_err(|refusal| Unsupported {
            dialect: dialect.name(),
            operation: self.describe(),
            what: refusal.what,
            hint: refusal.hint,
        })
    }
}

impl<T: CustomOperation + ?Sized> CustomOperation for Box<T> {
    fn describe(&self) -> String {
        (**self).describe()
    }

    fn sql(&self, dialect: &dyn Dialect) -> Result<Vec<Statement>, Refusal> {
        (**self).sql(dialect)
    }

    fn reverse(&self) -> Option<Box<dyn CustomOperation>> {
        (**self).reverse()
    }
}
