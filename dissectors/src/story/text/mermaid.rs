//! A story as a Mermaid sequence diagram (<https://mermaid.js.org/syntax/sequenceDiagram.html>).

use super::sequence::{self, Language, actor, card};
use crate::story::{Story, Times};

/// The story as the source of a Mermaid sequence diagram, to be pasted into Markdown or an issue.
/// At most [`MAX_SEQUENCE_TEXT`](crate::limits::MAX_SEQUENCE_TEXT) bytes; what is left out is said.
#[must_use]
pub fn to_mermaid(story: &Story, times: Times) -> String {
    sequence::write(story, times, &Mermaid)
}

struct Mermaid;

impl Language for Mermaid {
    fn head(&self, story: &Story) -> String {
        let mut out = String::from("sequenceDiagram\n");
        if !story.title.is_empty() {
            out.push_str(&format!("    title {}\n", escaped(&story.title)));
        }
        out.push_str("    autonumber\n");
        for (at, one) in story.cast.iter().enumerate() {
            let [name, below] = card(one).map(escaped);
            let address = if below.is_empty() { "" } else { "<br/>" };
            out.push_str(&format!("    participant {} as {name}{address}{below}\n", actor(at)));
        }
        out
    }

    fn chapter(&self, title: &str, last: usize) -> String {
        // Half transparent, so that it is quiet on light and on dark paper.
        format!("    rect rgba(128, 128, 128, 0.12)\n{}", self.note([0, last], title))
    }

    fn end_chapter(&self) -> &'static str {
        "    end\n"
    }

    fn arrow(&self, [from, to]: [usize; 2], lost: bool, label: &str) -> String {
        let arrow = if lost { "-x" } else { "->>" };
        format!("    {}{arrow}{}: {}\n", actor(from), actor(to), escaped(label))
    }

    fn silence(&self, words: &str, last: usize) -> String {
        self.note([0, last], words)
    }

    fn note(&self, [left, right]: [usize; 2], words: &str) -> String {
        let over =
            if left == right { actor(left) } else { format!("{},{}", actor(left), actor(right)) };
        format!("    Note over {over}: {}\n", escaped(words))
    }

    fn tail(&self) -> &'static str {
        ""
    }
}

/// Text as Mermaid shows it: what has a meaning to it, to HTML or to its mathematics is written as
/// `#60;`. Ends of lines and other control characters become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text.trim_start().to_ascii_lowercase();
    // A message that begins so tells Mermaid whether to break its lines.
    let is_order = words.starts_with("wrap:") || words.starts_with("nowrap:");
    for character in text.chars() {
        match character {
            c if c.is_control() => out.push(' '),
            ':' if is_order => out.push_str("#58;"),
            '#' | ';' | '<' | '>' | '&' | '"' | '%' | '$' | '\\' | '`' | '{' | '}' | '~' => {
                out.push_str(&format!("#{};", u32::from(character)));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escaped(text), expected);
    }

    #[test]
    fn text_cannot_become_a_statement() {
        check("[SYN, ACK] · “hello” 12.3 ms", "[SYN, ACK] · “hello” 12.3 ms");
        check("a: b", "a: b");
        check("a\nb\r\tc\u{0}", "a b  c ");
        check("x; end", "x#59; end");
        check("#35;", "#35;35#59;");
        check("<b>&amp;</b>", "#60;b#62;#38;amp#59;#60;/b#62;");
        check("%%{init: {}}%%", "#37;#37;#123;init: #123;#125;#125;#37;#37;");
        check("$$x$$ \\n `y` ~", "#36;#36;x#36;#36; #92;n #96;y#96; #126;");
        check("Wrap: all", "Wrap#58; all");
        check("nowrap:a: b", "nowrap#58;a#58; b");
    }
}
