//! Lays Rust expressions out as rustfmt does, so that nothing changes when it runs over a migration.
//!
//! Knows the few forms that a migration consists of: calls, chains of method calls, arrays, tuples and closures. The widths
//! are rustfmt's own settings, so that the file is right in a project with other ones.

use super::expression::{Closure, Expr, Link, Statement};
use super::literal::turns_direction;

/// The widths that rustfmt is configured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// `max_width`: the longest line.
    pub max_width: usize,
    /// `chain_width`: the longest chain of method calls on one line.
    pub chain_width: usize,
    /// `fn_call_width`: the longest arguments of a call on one line.
    pub call_width: usize,
    /// `array_width`: the longest array on one line.
    pub array_width: usize,
}

/// `use_small_heuristics` of rustfmt: how much of a line a call, a chain or an array may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallHeuristics {
    /// Six tenths of the line.
    Default,
    /// The whole line.
    Max,
}

impl Layout {
    /// The widths that follow from these two settings.
    #[must_use]
    pub const fn new(max_width: usize, heuristics: SmallHeuristics) -> Self {
        // rustfmt scales its 60 columns of 100 with a ratio that is rounded to tenths, and never below those 60.
        let tenths = if max_width > 100 { (max_width + 5) / 10 } else { 10 };
        let width = match heuristics {
            SmallHeuristics::Default if tenths * 6 < max_width => tenths * 6,
            SmallHeuristics::Default | SmallHeuristics::Max => max_width,
        };
        Self { max_width, chain_width: width, call_width: width, array_width: width }
    }

    /// Writes the statements of a function whose body is indented so far, each behind a line break but the first.
    pub(super) fn statements(&self, statements: &[Statement], indent: usize) -> String {
        let lines: Vec<String> = statements.iter().map(|statement| self.statement(statement, indent)).collect();
        lines.join(&line_break(indent))
    }

    fn statement(&self, statement: &Statement, indent: usize) -> String {
        let mut lines: Vec<String> = statement.comments.iter().map(|line| comment(line)).collect();
        if let Some(expr) = &statement.expr {
            let shape = Shape { width: self.max_width.saturating_sub(indent + 1), indent, offset: 0 };
            let text = Writer { layout: *self, one_line: false, loose: false }.expr(expr, shape);
            // rustfmt leaves alone what cannot fit, which a long literal makes so: then the literals do not count.
            let text = text.or_else(|| Writer { layout: *self, one_line: false, loose: true }.expr(expr, shape));
            lines.push(format!("{};", text.unwrap_or_else(|| expr.on_one_line())));
        }
        lines.extend(statement.tail.clone());
        lines.join(&line_break(indent))
    }
}

impl Default for Layout {
    /// What rustfmt does where nothing is configured.
    fn default() -> Self {
        Self::new(100, SmallHeuristics::Default)
    }
}

/// The room for an expression: so many columns, behind `indent + offset` others.
#[derive(Debug, Clone, Copy)]
struct Shape {
    width: usize,
    indent: usize,
    offset: usize,
}

impl Shape {
    fn narrower(self, by: usize) -> Option<Self> {
        Some(Self { width: self.width.checked_sub(by)?, ..self })
    }

    fn behind(self, by: usize) -> Option<Self> {
        Self { offset: self.offset + by, ..self }.narrower(by)
    }
}

const TAB: usize = 4;

/// Items as short as this share lines where they do not fit on one.
const SHORT_ITEM: usize = 10;

#[derive(Clone, Copy)]
struct Writer {
    layout: Layout,
    /// No chain may take several lines.
    one_line: bool,
    /// Literals take no room.
    loose: bool,
}

impl Writer {
    /// Gives `None` if the expression does not fit.
    fn expr(self, expr: &Expr, shape: Shape) -> Option<String> {
        match expr {
            Expr::Text(text) => Some(text.clone()),
            Expr::Raw(text) => (self.loose || self.fits(text, shape)).then(|| text.clone()),
            Expr::Atom { text, .. } => (self.loose || width(text) <= shape.width).then(|| text.clone()),
            Expr::Call { callee, arguments } => self.list(callee, ('(', ')'), arguments, shape, self.layout.call_width),
            Expr::Array(items) => self.list("", ('[', ']'), items, shape, self.layout.array_width),
            Expr::Tuple(items) => self.list("", ('(', ')'), items, shape, self.layout.call_width),
            Expr::Chain { root, links } => self.chain(root, links, shape),
            Expr::Closure(closure) => Some(self.closure(closure, shape)),
        }
    }

    fn closure(self, closure: &Closure, shape: Shape) -> String {
        let body = self.layout.statements(&closure.body, shape.indent + TAB);
        format!("|{}| {{{}{body}{}}}", closure.parameter, line_break(shape.indent + TAB), line_break(shape.indent))
    }

    /// A call, an array or a tuple: on one line, with its last item going over several, or an item a line.
    fn list(
        self,
        head: &str,
        (open, close): (char, char),
        items: &[Expr],
        shape: Shape,
        limit: usize,
    ) -> Option<String> {
        let list = List { writer: self, head, items, shape, limit };
        let (is_horizontal, text) = list.items()?;
        let room = shape.width.saturating_sub(width(head));
        let used = if text.is_empty() { 2 } else { first_width(&text) + 1 };
        if is_horizontal && used <= room {
            return Some(format!("{head}{open}{text}{close}"));
        }
        Some(format!("{head}{open}{}{text}{}{close}", line_break(shape.indent + TAB), line_break(shape.indent)))
    }

    fn link(self, link: &Link, shape: Shape) -> Option<String> {
        let tries = usize::from(link.question_mark);
        let call = self.list(
            &format!(".{}", link.name),
            ('(', ')'),
            &link.arguments,
            shape.narrower(tries)?,
            self.layout.call_width,
        )?;
        Some(call + &"?".repeat(tries))
    }

    fn chain(self, root: &Expr, links: &[Link], shape: Shape) -> Option<String> {
        let mut parts = vec![self.expr(root, shape)?];
        let mut ends_with_block = parts[0].contains('\n');
        let mut rest = links;
        // A short root takes its first calls along, lest it stand alone on its line.
        while let [first, others @ ..] = rest
            && parts[0].len() <= TAB.saturating_sub(shape.offset)
            && !parts[0].contains('\n')
        {
            let Some(text) = self.link(first, shape.behind(parts[0].len())?) else { break };
            parts[0] += &text;
            ends_with_block = ends_in_brackets(&parts[0]);
            rest = others;
        }
        let text = match rest {
            [] => parts.remove(0),
            [middle @ .., last] => {
                let indent = if ends_with_block { shape.indent } else { shape.indent + TAB };
                let below = Shape { width: self.layout.max_width.saturating_sub(indent), indent, offset: 0 };
                for link in middle {
                    parts.push(self.link(link, below)?);
                }
                let (text, is_one_line) = self.last_link(&parts, last, links.len(), shape, below)?;
                parts.push(text);
                if !is_one_line && self.one_line {
                    return None;
                }
                let between = if is_one_line { String::new() } else { line_break(indent) };
                parts.join(&between)
            }
        };
        (self.loose || self.fits(&text, shape)).then_some(text)
    }

    /// The last call of a chain, and whether the whole chain begins on one line.
    fn last_link(
        self,
        parts: &[String],
        last: &Link,
        count: usize,
        shape: Shape,
        below: Shape,
    ) -> Option<(String, bool)> {
        let tries = usize::from(last.question_mark);
        let extends = ends_in_brackets(&parts[0]);
        let before = tries
            + match extends {
                true => last_width(&parts[0]),
                false => parts.iter().map(|part| width(part)).sum(),
            };
        let limit = if count == 1 { shape.width } else { shape.width.min(self.layout.chain_width) };
        let budget = limit.saturating_sub(before);
        let is_flat = parts.iter().all(|part| !part.contains('\n')) && budget > 0;
        let right = self.layout.max_width.max(shape.indent + shape.offset + shape.width)
            - (shape.indent + shape.offset + shape.width);
        let own_line = below.narrower(right + tries)?;
        if !is_flat && !extends {
            return Some((self.link(last, own_line)?, false));
        }
        let behind = if is_flat { shape.narrower(tries)? } else { below.narrower(tries)? };
        let beside = behind.behind(before).and_then(|shape| self.link(last, shape));
        let Some(beside) = beside else {
            return Some((self.link(last, behind)?, false));
        };
        let fits = first_width(&beside) <= budget;
        let lines = beside.lines().count();
        if fits && lines >= 5 {
            return Some((beside, is_flat));
        }
        match self.link(last, own_line) {
            Some(alone) if !fits => Some((alone, false)),
            Some(alone) if alone.lines().count() < lines => Some((alone, false)),
            _ => Some((beside, fits && is_flat)),
        }
    }

    /// Whether the text fits where it begins and ends, and its other lines on lines of their own.
    fn fits(self, text: &str, shape: Shape) -> bool {
        let mut lines = text.lines();
        lines.next().is_none_or(|first| width(first) <= shape.width)
            && lines.all(|line| width(line) <= self.layout.max_width)
            && (!text.contains('\n') || last_width(text) <= shape.indent + shape.offset + shape.width)
    }
}

fn first_width(text: &str) -> usize {
    width(text.lines().next().unwrap_or_default())
}

fn last_width(text: &str) -> usize {
    width(text.rsplit('\n').next().unwrap_or_default())
}

/// The items of a call or an array, and the room for all of it.
#[derive(Clone, Copy)]
struct List<'a> {
    writer: Writer,
    head: &'a str,
    items: &'a [Expr],
    shape: Shape,
    limit: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tactic {
    Horizontal,
    Vertical,
    Mixed,
}

impl List<'_> {
    /// The items as they stand between the brackets, and whether they begin on the line of the bracket.
    fn items(self) -> Option<(bool, String)> {
        let nested = self.nested();
        let mut texts: Vec<Option<String>> = self.items.iter().map(|item| self.writer.expr(item, nested)).collect();
        let tactic = self.tactic(&mut texts);
        let texts: Vec<String> = texts.into_iter().collect::<Option<_>>()?;
        let text = match tactic {
            Tactic::Horizontal => texts.join(", "),
            Tactic::Vertical => texts.join(&format!(",{}", line_break(nested.indent))) + ",",
            Tactic::Mixed => self.mixed(&texts),
        };
        Some((tactic == Tactic::Horizontal, text))
    }

    /// The room of an item on a line of its own, which ends with a comma.
    fn nested(self) -> Shape {
        let indent = self.shape.indent + TAB;
        Shape { width: self.writer.layout.max_width.saturating_sub(indent + 1), indent, offset: 0 }
    }

    /// Decides, and puts the last item in as it is then.
    fn tactic(self, texts: &mut [Option<String>]) -> Tactic {
        let Some((last, last_text)) = self.items.last().zip(texts.len().checked_sub(1)) else {
            return Tactic::Horizontal;
        };
        let one_line = self.shape.width.saturating_sub(self.head.len() + 2);
        let joins_head = self.items.len() == 1 && self.head.len() < TAB;
        let overflows = joins_head || last.can_overflow(self.items.len());
        let overflowed = overflows.then(|| self.overflowed(last, texts, joins_head)).flatten();
        if let Some(overflowed) = &overflowed {
            texts[last_text] = overflowed.lines().next().map(str::to_owned);
        }
        let tactic = self.definitive(texts, one_line);
        match overflowed {
            Some(overflowed) if tactic == Tactic::Horizontal => {
                let alone = (self.items.len() == 1 && overflowed.matches('\n').count() == 1)
                    .then(|| self.writer.expr(last, self.nested()))
                    .flatten()
                    .filter(|alone| !alone.contains('\n'));
                texts[last_text] = Some(alone.unwrap_or(overflowed));
                tactic
            }
            _ => {
                texts[last_text] = self.writer.expr(last, self.nested());
                self.without_overflow(texts, one_line)
            }
        }
    }

    fn without_overflow(self, texts: &[Option<String>], one_line: usize) -> Tactic {
        if let [text] = texts {
            let text = text.as_deref().unwrap_or_default();
            if one_line != 0 && !text.contains('\n') && width(text) <= one_line {
                return Tactic::Horizontal;
            }
        }
        let is_short = |text: &Option<String>| text.as_ref().is_none_or(|text| text.len() <= SHORT_ITEM);
        match self.definitive(texts, one_line) {
            Tactic::Vertical if self.items.iter().all(Expr::is_simple) && texts.iter().all(is_short) => Tactic::Mixed,
            tactic => tactic,
        }
    }

    /// The last item where it begins on the line of the bracket.
    fn overflowed(self, last: &Expr, texts: &[Option<String>], joins_head: bool) -> Option<String> {
        let behind_head = self.shape.behind(self.head.len() + 1).and_then(|shape| shape.narrower(1));
        let shape = behind_head.unwrap_or(Shape { width: 0, ..self.shape });
        let shape = if self.items.len() == 1 && !matches!(last, Expr::Call { .. }) {
            shape
        } else {
            let others = texts[..texts.len() - 1].iter();
            let before = others.map(|text| 2 + text.as_ref().map_or(0, String::len)).sum();
            Shape { width: shape.width.min(self.limit), ..shape }.behind(before)?
        };
        let is_chain = matches!(last, Expr::Chain { .. });
        Writer { one_line: self.writer.one_line || (is_chain && !joins_head), ..self.writer }.expr(last, shape)
    }

    fn definitive(self, texts: &[Option<String>], one_line: usize) -> Tactic {
        let text = |text: &Option<String>| width(text.as_deref().unwrap_or_default());
        let total: usize = texts.iter().map(text).sum::<usize>() + 2 * texts.len().saturating_sub(1);
        let is_flat = texts.iter().flatten().all(|text| !text.contains('\n'));
        if total <= one_line.min(self.limit) && is_flat { Tactic::Horizontal } else { Tactic::Vertical }
    }

    /// As many items on each line as fit.
    fn mixed(self, texts: &[String]) -> String {
        let nested = self.nested();
        let mut out = String::new();
        let mut column = 0;
        for (nth, text) in texts.iter().enumerate() {
            let wraps = out.contains('\n');
            let comma = usize::from(nth + 1 < texts.len() || wraps);
            let used = width(text) + comma;
            if column > 0 && column + 1 + used > nested.width {
                out += &line_break(nested.indent);
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            column += used;
            out += text;
            out.push(',');
        }
        out
    }
}

/// A comment on one line, without what the compiler refuses in one.
fn comment(line: &str) -> String {
    let line = line.replace(|c: char| c.is_control() || turns_direction(c), " ");
    format!("// {line}").trim_end().to_owned()
}

fn line_break(indent: usize) -> String {
    format!("\n{}", " ".repeat(indent))
}

/// How many columns a terminal gives the text: two for the characters of East Asia, none for what is set above another.
fn width(text: &str) -> usize {
    let columns = |c: char| match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f900..=0x1f9ff | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    };
    text.chars().map(columns).sum()
}

/// Whether the last line is nothing but closing brackets, so that a call may follow on it.
fn ends_in_brackets(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default();
    text.ends_with("\"#") || last.chars().all(|c| matches!(c, '(' | ')' | ']' | '}' | '?' | '>') || c.is_whitespace())
}
