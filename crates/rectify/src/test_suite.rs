//! The macro `test_suite!`: tests that every chain should pass, in one line.

/// Expands to tests of the chain of this crate. It stands beside `versions!`, and is nothing outside of tests.
///
/// ```text
/// rectify::versions!("versions");
/// rectify::test_suite!();
/// ```
///
/// It needs the feature `testing` of `rectify` in the dev-dependencies:
///
/// ```toml
/// [dev-dependencies]
/// rectify = { version = "0.1", features = ["testing"] }
/// ```
///
/// | test | what holds |
/// | --- | --- |
/// | `the_chain_has_the_heads_that_it_should` | one head, or one for each labelled branch, of what was really linked |
/// | `each_revision_goes_up_and_down_and_up_again` | the catalog is the same both times, and so it is on the way from the newest revision down to the empty database |
/// | `each_downgrade_restores_what_was_there` | the catalog, and every row |
/// | `each_elidable_migration_changes_nothing_on_empty_tables` | what `up --fresh` passes over leaves neither rows nor a changed catalog behind |
/// | `the_chain_leads_to_the_models` | a fresh database at the newest revision is what the models declare |
///
/// The models are those that are linked into the test: `#[cfg(test)] use app_models as _;` beside the macro links those of another
/// crate. `exclude = ["legacy_*"]` leaves out what they do not speak of.
///
/// The tests run on SQLite in memory, or on databases of their own on the server that the environment variable
/// `RECTIFY_TEST_DATABASE_URL` names. The databases are empty but for what migrations insert. `seed` names a function that puts
/// rows in at each revision, so that the migrations behind it have to live with them:
///
/// ```text
/// rectify::test_suite!(seed = tests::seed);
///
/// fn seed(conn: &mut Connection, revision: &str) -> rectify::Result<()> {
///     if revision == "9efcc1f82b81" {
///         conn.run("INSERT INTO users (id, email) VALUES (1, 'ada@hills.example')")?;
///     }
///     Ok(())
/// }
/// ```
#[macro_export]
macro_rules! test_suite {
    () => { $crate::test_suite!(@tests); };
    (seed = $seed:path $(,)?) => { $crate::test_suite!(@tests .seed($seed)); };
    (exclude = [$($pattern:literal),* $(,)?] $(,)?) => { $crate::test_suite!(@tests .exclude(&[$($pattern),*])); };
    (seed = $seed:path, exclude = [$($pattern:literal),* $(,)?] $(,)?) => {
        $crate::test_suite!(@tests .seed($seed).exclude(&[$($pattern),*]));
    };
    (@tests $($setting:tt)*) => {
        #[cfg(test)]
        mod migrations_test_suite {
            use super::*;

            fn suite() -> $crate::testing::Suite<Chain> {
                $crate::testing::Suite::<Chain>::new($crate::testing::Server::from_environment())$($setting)*
            }

            #[test]
            fn the_chain_has_the_heads_that_it_should() {
                $crate::testing::passed(suite().heads());
            }

            #[test]
            fn each_revision_goes_up_and_down_and_up_again() {
                $crate::testing::passed(suite().stairway());
            }

            #[test]
            fn each_downgrade_restores_what_was_there() {
                $crate::testing::passed(suite().downgrades());
            }

            #[test]
            fn each_elidable_migration_changes_nothing_on_empty_tables() {
                $crate::testing::passed(suite().elidable());
            }

            #[test]
            fn the_chain_leads_to_the_models() {
                $crate::testing::passed(suite().models());
            }
        }
    };
}
