//! From parts to tests: the grammar.
//!
//! ```text
//!   logic    = [not] unit { (and | xor | or) … }     from the strongest: not, and, xor, or
//!   unit     = "(" logic ")" | test
//!   test     = [any | all] sum [ { comparison sum } | contains sum | matches text | [not] in set ]
//!   sum      = [-] factor { (& | + - | * / %) … }    from the weakest
//!   factor   = "{" sum "}" | atom { "[" pieces "]" }
//!   atom     = word ["#" layers] | "@" word | word "(" sum , … ")" | text | character
//!   set      = "{" sum [".." sum] , … "}"
//! ```
//!
//! It is the display-filter language of Wireshark 4.6 (`wireshark-filter(4)`).

use std::ops::Range;

use winnow::combinator::{Infix, Prefix, alt, cut_err, delimited, expression, opt, peek, preceded};
use winnow::prelude::*;
use winnow::stream::TokenSlice;
use winnow::token::any;

use super::error::FilterError;
use super::failure::{Failed, Failure};
use super::syntax::{
    Arithmetic, Comparison, Expr, Logic, Member, Order, Quantifier, Relation, Test, What,
};
use super::token::{Lexed, Token};
use crate::limits::MAX_FILTER_DEPTH;

pub(super) type Tokens<'t> = TokenSlice<'t, Lexed<'t>>;

/// Words that join and compare, and so are no names.
const KEYWORDS: [&str; 21] = [
    "and",
    "or",
    "xor",
    "not",
    "any",
    "all",
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "any_eq",
    "all_eq",
    "any_ne",
    "all_ne",
    "contains",
    "matches",
    "in",
    "bitand",
    "bitwise_and",
];

/// Reads an expression that was cut into parts.
pub(super) fn parse<'t>(
    tokens: &'t [Lexed<'t>],
    expression: &str,
) -> Result<Logic<'t>, FilterError> {
    bound_depth(tokens)?;
    let mut input = TokenSlice::new(tokens);
    whole(&mut input).map_err(|failed| {
        let failed = failed.into_inner().unwrap_or_else(|_| Failed::at(expression.len()));
        failed.error(expression)
    })
}

/// Tests up to the end of the expression.
fn whole<'t>(input: &mut Tokens<'t>) -> Failure<Logic<'t>> {
    let logic = logic(input)?;
    match input.first() {
        None => Ok(logic),
        Some(next) => Err(left_over(next).cut()),
    }
}

/// What stands where an expression could end.
fn left_over(next: &Lexed<'_>) -> Failed {
    let (what, help) = match &next.token {
        Token::Sign(")") => ("No “(” opens what this closes", ""),
        Token::Sign("==" | "!=" | "===" | "!==" | ">" | "<" | ">=" | "<=") => {
            ("A test cannot be compared", "Values are grouped by { }, tests by ( )")
        }
        Token::Sign("}") => ("No “{” opens what this closes", ""),
        Token::Word("AND" | "OR" | "NOT" | "XOR" | "CONTAINS" | "MATCHES" | "IN" | "EQ" | "NE") => {
            ("This is no operator", "Operators are written in small letters: and, or, contains")
        }
        _ => {
            return Failed::expecting(
                next.at.clone(),
                &["a comparison", "“and”", "“or”", "the end"],
            );
        }
    };
    Failed::said(next.at.clone(), what, help)
}

/// Refuses what nests so deeply that nobody can have meant it.
fn bound_depth(tokens: &[Lexed<'_>]) -> Result<(), FilterError> {
    let (mut depth, mut prefixes) = (0usize, 0);
    for one in tokens {
        match one.token {
            Token::Sign("(" | "{") => depth += 1,
            Token::Sign(")" | "}") => depth = depth.saturating_sub(1),
            Token::Sign("!" | "-") | Token::Word("not") => prefixes += 1,
            _ => prefixes = 0,
        }
        if depth + prefixes > MAX_FILTER_DEPTH {
            return Err(FilterError::new(&one.at, "The expression is nested too deeply")
                .help(format!("At most {MAX_FILTER_DEPTH} brackets stand in each other")));
        }
    }
    Ok(())
}

/// A sign, or one of its spellings in letters.
fn one<'t>(
    spellings: &'static [&'static str],
) -> impl Parser<Tokens<'t>, Range<usize>, winnow::error::ErrMode<Failed>> {
    any.verify_map(move |lexed: &'t Lexed<'t>| {
        let is_one = match &lexed.token {
            Token::Sign(sign) => spellings.contains(sign),
            Token::Word(word) => spellings.contains(word),
            _ => false,
        };
        is_one.then(|| lexed.at.clone())
    })
}

fn logic<'t>(input: &mut Tokens<'t>) -> Failure<Logic<'t>> {
    let not = one(&["!", "not"]).map(|_| Prefix(4, |_: &mut _, one| Ok(Logic::Not(Box::new(one)))));
    let join = alt((
        one(&["&&", "and"])
            .map(|_| Infix::Left(3, |_: &mut _, a, b| Ok(Logic::And(Box::new(a), Box::new(b))))),
        one(&["^^", "xor"])
            .map(|_| Infix::Left(2, |_: &mut _, a, b| Ok(Logic::Xor(Box::new(a), Box::new(b))))),
        one(&["||", "or"])
            .map(|_| Infix::Left(1, |_: &mut _, a, b| Ok(Logic::Or(Box::new(a), Box::new(b))))),
    ));
    expression(unit).prefix(not).infix(join).parse_next(input)
}

fn unit<'t>(input: &mut Tokens<'t>) -> Failure<Logic<'t>> {
    let group = delimited(one(&["("]), cut_err(logic), cut_err(one(&[")"]).context("“)”")));
    alt((group, test.map(Logic::Test))).context("a field").parse_next(input)
}

fn test<'t>(input: &mut Tokens<'t>) -> Failure<Test<'t>> {
    let quantified = alt((
        one(&["any"]).map(|at| (Quantifier::Any, at)),
        one(&["all"]).map(|at| (Quantifier::All, at)),
    ));
    let (quantifier, start) = opt(quantified).parse_next(input)?.unzip();
    let left = sum(input)?;
    let relation = relation(input)?;
    if let (Some(at), Relation::Holds) = (&start, &relation) {
        let help = "“any” and “all” say how many values have to pass: all tcp.port > 1024";
        return Err(Failed::said(at.clone(), "Here is nothing that values could pass", help).cut());
    }
    let end = input.previous_tokens().next().map_or(left.at.end, |last| last.at.end);
    let at = start.map_or(left.at.start, |at| at.start)..end;
    Ok(Test { at, quantifier, left, relation })
}

fn relation<'t>(input: &mut Tokens<'t>) -> Failure<Relation<'t>> {
    let mut all = Vec::new();
    while let Some(comparison) = opt(comparison).parse_next(input)? {
        all.push((comparison, cut_err(sum).context("a value").parse_next(input)?));
    }
    if !all.is_empty() {
        return Ok(Relation::Compare(all));
    }
    let negated = opt(preceded(one(&["not"]), peek(one(&["in"])))).parse_next(input)?.is_some();
    alt((
        preceded(one(&["contains"]), cut_err(sum)).map(Relation::Contains),
        preceded(one(&["matches", "~"]), cut_err(sum)).map(Relation::Matches),
        preceded(one(&["in"]), cut_err(set)).map(|members| Relation::In { members, negated }),
        |_: &mut Tokens<'t>| Ok(Relation::Holds),
    ))
    .parse_next(input)
}

fn comparison(input: &mut Tokens<'_>) -> Failure<Comparison> {
    use Order::*;
    use Quantifier::{All, Any};
    let is = |order, quantifier| move |_| Comparison { order, quantifier };
    alt((
        one(&["==", "eq", "any_eq"]).map(is(Equal, Any)),
        one(&["!=", "ne", "all_ne"]).map(is(Unequal, All)),
        one(&["===", "all_eq"]).map(is(Equal, All)),
        one(&["!==", "any_ne"]).map(is(Unequal, Any)),
        one(&[">", "gt"]).map(is(Greater, Any)),
        one(&["<", "lt"]).map(is(Less, Any)),
        one(&[">=", "ge"]).map(is(AtLeast, Any)),
        one(&["<=", "le"]).map(is(AtMost, Any)),
    ))
    .parse_next(input)
}

fn set<'t>(input: &mut Tokens<'t>) -> Failure<Vec<Member<'t>>> {
    let member =
        (sum.context("a value"), opt(preceded(one(&[".."]), cut_err(sum.context("a value")))))
            .map(|(from, to)| Member { from, to });
    let mut member = cut_err(member);
    one(&["{"]).context("“{”").parse_next(input)?;
    let mut members = vec![member.parse_next(input)?];
    while opt(one(&[","])).parse_next(input)?.is_some() {
        members.push(member.parse_next(input)?);
    }
    closing("}", &["“,”", "“}”"], input)?;
    Ok(members)
}

/// What closes a bracket in which values are listed.
fn closing(
    sign: &'static str,
    expected: &[&'static str],
    input: &mut Tokens<'_>,
) -> Failure<usize> {
    match input.first() {
        Some(Lexed { token: Token::Sign(found), at }) if *found == sign => {
            let end = at.end;
            any.void().parse_next(input)?;
            Ok(end)
        }
        Some(other) => Err(Failed::expecting(other.at.clone(), expected).cut()),
        None => {
            let end = input.previous_tokens().next().map_or(0, |last| last.at.end);
            Err(Failed::expecting(end..end, expected).cut())
        }
    }
}

fn sum<'t>(input: &mut Tokens<'t>) -> Failure<Expr<'t>> {
    let sign = alt((
        one(&["-"]).map(|_| Prefix(4, |_: &mut _, of: Expr<'t>| Ok(minus(of)))),
        one(&["+"]).map(|_| Prefix(4, |_: &mut _, of: Expr<'t>| Ok(of))),
    ));
    macro_rules! both {
        ($spellings:expr, $power:literal, $what:ident) => {
            one($spellings)
                .map(|_| Infix::Left($power, |_: &mut _, a, b| Ok(both(Arithmetic::$what, a, b))))
        };
    }
    let operator = alt((
        both!(&["&", "bitand", "bitwise_and"], 1, Mask),
        both!(&["+"], 2, Add),
        both!(&["-"], 2, Subtract),
        both!(&["*"], 3, Multiply),
        both!(&["/"], 3, Divide),
        both!(&["%"], 3, Remainder),
    ));
    expression(factor).prefix(sign).infix(operator).parse_next(input)
}

fn minus(of: Expr<'_>) -> Expr<'_> {
    let at = of.at.start.saturating_sub(1)..of.at.end;
    Expr { at, what: What::Minus(Box::new(of)) }
}

fn both<'t>(how: Arithmetic, a: Expr<'t>, b: Expr<'t>) -> Expr<'t> {
    let at = a.at.start..b.at.end;
    Expr { at, what: What::Both(how, Box::new(a), Box::new(b)) }
}

fn factor<'t>(input: &mut Tokens<'t>) -> Failure<Expr<'t>> {
    let group = delimited(
        one(&["{"]),
        cut_err(sum).context("a value"),
        cut_err(one(&["}"]).context("“}”")),
    );
    let mut found = alt((group, atom)).parse_next(input)?;
    let pieces = any.verify_map(|lexed: &'t Lexed<'t>| match &lexed.token {
        Token::Pieces(pieces) => Some((pieces.as_slice(), lexed.at.end)),
        _ => None,
    });
    let mut pieces = opt(pieces);
    while let Some((pieces, end)) = pieces.parse_next(input)? {
        let at = found.at.start..end;
        found = Expr { at, what: What::Slice(Box::new(found), pieces) };
    }
    Ok(found)
}

fn atom<'t>(input: &mut Tokens<'t>) -> Failure<Expr<'t>> {
    let raw = opt(one(&["@"])).parse_next(input)?;
    let lexed: &'t Lexed<'t> = any.parse_next(input)?;
    let (mut at, is_raw) = (lexed.at.clone(), raw.is_some());
    let name = match &lexed.token {
        Token::Word(word) if !KEYWORDS.contains(word) => *word,
        Token::Text(text) if !is_raw => return Ok(Expr { at, what: What::Text(text) }),
        Token::Character(c) if !is_raw => return Ok(Expr { at, what: What::Character(*c) }),
        _ if is_raw => return Err(Failed::expecting(at, &["a field"]).cut()),
        _ => return Err(winnow::error::ErrMode::Backtrack(Failed::expecting(at, &[]))),
    };
    if opt(one(&["("])).parse_next(input)?.is_some() {
        let mut arguments = Vec::new();
        if peek(opt(one(&[")"]))).parse_next(input)?.is_none() {
            arguments.push(cut_err(sum).parse_next(input)?);
            while opt(one(&[","])).parse_next(input)?.is_some() {
                arguments.push(cut_err(sum).parse_next(input)?);
            }
        }
        let end = closing(")", &["“,”", "“)”"], input)?;
        return Ok(Expr { at: at.start..end, what: What::Call(name, arguments) });
    }
    let layers = any.verify_map(|lexed: &'t Lexed<'t>| match &lexed.token {
        Token::Layers(layers) => Some((layers.as_slice(), lexed.at.end)),
        _ => None,
    });
    let layers = { opt(layers) }.parse_next(input)?;
    if let Some((_, end)) = layers {
        at.end = end;
    }
    at.start = raw.map_or(at.start, |raw| raw.start);
    let layers = layers.map(|(layers, _)| layers);
    let what = if is_raw || layers.is_some() {
        What::Field { name, raw: is_raw, layers }
    } else {
        What::Word(name)
    };
    Ok(Expr { at, what })
}
