//! Database URLs: which database a URL means, and how to show it without its password.

use std::path::Path;

/// The database that a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `postgres:` or `postgresql:`
    Postgres,
    /// `mysql:` or `mariadb:`
    Mysql,
    /// `sqlite:`, `file:` or a plain path
    Sqlite,
}

impl Scheme {
    /// Which database `url` names; `None` for a scheme that is not known.
    ///
    /// A text without a scheme is the path of a SQLite database.
    ///
    /// ```
    /// use rectify::Scheme;
    /// assert_eq!(Scheme::of("mariadb://root@db/app"), Some(Scheme::Mysql));
    /// assert_eq!(Scheme::of("data/app.db"), Some(Scheme::Sqlite));
    /// assert_eq!(Scheme::of("oracle://x"), None);
    /// ```
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let Some((scheme, _)) = url.split_once(':') else { return Some(Self::Sqlite) };
        match scheme.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::Mysql),
            "sqlite" | "file" | "" => Some(Self::Sqlite),
            // A path may hold a colon (`C:\data\app.db`, `./a:b.db`); a scheme has neither slash nor dot and is longer.
            other if other.len() < 2 || other.contains(['/', '.', '\\']) => Some(Self::Sqlite),
            _ => None,
        }
    }
}

/// The file that the URL of a SQLite database names, unless SQLite itself has to make sense of it (`:memory:`, `file:`).
///
/// ```
/// use std::path::Path;
/// assert_eq!(rectify::sqlite_file("sqlite://data/app.db"), Some(Path::new("data/app.db")));
/// assert_eq!(rectify::sqlite_file("sqlite::memory:"), None);
/// assert_eq!(rectify::sqlite_file("postgres://db/app"), None);
/// ```
#[must_use]
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let path = sqlite_path(url);
    let is_file = Scheme::of(url) == Some(Scheme::Sqlite) && path != ":memory:" && !path.starts_with("file:");
    is_file.then(|| Path::new(path))
}

/// The part of the URL that SQLite understands. `sqlite://a/b.db` and `sqlite:a/b.db` are the same relative path,
/// `sqlite:///a/b.db` is an absolute one.
pub(super) fn sqlite_path(url: &str) -> &str {
    match url.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("sqlite:") => {
            let rest = &url[7..];
            rest.strip_prefix("//").unwrap_or(rest)
        }
        _ => url,
    }
}

/// `url` with its password replaced by `***`.
///
/// ```
/// assert_eq!(rectify::masked("postgres://app:s3cret@db/app"), "postgres://app:***@db/app");
/// assert_eq!(rectify::masked("target/app.db"), "target/app.db");
/// ```
#[must_use]
pub fn masked(url: &str) -> String {
    let shown = mask_user_info(url);
    mask_parameter(&shown, "password")
}

fn mask_user_info(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    // The last `@` ends the user part: an unescaped `@` in a password is a common slip, and must not show the rest of it.
    let Some(at) = rest[..authority].rfind('@').or_else(|| rest.rfind('@')) else { return url.to_owned() };
    match rest[..at].split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:***{}", &rest[at..]),
        None => url.to_owned(),
    }
}

fn mask_parameter(url: &str, name: &str) -> String {
    let needle = format!("{name}=");
    let Some(start) = url.find(&needle).map(|at| at + needle.len()) else { return url.to_owned() };
    let end = url[start..].find(['&', ' ']).map_or(url.len(), |length| start + length);
    format!("{}***{}", &url[..start], &url[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, shown: &str) {
        assert_eq!(masked(url), shown);
    }

    #[test]
    fn passwords_never_show() {
        check("postgres://u:p@h/d", "postgres://u:***@h/d");
        check("postgres://u:p@ss@h/d", "postgres://u:***@h/d");
        check("mysql://u:pa/ss@h/d", "mysql://u:***@h/d");
        check("postgres://h/d?user=u&password=p&x=1", "postgres://h/d?user=u&password=***&x=1");
        check("postgres://u@h/d", "postgres://u@h/d");
        check("sqlite:target/x.db", "sqlite:target/x.db");
    }

    #[test]
    fn urls_name_paths() {
        assert_eq!(sqlite_path("sqlite:target/x.db"), "target/x.db");
        assert_eq!(sqlite_path("sqlite://target/x.db"), "target/x.db");
        assert_eq!(sqlite_path("sqlite:///var/x.db"), "/var/x.db");
        assert_eq!(sqlite_path("SQLITE::memory:"), ":memory:");
        assert_eq!(sqlite_path("x.db"), "x.db");
    }

    #[test]
    fn schemes() {
        assert_eq!(Scheme::of("postgresql://h"), Some(Scheme::Postgres));
        assert_eq!(Scheme::of("sqlite:///a"), Some(Scheme::Sqlite));
        assert_eq!(Scheme::of(":memory:"), Some(Scheme::Sqlite));
        assert_eq!(Scheme::of("C:\\x.db"), Some(Scheme::Sqlite));
        assert_eq!(Scheme::of("./a:b.db"), Some(Scheme::Sqlite));
        assert_eq!(Scheme::of("mssql://h"), None);
    }
}
