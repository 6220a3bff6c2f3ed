//! Everything that the graph refuses, with its message and its hint: each names what was asked, what there is, and what to
//! type instead.
#![expect(clippy::unwrap_used, reason = "tests")]

mod notation;

use notation::{graph, nodes, words};
use rectify_chain::{Direction, Graph, Policy, verify};

const LINE: &str = "ant; bee<ant; cat<bee";
const FORK: &str = "base1; stem<base1; west1<stem #west; west2<west1; east1<stem #east; east2<east1";
const DIAMOND: &str = "top; lft<top; rgt<top; join<lft,rgt";
const DEPENDENCY: &str = "a1; a2<a1; a3<a2; b1; b2<b1 +a2; b3<b2";

/// Message and hint, one under the other, as commands print them.
macro_rules! refused {
    ($asked:expr, $message:expr, $hint:expr) => {{
        let error = $asked.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.hint().as_str()), ($message, $hint));
    }};
}

#[test]
fn names_that_mean_nothing() {
    refused!(
        graph(FORK).resolve("wets1"),
        "no revision or branch label is or begins with `wets1`",
        "did you mean `west1`?"
    );
    refused!(
        graph(LINE).resolve("zebra"),
        "no revision or branch label is or begins with `zebra`",
        "`history` lists the revisions of the chain"
    );
    refused!(
        graph(LINE).resolve("ANT"),
        "no revision or branch label is or begins with `ANT`",
        "`history` lists the revisions of the chain"
    );
    refused!(
        Graph::default().resolve("ant"),
        "no revision or branch label is or begins with `ant`",
        "`history` lists the revisions of the chain"
    );
    refused!(
        graph(LINE).resolve(""),
        "no revision or branch label is or begins with ``",
        "`history` lists the revisions of the chain"
    );
    refused!(graph(FORK).resolve("wst@head"), "no branch is named `wst`", "did you mean `west`?");
    refused!(
        graph(LINE).resolve("payments@head"),
        "no branch is named `payments`",
        "`heads` lists the branch labels of the chain"
    );
    refused!(
        graph(FORK).resolve("west@east1"),
        "revision `east1` is not on the branch `west`",
        "write `east1` without the branch"
    );
    refused!(
        graph(LINE).resolve("cat+1"),
        "`cat+1` is a number of steps, and a revision must be named here",
        "name the revision by its id or branch label"
    );
}

#[test]
fn names_that_mean_too_much() {
    refused!(
        graph("1f3a9c; 1f3b77<1f3a9c").resolve("1f3"),
        "`1f3` is ambiguous: `1f3a9c`, `1f3b77` begin with it",
        "write more characters of the one that you mean"
    );
    // The id and the label of one revision count as two, as in Alembic.
    refused!(
        graph("feature_x #featbranch").resolve("feat"),
        "`feat` is ambiguous: `feature_x`, `featbranch` begin with it",
        "write more characters of the one that you mean"
    );
    let hint = "name one of them, write `<branch>@head`, `heads` for all, or join them with `merge`";
    refused!(graph(FORK).resolve("head"), "`head` means 2 revisions: `west2`, `east2`", hint);
    refused!(graph(FORK).resolve("stem@head"), "`stem@head` means 2 revisions: `west2`, `east2`", hint);
    refused!(graph(FORK).resolve_one("heads"), "`heads` means 2 revisions: `west2`, `east2`", hint);
    refused!(graph(FORK).plan_upgrade(&[], "head"), "`head` means 2 revisions: `west2`, `east2`", hint);
    refused!(graph(FORK).plan_upgrade(&[], "head-1"), "`head` means 2 revisions: `west2`, `east2`", hint);
    refused!(
        graph(FORK).plan_downgrade(&words("west2"), "west@head"),
        "`head` means 2 revisions: `west2`, `east2`",
        hint
    );
    refused!(graph(FORK).plan_stamp(&[], &["head"]), "`head` means 2 revisions: `west2`, `east2`", hint);
    refused!(graph(FORK).history_range(&[], "stem:head"), "`head` means 2 revisions: `west2`, `east2`", hint);
}

#[test]
fn steps_that_lead_too_far_or_the_wrong_way() {
    refused!(
        graph(LINE).plan_upgrade(&words("bee"), "+2"),
        "`+2` leads 2 steps, and the chain goes on for 1",
        "`heads` goes to the end"
    );
    refused!(
        graph(FORK).plan_upgrade(&words("west1"), "west@+3"),
        "`west@+3` leads 3 steps, and the chain goes on for 1",
        "`west@head` goes to the end of the branch"
    );
    refused!(
        graph(LINE).plan_downgrade(&words("bee"), "-3"),
        "`-3` leads 3 steps, and the chain goes on for 2",
        "`base` goes to the beginning"
    );
    refused!(
        graph(LINE).plan_downgrade(&[], "-1"),
        "`-1` leads 1 step, and the chain goes on for 0",
        "`base` goes to the beginning"
    );
    refused!(
        graph(LINE).plan_downgrade(&words("cat"), "bee-3"),
        "`bee-3` leads 3 steps, and the chain goes on for 2",
        "`base` goes to the beginning"
    );
    refused!(
        graph(LINE).plan_upgrade(&words("bee"), "-1"),
        "`-1` leads nowhere: an upgrade takes `+1` or a revision",
        "write `+1` or a revision"
    );
    let (wrong, hint) =
        ("leads nowhere: a downgrade takes `-1`, `base` or a revision", "write `-1`, `base` or a revision");
    for text in ["+1", "-0", "base-1", "base-0"] {
        refused!(graph(LINE).plan_downgrade(&words("bee"), text), format!("`{text}` {wrong}").as_str(), hint);
    }
    refused!(
        graph(LINE).history_range(&[], "ant:-1"),
        "`-1` leads nowhere: the end of a range takes `+1` or a revision",
        "write `+1` or a revision"
    );
}

#[test]
fn steps_that_lead_to_a_fork() {
    refused!(
        graph(FORK).plan_upgrade(&words("stem"), "+2"),
        "`+2` is ambiguous: the way leads to `west1`, `east1`",
        "say which way, as in `west1@+2`, or name the revision"
    );
    refused!(
        graph(DIAMOND).plan_downgrade(&words("join"), "-1"),
        "`-1` is ambiguous: the way leads to `lft`, `rgt`",
        "name the revision, as in `lft`"
    );
    refused!(
        graph("a1; b1").plan_upgrade(&[], "+1"),
        "`+1` is ambiguous: the way leads to `a1`, `b1`",
        "say which way, as in `a1@+1`, or name the revision"
    );
    refused!(
        graph(FORK).plan_upgrade(&words("west1 east1"), "+1"),
        "`+1` counts from the current revision, and there are 2: `west1`, `east1`",
        "say which branch, as in `west1@+1`, or name the revision"
    );
    refused!(
        graph(FORK).plan_downgrade(&words("west1 east2"), "-2"),
        "`-2` counts from the current revision, and there are 2: `west1`, `east2`",
        "say which branch, as in `west1@-2`, or name the revision"
    );
}

#[test]
fn targets_of_a_downgrade_that_are_not_below() {
    refused!(
        graph(LINE).plan_downgrade(&words("bee"), "cat"),
        "cannot downgrade to `cat`: nothing that is applied comes after it",
        "the database is at `bee`; `upgrade` goes up"
    );
    refused!(
        graph(FORK).plan_downgrade(&words("east2"), "west1"),
        "cannot downgrade to `west1`: nothing that is applied comes after it",
        "the database is at `east2`; `upgrade` goes up"
    );
    refused!(
        graph(LINE).plan_downgrade(&[], "ant"),
        "cannot downgrade to `ant`: nothing that is applied comes after it",
        "nothing is applied; `upgrade` applies revisions"
    );
    refused!(
        graph(DEPENDENCY).plan_downgrade(&words("b3"), "a2"),
        "cannot downgrade to `a2`: nothing that is applied comes after it",
        "the database is at `b3`, and `a2` is applied because something depends on it; name a revision below `b3`"
    );
    refused!(
        graph(FORK).plan_downgrade(&words("west2"), "nolabel@base"),
        "no branch is named `nolabel`",
        "`heads` lists the branch labels of the chain"
    );
    refused!(
        graph(FORK).plan_downgrade(&words("west2 east2"), "west@east1"),
        "revision `east1` is not on the branch `west`",
        "write `east1` without the branch"
    );
}

#[test]
fn rows_that_make_no_sense() {
    let hint = "check that this is the right database and that the chain is up to date; `stamp --purge <revision>` writes \
                the rows anew";
    let message = "the version table holds `zebra`, which is no revision of this chain";
    let rows = words("ant zebra");
    refused!(graph(LINE).plan_upgrade(&rows, "head"), message, hint);
    refused!(graph(LINE).plan_downgrade(&rows, "base"), message, hint);
    refused!(graph(LINE).plan_stamp(&rows, &["cat"]), message, hint);
    refused!(graph(LINE).current(&rows), message, hint);
    refused!(graph(LINE).pending(&rows), message, hint);
    refused!(graph(LINE).history_range(&rows, "current:"), message, hint);
    refused!(
        graph("1f3a9c; 2c").plan_upgrade(&words("1f3a"), "2c"),
        "the version table holds `1f3a`, which is no revision of this chain",
        "did the chain have it as `1f3a9c`? `stamp --purge <revision>` writes the rows anew"
    );
    refused!(
        graph(FORK).plan_upgrade(&words("west2 stem"), "heads"),
        "revision `west2` already includes `stem`, and both are rows of the version table",
        "`stamp --purge west2` writes the rows without it"
    );
    refused!(
        graph(DEPENDENCY).plan_upgrade(&words("a2 b2"), "heads"),
        "revision `b2` already includes `a2`, and both are rows of the version table",
        "`stamp --purge b2` writes the rows without it"
    );
}

#[test]
fn targets_that_include_each_other() {
    let (message, hint) = ("revision `cat` already includes `bee`, and both are targets", "name only `cat`");
    refused!(graph(LINE).plan_upgrade_to(&[], &["bee", "cat"]), message, hint);
    refused!(graph(LINE).plan_stamp(&[], &["bee", "cat"]), message, hint);
    refused!(graph(LINE).plan_stamp(&words("ant"), &["cat", "bee"]), message, hint);
    refused!(
        graph(DEPENDENCY).plan_stamp(&[], &["a2", "b2", "a1"]),
        "revision `b2` already includes `a2`, and both are targets",
        "name only `b2`"
    );
    assert_eq!(graph(LINE).plan_stamp(&[], &["cat", "cat"]).unwrap().len(), 1);
    refused!(
        graph(FORK).plan_stamp(&[], &["west@east1"]),
        "revision `east1` is not on the branch `west`",
        "write `east1` without the branch"
    );
    refused!(
        graph(LINE).plan_stamp(&[], &["+1"]),
        "`+1` is a number of steps, and a revision must be named here",
        "name the revision by its id or branch label"
    );
}

#[test]
fn ranges_that_are_none() {
    let hint = "ranges are for offline SQL (`--sql`) and `history`";
    refused!(graph(LINE).plan_upgrade(&[], "ant:cat"), "`ant:cat` is a range, and one target is needed", hint);
    refused!(graph(LINE).plan_downgrade(&[], "cat:ant"), "`cat:ant` is a range, and one target is needed", hint);
    let hint = "write `start:end`, `start:` or `:end`";
    refused!(graph(LINE).history_range(&[], "cat"), "`cat` is not a range", hint);
    refused!(graph(LINE).history_range(&[], "ant:bee:cat"), "`ant:bee:cat` is not a range", hint);
    let hint = "put the older revision before the colon";
    let message = "the range `cat:ant` is empty: `cat` is not an ancestor of its upper end";
    refused!(graph(LINE).history_range(&[], "cat:ant"), message, hint);
    let message = "the range `west1:east2` is empty: `west1` is not an ancestor of its upper end";
    refused!(graph(FORK).history_range(&[], "west1:east2"), message, hint);
    refused!(
        graph(LINE).plan_offline(Direction::Down, "ant:cat"),
        "cannot downgrade to `cat`: nothing that is applied comes after it",
        "the database is at `ant`; `upgrade` goes up"
    );
}

#[test]
fn chains_that_are_broken() {
    let faults = |chain: &str| -> Vec<(String, String)> {
        verify(&nodes(chain), Policy::Loose).into_iter().map(|fault| (fault.message, fault.hint)).collect()
    };
    let check = |chain: &str, message: &str, hint: &str| {
        let found = faults(chain);
        assert!(found.iter().any(|fault| *fault == (message.to_owned(), hint.to_owned())), "{chain}: {found:?}");
    };
    check(
        "a; b<b",
        "revision `b` is its own parent",
        "name the revision that comes before it, or leave `down_revision` out for a base",
    );
    check("a; b<a +b", "revision `b` depends on itself", "remove it from `depends_on`");
    check("a; b<a +me #me", "revision `b` depends on itself", "remove it from `depends_on`");
    check(
        "a<c; b<a; c<b",
        "the parents of revision `a` lead back to it: `a` -> `c` -> `b` -> `a`",
        "one `down_revision` on this way must name an earlier revision",
    );
    check(
        "a1; a2<a1 +b2; b1; b2<b1 +a2",
        "revision `a2` depends on `b2`, which itself needs `a2` applied first",
        "remove one of the two dependencies",
    );
    check(
        "a; b<gone",
        "`down_revision` names no revision: `gone`",
        "name the revision that comes before it in full, or leave `down_revision` out for a base",
    );
    check("abcdef01; b<abcdef01 +abcd", "`depends_on` names no revision: `abcd`", "did you mean `abcdef01`?");
    check(
        "a #one; b<one",
        "`down_revision` names no revision: `one`",
        "`one` is a branch label; a parent is named by its id, here `a`",
    );
    check("a #x; b<a #x", "the branch label `x` is already used by `a`", "choose another label");
    check(
        "head",
        "`head` cannot be a revision id: it is a word that names something else in every command",
        "write 1 to 32 letters, digits, `_` or `.`, for example twelve hex digits",
    );
    check(
        "a:b",
        "`a:b` cannot be a revision id: it contains ':', which has a meaning where revisions are named",
        "write 1 to 32 letters, digits, `_` or `.`, for example twelve hex digits",
    );
    assert_eq!(faults("a; b<a; a").len(), 2, "both files with the id are named");
}
