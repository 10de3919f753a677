//! A story as a PlantUML sequence diagram (<https://plantuml.com/sequence-diagram>).

use super::sequence::{self, Language, actor, card};
use crate::story::{Story, Times};

/// The story as the source of a PlantUML sequence diagram.
/// At most [`MAX_SEQUENCE_TEXT`](crate::limits::MAX_SEQUENCE_TEXT) bytes; what is left out is said.
#[must_use]
pub fn to_plantuml(story: &Story, times: Times) -> String {
    sequence::write(story, times, &PlantUml)
}

struct PlantUml;

impl Language for PlantUml {
    fn head(&self, story: &Story) -> String {
        let mut out = String::from("@startuml\n");
        if !story.title.is_empty() {
            out.push_str(&format!("title {}\n", escaped(&story.title)));
        }
        out.push_str("autonumber\n");
        for (at, one) in story.cast.iter().enumerate() {
            let [name, below] = card(one).map(escaped);
            let address = if below.is_empty() { "" } else { "\\n" };
            out.push_str(&format!("participant \"{name}{address}{below}\" as {}\n", actor(at)));
        }
        out
    }

    fn chapter(&self, title: &str, _last: usize) -> String {
        format!("== {} ==\n", escaped(title))
    }

    fn end_chapter(&self) -> &'static str {
        ""
    }

    fn arrow(&self, [from, to]: [usize; 2], lost: bool, label: &str) -> String {
        let arrow = if lost { "->x" } else { "->" };
        format!("{} {arrow} {} : {}\n", actor(from), actor(to), escaped(label))
    }

    fn silence(&self, words: &str, _last: usize) -> String {
        format!("...{}...\n", escaped(words))
    }

    fn note(&self, [left, right]: [usize; 2], words: &str) -> String {
        let over =
            if left == right { actor(left) } else { format!("{}, {}", actor(left), actor(right)) };
        format!("note over {over} : {}\n", escaped(words))
    }

    fn tail(&self) -> &'static str {
        "@enduml\n"
    }
}

/// Text as PlantUML shows it: what has a meaning to it or to its Creole markup is written as
/// `<U+003C>`. Signs that mean something only at the beginning or in pairs stay where they stand
/// alone. Ends of lines and other control characters become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let beside = |other: char| before == Some(other) || next == Some(other);
        let has_meaning = match character {
            '"' | '~' | '<' | '>' | '\\' | '%' | '$' | '&' | '@' | '^' | '|' | '{' | '}' | '!' => {
                true
            }
            '*' | '/' | '_' | '-' | '=' | '#' | '.' | '+' | '[' | ']' | '\'' => {
                beside(character)
                    || before.is_none() && !matches!(character, '[')
                    || next.is_none() && matches!(character, '=')
                    || character == '\'' && beside('/')
            }
            _ => false,
        };
        if character.is_control() {
            out.push(' ');
        } else if has_meaning {
            out.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            out.push(character);
        }
        before = Some(character);
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
    fn text_cannot_become_a_statement_or_markup() {
        check("[SYN, ACK] · 127.0.0.1 : 443", "[SYN, ACK] · 127.0.0.1 : 443");
        check("text/html, a-b, a_b, k=v", "text/html, a-b, a_b, k=v");
        check("a\nb\u{0}", "a b ");
        check("**b** //i//", "<U+002A><U+002A>b<U+002A><U+002A> <U+002F><U+002F>i<U+002F><U+002F>");
        check("[[l]]", "<U+005B><U+005B>l<U+005D><U+005D>");
        check("<b>~\\n", "<U+003C>b<U+003E><U+007E><U+005C>n");
        check("/' x '/", "<U+002F><U+0027> x <U+0027>/");
        check("'x", "<U+0027>x");
        check("it's", "it's");
        check("say \"x\"", "say <U+0022>x<U+0022>");
        check("!include a", "<U+0021>include a");
        check("@enduml", "<U+0040>enduml");
        check("%date() $x", "<U+0025>date() <U+0024>x");
        check("a ==", "a <U+003D><U+003D>");
        check("...", "<U+002E><U+002E><U+002E>");
    }
}
