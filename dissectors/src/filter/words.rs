//! What a filter selects, in words: "TCP Destination Port is 443, and TLS is there".
//!
//! What has no words stands as it was typed.

use super::parse::parse;
use super::syntax::{Comparison, Expr, Logic, Member, Order, Quantifier, Relation, Test, What};
use super::token::tokens;
use super::types::Type;
use super::vocabulary::Vocabulary;
use crate::field::FieldDef;

/// Protocols whose names are words.
const WORDS: [&str; 3] = ["frame", "data", "eth"];

/// What frames have to be like to pass, as the rest of "Frames whose …"; `None` if that is no
/// filter, or one that everything passes.
#[must_use]
pub fn in_words(expression: &str, vocabulary: &Vocabulary) -> Option<String> {
    let tokens = tokens(expression).ok()?;
    if tokens.is_empty() {
        return None;
    }
    let logic = parse(&tokens, expression).ok()?;
    Some(Words { expression, vocabulary }.logic(&logic))
}

struct Words<'a> {
    expression: &'a str,
    vocabulary: &'a Vocabulary,
}

impl Words<'_> {
    fn logic(&self, logic: &Logic<'_>) -> String {
        let both = |left: &Logic<'_>, word: &str, right: &Logic<'_>| {
            format!("{}{word}{}", self.part(left, logic), self.part(right, logic))
        };
        match logic {
            Logic::Or(left, right) => both(left, ", or ", right),
            Logic::Xor(left, right) => format!("either {}", both(left, ", or else ", right)),
            Logic::And(left, right) => both(left, ", and ", right),
            Logic::Not(inner) => match &**inner {
                Logic::Test(Test { left, relation: Relation::Holds, .. }) => {
                    format!("{} is not there", self.side(left))
                }
                inner => format!("not: {}", self.part(inner, logic)),
            },
            Logic::Test(test) => self.test(test),
        }
    }

    /// A part of a whole, in brackets where the whole would be read otherwise.
    fn part(&self, part: &Logic<'_>, whole: &Logic<'_>) -> String {
        let text = self.logic(part);
        let is_alike = std::mem::discriminant(part) == std::mem::discriminant(whole);
        match part {
            Logic::Test(_) | Logic::Not(_) => text,
            _ if is_alike && !matches!(part, Logic::Xor(..)) => text,
            _ => format!("({text})"),
        }
    }

    fn test(&self, test: &Test<'_>) -> String {
        let field = self.field(&test.left);
        let (left, all) = (self.side(&test.left), test.quantifier);
        match &test.relation {
            Relation::Holds if field.is_some() || matches!(test.left.what, What::Slice(..)) => {
                format!("{left} is there")
            }
            Relation::Holds => format!("{left} is not zero"),
            Relation::Compare(comparisons) => {
                let mut text = String::new();
                let mut before = (left, field);
                for (at, (comparison, right)) in comparisons.iter().enumerate() {
                    if at > 0 {
                        text.push_str(", and ");
                    }
                    text.push_str(&self.comparison(&before, *comparison, all, right));
                    before = (self.side(right), self.field(right));
                }
                text
            }
            Relation::Contains(what) => {
                format!("{}{left} contains {}", of_several(all), self.value(what, field))
            }
            Relation::Matches(what) => {
                format!("{}{left} matches {}", of_several(all), self.value(what, field))
            }
            Relation::In { members, negated } => {
                let is = if *negated { "is none of" } else { "is one of" };
                let members: Vec<String> =
                    members.iter().map(|member| self.member(member, field)).collect();
                format!("{}{left} {is} {}", of_several(all), members.join(", "))
            }
        }
    }

    fn comparison(
        &self,
        (left, field): &(String, Option<&'static FieldDef>),
        comparison: Comparison,
        said: Option<Quantifier>,
        right: &Expr<'_>,
    ) -> String {
        let right = self.value(right, *field);
        let is_all = said.unwrap_or(comparison.quantifier) == Quantifier::All;
        match (comparison.order, is_all) {
            // No value is the other: how a person says that all are unlike it.
            (Order::Unequal, true) => format!("{left} is not {right}"),
            (Order::Unequal, false) => format!("some {left} is not {right}"),
            (order, is_all) => {
                let every = if is_all { "every " } else { of_several(said) };
                format!("{every}{left} {} {right}", of_order(order))
            }
        }
    }

    fn member(&self, member: &Member<'_>, field: Option<&'static FieldDef>) -> String {
        let from = self.value(&member.from, field);
        match &member.to {
            Some(to) => format!("{from} to {}", self.value(to, field)),
            None => from,
        }
    }

    /// The field that a side is, where it is one and nothing else.
    fn field(&self, expr: &Expr<'_>) -> Option<&'static FieldDef> {
        let name = match &expr.what {
            What::Word(name) | What::Field { name, raw: false, layers: None } => name,
            _ => return None,
        };
        Some(self.vocabulary.get(name)?.first()?.def())
    }

    /// A side that is tested: a field by its title.
    fn side(&self, expr: &Expr<'_>) -> String {
        self.field(expr).map_or_else(|| self.typed(expr).to_owned(), title)
    }

    /// What something is held against, with the name of a number where the field has one for it.
    fn value(&self, expr: &Expr<'_>, held: Option<&'static FieldDef>) -> String {
        let typed = self.side(expr);
        let number = typed.parse::<u64>().ok();
        let named = held.zip(number).and_then(|(held, number)| {
            held.names.iter().find(|(known, _)| *known == number).map(|(_, name)| name)
        });
        named.map_or_else(|| typed.clone(), |name| format!("{typed} ({name})"))
    }

    fn typed(&self, expr: &Expr<'_>) -> &str {
        self.expression.get(expr.at.clone()).unwrap_or_default()
    }
}

/// The title of a field, with its protocol where the title does not begin with it.
fn title(def: &'static FieldDef) -> String {
    if Type::of(def) == Type::Protocol {
        return def.title.to_owned();
    }
    let protocol = def.name.split('.').next().unwrap_or_default();
    let shown = protocol.to_uppercase();
    if WORDS.contains(&protocol) || def.title.to_uppercase().starts_with(&shown) {
        return def.title.to_owned();
    }
    format!("{shown} {}", def.title)
}

const fn of_order(order: Order) -> &'static str {
    match order {
        Order::Equal => "is",
        Order::Unequal => "is not",
        Order::Less => "is less than",
        Order::AtMost => "is at most",
        Order::Greater => "is more than",
        Order::AtLeast => "is at least",
    }
}

const fn of_several(quantifier: Option<Quantifier>) -> &'static str {
    match quantifier {
        Some(Quantifier::All) => "every ",
        Some(Quantifier::Any) => "some ",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::standard;

    #[test]
    fn a_filter_is_said_in_words() {
        let vocabulary = Vocabulary::new(standard());
        let check = |expression: &str, words: &str| {
            assert_eq!(in_words(expression, &vocabulary).as_deref(), Some(words), "{expression}");
        };
        check("tls.handshake.type == 1", "TLS Handshake Type is 1 (Client Hello)");
        check("http.response.code >= 400", "HTTP Status Code is at least 400");
        check("tcp.srcport != 80", "TCP Source Port is not 80");
        check("tcp.srcport !== 80", "some TCP Source Port is not 80");
        check("tcp.srcport === 80", "every TCP Source Port is 80");
        check("all tcp.srcport < 80", "every TCP Source Port is less than 80");
        check("any tcp.srcport in {1, 5..9}", "some TCP Source Port is one of 1, 5 to 9");
        check("tcp.srcport not in {1}", "TCP Source Port is none of 1");
        check("http.host contains \"a\"", "HTTP Host contains \"a\"");
        check("http.host matches r\"^a\"", "HTTP Host matches r\"^a\"");
        check("tcp.payload[0:2]", "tcp.payload[0:2] is there");
        check("tcp.len & 1", "tcp.len & 1 is not zero");
        check("tcp.len[0:2] == 1:2", "tcp.len[0:2] is 1:2");
        check("not http.host", "HTTP Host is not there");
        check(
            "1 < tcp.srcport < 9",
            "1 is less than TCP Source Port, and TCP Source Port is less than 9",
        );
        let host = "HTTP Host is there";
        let port = "TCP Source Port is 1";
        check("http.host and tcp.srcport == 1", &format!("{host}, and {port}"));
        check(
            "http.host and (tcp.srcport == 1 or http.host)",
            &format!("{host}, and ({port}, or {host})"),
        );
        check("not (http.host or tcp.srcport == 1)", &format!("not: ({host}, or {port})"));
        check("http.host xor tcp.srcport == 1", &format!("either {host}, or else {port}"));
        for none in ["", "  ", "tcp ==", "(", "\"open"] {
            assert_eq!(in_words(none, &vocabulary), None, "{none}");
        }
    }
}
