//! Text for a terminal: how wide that is, and lines that go on below where they begin.

use std::borrow::Cow;
use std::io::IsTerminal;

use terminal_size::{Width, terminal_size_of};

/// A terminal narrower than this is treated as this wide.
const LEAST: usize = 20;

/// How wide the terminal is, in characters; `None` if standard output is none.
pub(super) fn width() -> Option<usize> {
    let out = std::io::stdout();
    let (Width(width), _) = terminal_size_of(&out).filter(|_| out.is_terminal())?;
    Some(width.into())
}

/// Lines as they fit: one that is longer is broken between two words, and goes on as far in as it
/// began. Where there is no terminal they stay as they are.
pub(super) fn fitted(text: &str, width: Option<usize>) -> Cow<'_, str> {
    let Some(width) = width.map(|width| width.max(LEAST)) else { return text.into() };
    if text.lines().all(|line| line.chars().count() <= width) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        broken(body, width, &mut out);
        out.push_str(end);
    }
    out.into()
}

/// One line, broken where it has to be.
fn broken(line: &str, width: usize, out: &mut String) {
    let begin = line.chars().take_while(|c| *c == ' ').count().min(width / 2);
    let (mut rest, mut indent) = (line, "");
    let blanks = " ".repeat(begin);
    loop {
        let room = width.saturating_sub(indent.len());
        let Some((end, _)) = rest.char_indices().nth(room) else { break };
        // A word that is longer than a line stays whole: names and numbers are copied.
        let head = rest.get(..end).unwrap_or(rest);
        let behind_indent = if indent.is_empty() { begin } else { 0 };
        let cut = head.rfind(' ').filter(|at| *at > behind_indent && rest.get(end..) != Some(""));
        let cut = match rest.get(end..) {
            Some(next) if next.starts_with(' ') => Some(end),
            _ => cut,
        };
        let cut = cut.or_else(|| rest.get(end..)?.find(' ').map(|at| end + at));
        let Some(cut) = cut else { break };
        out.push_str(indent);
        out.push_str(rest.get(..cut).unwrap_or_default().trim_end());
        out.push('\n');
        rest = rest.get(cut..).unwrap_or_default().trim_start();
        indent = &blanks;
    }
    out.push_str(indent);
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: usize, expected: &str) {
        assert_eq!(fitted(text, Some(width)), expected);
        assert_eq!(fitted(text, None), text);
    }

    #[test]
    fn a_long_line_goes_on_as_far_in_as_it_began() {
        check("short\n\n  as it is\n", 20, "short\n\n  as it is\n");
        check(
            "    Accepts, and opens its own direction.\nnext\n",
            24,
            "    Accepts, and opens\n    its own direction.\nnext\n",
        );
        // A blank at the edge, a word that fits nowhere, letters of several bytes.
        check("  aaaa bbbb cccc dddd eeee ffff", 21, "  aaaa bbbb cccc dddd\n  eeee ffff");
        let word = "x".repeat(30);
        check(&format!("  {word} and more"), 20, &format!("  {word}\n  and more"));
        check("──> ──> ──> ──> ──> ──>", 20, "──> ──> ──> ──> ──>\n──>");
    }
}
