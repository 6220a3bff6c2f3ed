//! SQL text into single statements, as the databases' own clients split it. What a statement means is not known here, with
//! one exception: the body of a trigger or a procedure holds semicolons that do not end it.

use std::mem;

/// How the text is written, as far as it matters for finding the end of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Flavor {
    /// `$$ … $$`, `E'…'`, comments inside comments
    #[default]
    Postgres,
    /// `\'` in texts, `#` comments, `DELIMITER`
    Mysql,
    /// Triggers with `BEGIN … END`
    Sqlite,
}

/// One statement, without the delimiter at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The lines of the comments before it, without their marks.
    pub(crate) comments: Vec<String>,
    /// Its text; empty for comments that no statement follows.
    pub(crate) sql: String,
}

impl Statement {
    /// Its first words, in capitals.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = self.sql.split(|c: char| !is_word(c)).filter(|word| !word.is_empty());
        words.take(4).map(str::to_ascii_uppercase).collect()
    }
}

/// A text that does not consist of statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SplitError {
    /// The line, counted from one.
    pub(crate) line: usize,
    /// What is wrong there.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

/// Splits `text` into statements.
pub(crate) fn split(text: &str, flavor: Flavor) -> Result<Vec<Statement>, SplitError> {
    let mut scanner = Scanner { text, at: 0, flavor, delimiter: ";".to_owned() };
    let mut statements: Vec<Statement> = Vec::new();
    let mut comments = Vec::new();
    loop {
        scanner.between(&mut statements, &mut comments)?;
        if scanner.is_at_end() {
            break;
        }
        let sql = scanner.statement()?;
        if !sql.is_empty() {
            statements.push(Statement { comments: mem::take(&mut comments), sql: sql.to_owned() });
        }
    }
    if !comments.is_empty() {
        statements.push(Statement { comments, sql: String::new() });
    }
    Ok(statements)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    flavor: Flavor,
    delimiter: String,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes what stands between two statements. A comment on the line of a statement's end belongs to that one.
    fn between(&mut self, done: &mut [Statement], comments: &mut Vec<String>) -> Result<(), SplitError> {
        loop {
            let same_line = !done.is_empty() && !self.text[..self.at].ends_with('\n');
            let space: &str = &self.rest()[..self.rest().len() - self.rest().trim_start().len()];
            self.at += space.len();
            let same_line = same_line && !space.contains('\n') && comments.is_empty();
            if let Some(end) = self.comment_end()? {
                let lines = comment_lines(&self.text[self.at..end]);
                match done.last_mut() {
                    Some(last) if same_line => last.comments.extend(lines),
                    _ => comments.extend(lines),
                }
                self.at = end;
            } else if self.rest().starts_with(&self.delimiter) {
                self.at += self.delimiter.len();
            } else if !self.new_delimiter()? {
                return Ok(());
            }
        }
    }

    /// Passes a line `DELIMITER //`, which tells the client, not the server.
    fn new_delimiter(&mut self) -> Result<bool, SplitError> {
        const WORD: &str = "DELIMITER";
        let line = self.rest().lines().next().unwrap_or_default();
        let is_command = line.get(..WORD.len()).is_some_and(|word| word.eq_ignore_ascii_case(WORD));
        if !is_command || !line[WORD.len()..].starts_with([' ', '\t']) {
            return Ok(false);
        }
        let delimiter = line[WORD.len()..].trim();
        if delimiter.is_empty() {
            return Err(self.error(self.at, "`DELIMITER` names nothing", "name one, such as `DELIMITER //`"));
        }
        delimiter.clone_into(&mut self.delimiter);
        self.at += line.len();
        Ok(true)
    }

    /// Reads one statement and passes the delimiter behind it.
    fn statement(&mut self) -> Result<&'a str, SplitError> {
        if self.rest().starts_with('\\') {
            let hint = "write it in SQL: the line is for the client `psql`, no server knows it";
            return Err(self.error(self.at, "a line begins with a backslash", hint));
        }
        let start = self.at;
        let mut words = Words::default();
        while !self.is_at_end() {
            let nested = self.delimiter == ";" && words.depth > 0;
            if !nested && self.rest().starts_with(&self.delimiter) {
                let sql = &self.text[start..self.at];
                self.at += self.delimiter.len();
                return self.checked(sql, start, &words);
            }
            self.token(&mut words)?;
        }
        self.checked(&self.text[start..], start, &words)
    }

    fn checked(&self, sql: &'a str, start: usize, words: &Words) -> Result<&'a str, SplitError> {
        if words.reads_stdin {
            let hint = "write the rows as `INSERT` statements: they are no SQL, only the client `psql` sends them";
            return Err(self.error(start, "`COPY … FROM STDIN` is followed by rows", hint));
        }
        Ok(sql.trim_end())
    }

    /// Passes one token of a statement.
    fn token(&mut self, words: &mut Words) -> Result<(), SplitError> {
        if let Some(end) = self.comment_end()? {
            self.at = end;
            return Ok(());
        }
        let Some(next) = self.next() else { return Ok(()) };
        match next {
            '\'' => self.quoted('\'', self.flavor == Flavor::Mysql),
            '"' => self.quoted('"', self.flavor == Flavor::Mysql),
            '`' => self.quoted('`', false),
            '$' if self.flavor != Flavor::Mysql && self.tag().is_some() => self.dollar_quoted(),
            c if is_word(c) => self.word(words),
            c => {
                self.at += c.len_utf8();
                Ok(())
            }
        }
    }

    fn word(&mut self, words: &mut Words) -> Result<(), SplitError> {
        let rest = self.rest();
        let length = rest.find(|c| !is_word(c) && c != '$').unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        if word.eq_ignore_ascii_case("E") && self.flavor == Flavor::Postgres && self.rest().starts_with('\'') {
            return self.quoted('\'', true);
        }
        words.push(word);
        Ok(())
    }

    /// Passes a text in quotes. A doubled quote stands for one.
    fn quoted(&mut self, quote: char, has_escapes: bool) -> Result<(), SplitError> {
        let start = self.at;
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, c)) = characters.next() {
            if c == '\\' && has_escapes {
                characters.next();
            } else if c == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
                self.at = start + offset + quote.len_utf8();
                return Ok(());
            }
        }
        let hint =
            "close it, or name the dialect with `--dialect`: a backslash before a quote means something on MySQL only";
        Err(self.error(start, &format!("a text that begins with {quote} does not end"), hint))
    }

    /// `$$` or `$body$`, where one begins here.
    fn tag(&self) -> Option<&'a str> {
        let rest = self.rest();
        let end = 1 + rest[1..].find('$')?;
        let name = &rest[1..end];
        let is_name = name.chars().all(is_word) && !name.starts_with(|c: char| c.is_ascii_digit());
        is_name.then(|| &rest[..=end])
    }

    fn dollar_quoted(&mut self) -> Result<(), SplitError> {
        let start = self.at;
        let tag = self.tag().unwrap_or_default();
        match self.rest()[tag.len()..].find(tag) {
            Some(length) => {
                self.at += length + 2 * tag.len();
                Ok(())
            }
            None => Err(self.error(start, &format!("a text that begins with {tag} does not end"), "close it")),
        }
    }

    /// Where the comment ends that begins here.
    fn comment_end(&self) -> Result<Option<usize>, SplitError> {
        let rest = self.rest();
        let is_mysql = self.flavor == Flavor::Mysql;
        let is_line = match rest.strip_prefix("--") {
            // On MySQL `5--3` is eight.
            Some(after) => !is_mysql || after.chars().next().is_none_or(char::is_whitespace),
            None => is_mysql && rest.starts_with('#'),
        };
        if is_line {
            return Ok(Some(self.at + rest.find('\n').unwrap_or(rest.len())));
        }
        // `/*!40101 … */` is SQL for MySQL.
        if !rest.starts_with("/*") || (is_mysql && rest.starts_with("/*!")) {
            return Ok(None);
        }
        let mut depth = 0_u32;
        let mut offset = 0;
        while offset < rest.len() {
            let here = &rest[offset..];
            if here.starts_with("/*") && (depth == 0 || self.flavor == Flavor::Postgres) {
                depth += 1;
                offset += 2;
            } else if here.starts_with("*/") {
                depth -= 1;
                offset += 2;
                if depth == 0 {
                    return Ok(Some(self.at + offset));
                }
            } else {
                offset += here.chars().next().map_or(1, char::len_utf8);
            }
        }
        Err(self.error(self.at, "a comment that begins with /* does not end", "close it with */"))
    }

    fn error(&self, at: usize, message: &str, hint: &str) -> SplitError {
        let line = self.text[..at].matches('\n').count() + 1;
        SplitError { line, message: message.to_owned(), hint: hint.to_owned() }
    }
}

/// The words of one statement, as far as they tell where it ends.
#[derive(Default)]
struct Words {
    count: usize,
    creates: bool,
    /// Whether this makes something with a body.
    has_body: bool,
    /// How many `BEGIN` and `CASE` are open.
    depth: usize,
    last: String,
    is_copy: bool,
    reads_stdin: bool,
}

impl Words {
    fn push(&mut self, word: &str) {
        let word = word.to_ascii_uppercase();
        match (self.count, word.as_str()) {
            (0, "CREATE") => self.creates = true,
            (0, "COPY") => self.is_copy = true,
            (1..=8, "TABLE" | "INDEX" | "VIEW" | "TYPE" | "SEQUENCE" | "SCHEMA" | "DATABASE") => self.creates = false,
            // CREATE OR REPLACE DEFINER = root @ localhost TRIGGER …
            (1..=8, "TRIGGER" | "PROCEDURE" | "FUNCTION" | "EVENT") if self.creates => self.has_body = true,
            (_, "STDIN") if self.is_copy && self.last == "FROM" => self.reads_stdin = true,
            _ => {}
        }
        if self.has_body {
            self.nest(&word);
        }
        self.count += 1;
        self.last = word;
    }

    fn nest(&mut self, word: &str) {
        match word {
            "BEGIN" => self.depth += 1,
            // `END CASE` has ended its `CASE` with the first of the two words.
            "CASE" if self.last != "END" => self.depth += 1,
            "END" => self.depth = self.depth.saturating_sub(1),
            // `END IF` ends nothing that was counted.
            "IF" | "LOOP" | "WHILE" | "REPEAT" if self.last == "END" => self.depth += 1,
            _ => {}
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The lines of a comment without its marks, nor empty lines at its ends.
fn comment_lines(comment: &str) -> Vec<String> {
    let inside = match comment.strip_prefix("/*") {
        Some(block) => block.strip_suffix("*/").unwrap_or(block),
        None => comment.strip_prefix("--").or_else(|| comment.strip_prefix('#')).unwrap_or(comment),
    };
    let is_block = comment.starts_with("/*");
    let clean = |line: &str| {
        let line = line.trim();
        let line = if is_block { line.trim_start_matches('*') } else { line };
        line.trim().to_owned()
    };
    let mut lines: Vec<String> = inside.lines().map(clean).skip_while(String::is_empty).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(flavor: Flavor, text: &str, expected: &[&str]) {
        let found: Vec<String> = split(text, flavor).unwrap().into_iter().map(|statement| statement.sql).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn everywhere(text: &str, expected: &[&str]) {
        for flavor in [Flavor::Postgres, Flavor::Mysql, Flavor::Sqlite] {
            check(flavor, text, expected);
        }
    }

    #[test]
    fn semicolons_end_statements() {
        everywhere("", &[]);
        everywhere(" ;; \n ; ", &[]);
        everywhere("SELECT 1", &["SELECT 1"]);
        everywhere("SELECT 1;\nSELECT 2;\n", &["SELECT 1", "SELECT 2"]);
        everywhere("CREATE TABLE a (\n  id INTEGER\n) ;", &["CREATE TABLE a (\n  id INTEGER\n)"]);
        everywhere("SELECT 'é';SELECT 'ü'", &["SELECT 'é'", "SELECT 'ü'"]);
    }

    #[test]
    fn semicolons_in_quotes_do_not() {
        everywhere("SELECT 'a;b', \"c;d\", `e;f`; x", &["SELECT 'a;b', \"c;d\", `e;f`", "x"]);
        everywhere("SELECT 'it''s; fine'; x", &["SELECT 'it''s; fine'", "x"]);
        everywhere("SELECT ''; x", &["SELECT ''", "x"]);
        everywhere("SELECT '-- no comment;'; x", &["SELECT '-- no comment;'", "x"]);
        everywhere("SELECT '/* nor this;'; x", &["SELECT '/* nor this;'", "x"]);
    }

    #[test]
    fn a_backslash_escapes_on_mysql_and_where_postgres_says_so() {
        check(Flavor::Mysql, r"SELECT 'it\'s; fine'; x", &[r"SELECT 'it\'s; fine'", "x"]);
        check(Flavor::Postgres, r"SELECT 'C:\'; x", &[r"SELECT 'C:\'", "x"]);
        check(Flavor::Sqlite, r"SELECT 'C:\'; x", &[r"SELECT 'C:\'", "x"]);
        check(Flavor::Postgres, r"SELECT E'it\'s; fine', e'\\'; x", &[r"SELECT E'it\'s; fine', e'\\'", "x"]);
        check(Flavor::Postgres, r"SELECT name'C:\'; x", &[r"SELECT name'C:\'", "x"]);
    }

    #[test]
    fn dollar_quotes_hold_anything() {
        let body = "CREATE FUNCTION f() RETURNS trigger AS $$\nBEGIN\n  x := 1; -- it's\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql";
        check(Flavor::Postgres, &format!("{body};\nSELECT 1;"), &[body, "SELECT 1"]);
        check(
            Flavor::Postgres,
            "DO $do$ BEGIN PERFORM $$a;b$$; END $do$; x",
            &["DO $do$ BEGIN PERFORM $$a;b$$; END $do$", "x"],
        );
        check(Flavor::Postgres, "SELECT $1; SELECT a$b$c; x", &["SELECT $1", "SELECT a$b$c", "x"]);
        check(Flavor::Mysql, "SELECT a AS $$; x", &["SELECT a AS $$", "x"]);
    }

    #[test]
    fn comments_hold_anything() {
        everywhere("SELECT 1 -- a; b 'c\n, 2; x", &["SELECT 1 -- a; b 'c\n, 2", "x"]);
        everywhere("SELECT 1 /* a; b 'c */, 2; x", &["SELECT 1 /* a; b 'c */, 2", "x"]);
        check(Flavor::Postgres, "SELECT /* a /* b; */ c; */ 1; x", &["SELECT /* a /* b; */ c; */ 1", "x"]);
        check(Flavor::Sqlite, "SELECT /* a /* b; */ 1; x", &["SELECT /* a /* b; */ 1", "x"]);
        check(Flavor::Mysql, "SELECT 1 # a; b\n, 2; x", &["SELECT 1 # a; b\n, 2", "x"]);
        check(Flavor::Postgres, "SELECT '{}'::jsonb #> '{a}'; x", &["SELECT '{}'::jsonb #> '{a}'", "x"]);
        check(Flavor::Mysql, "SELECT 5--3; x", &["SELECT 5--3", "x"]);
        check(Flavor::Mysql, "/*!40101 SET NAMES utf8 */; x", &["/*!40101 SET NAMES utf8 */", "x"]);
    }

    #[test]
    fn comments_go_with_their_statement() {
        let text = "-- Users.\n-- They log in.\nCREATE TABLE a; -- soon more\n\n/*\n * The\n * end\n */\nDROP TABLE b;\n-- Nothing left.\n";
        let found = split(text, Flavor::Sqlite).unwrap();
        let expected = [
            (vec!["Users.", "They log in.", "soon more"], "CREATE TABLE a"),
            (vec!["The", "end"], "DROP TABLE b"),
            (vec!["Nothing left."], ""),
        ];
        let found: Vec<_> = found
            .iter()
            .map(|statement| {
                (statement.comments.iter().map(String::as_str).collect::<Vec<_>>(), statement.sql.as_str())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_body_of_a_trigger_does_not_end_it() {
        let trigger = "CREATE TRIGGER t AFTER UPDATE ON a BEGIN\n  UPDATE a SET n = CASE WHEN n > 0 THEN 1 ELSE 0 END;\n  DELETE FROM b;\nEND";
        everywhere(&format!("{trigger};\nDROP TABLE c;"), &[trigger, "DROP TABLE c"]);
        let temporary = "create temp trigger if not exists t instead of delete on v when case old.x when 1 then 2 end = 2 begin select 1; end";
        everywhere(&format!("{temporary}; x"), &[temporary, "x"]);
        everywhere(
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(); x",
            &["CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()", "x"],
        );
        everywhere(
            "CREATE TABLE event (begin INTEGER); BEGIN; x",
            &["CREATE TABLE event (begin INTEGER)", "BEGIN", "x"],
        );
    }

    #[test]
    fn the_body_of_a_procedure_does_not_end_it() {
        let procedure = "CREATE DEFINER=`root`@`localhost` PROCEDURE p()\nBEGIN\n  IF x THEN\n    SELECT 1;\n  END IF;\n  \
                         CASE y WHEN 1 THEN SELECT 2; END CASE;\n  l: LOOP LEAVE l; END LOOP l;\n  BEGIN SELECT 3; END;\nEND";
        check(Flavor::Mysql, &format!("{procedure};\nSELECT 4"), &[procedure, "SELECT 4"]);
        let atomic = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE SQL BEGIN ATOMIC SELECT 1; SELECT 2; END";
        check(Flavor::Postgres, &format!("{atomic}; x"), &[atomic, "x"]);
    }

    #[test]
    fn a_delimiter_of_ones_own_is_obeyed() {
        let text = "DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nIF NEW.x THEN\n  SET NEW.x = 1;\nEND IF//\ndelimiter ;\nSELECT 1;";
        check(
            Flavor::Mysql,
            text,
            &["CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nIF NEW.x THEN\n  SET NEW.x = 1;\nEND IF", "SELECT 1"],
        );
        check(Flavor::Mysql, "SELECT delimiter FROM a; x", &["SELECT delimiter FROM a", "x"]);
    }

    #[track_caller]
    fn refused(text: &str, line: usize, message: &str) {
        let error = split(text, Flavor::Postgres).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (line, message));
    }

    #[test]
    fn what_does_not_end_is_refused_with_its_line() {
        refused("SELECT 1;\nSELECT 'a", 2, "a text that begins with ' does not end");
        refused("SELECT \"a", 1, "a text that begins with \" does not end");
        refused("\n\nDO $x$ a $$ b", 3, "a text that begins with $x$ does not end");
        refused("SELECT 1;\n/* a /* b */", 2, "a comment that begins with /* does not end");
        refused("DELIMITER \nx", 1, "`DELIMITER` names nothing");
    }

    #[test]
    fn what_only_a_client_understands_is_refused() {
        refused("SELECT 1;\n\\connect app\n", 2, "a line begins with a backslash");
        refused("COPY a (x) FROM stdin;\n1\n\\.\n", 1, "`COPY … FROM STDIN` is followed by rows");
        check(Flavor::Postgres, "COPY a FROM '/tmp/stdin'; x", &["COPY a FROM '/tmp/stdin'", "x"]);
    }
}
