//! Words, strings and signs of an expression, each with its place.
//!
//! Words are taken as far as they go and told apart later: `80` may be a number, `dead` bytes or a
//! field, `tcp` a protocol. Only what stands in brackets is read here, for `1-3` means a range
//! there and nothing elsewhere.

use std::net::IpAddr;
use std::ops::Range;

use winnow::ascii::{digit1, multispace0, multispace1};
use winnow::combinator::{
    alt, cut_err, delimited, dispatch, fail, opt, peek, preceded, repeat, separated,
};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, one_of, take};

use super::error::FilterError;
use super::failure::{Failed, Failure};
use super::quoted::{character, text};
use crate::limits::{MAX_FILTER_BYTES, MAX_FILTER_TOKENS};

/// One part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexed<'t> {
    pub(super) token: Token<'t>,
    /// Where it stands, in bytes.
    pub(super) at: Range<usize>,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A name, a keyword, a number, an address, or bytes.
    Word(&'t str),
    /// What stood in double quotes.
    Text(Vec<u8>),
    /// What stood in single quotes.
    Character(u32),
    /// An operator, a bracket or a comma.
    Sign(&'static str),
    /// `[0:3, 5-7]`.
    Pieces(Vec<Piece>),
    /// `#2` or `#[1-3]`.
    Layers(Vec<Piece>),
}

/// One part of what stands in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The first one, counted from the end where negative.
    pub(super) from: i32,
    pub(super) until: Until,
}

/// How far a piece goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// So many.
    Len(i32),
    /// Up to this one, and with it.
    Last(i32),
    /// To the end.
    End,
}

pub(super) type Input<'t> = LocatingSlice<&'t str>;

/// Signs, those that begin like others first.
const SIGNS: [&str; 26] = [
    "===", "!==", "==", "!=", ">=", "<=", "&&", "||", "^^", "..", "(", ")", "{", "}", ",", "<",
    ">", "!", "&", "+", "-", "*", "/", "%", "~", "@",
];

/// Cuts an expression into its parts.
pub(super) fn tokens(expression: &str) -> Result<Vec<Lexed<'_>>, FilterError> {
    if expression.len() > MAX_FILTER_BYTES {
        let at = MAX_FILTER_BYTES..expression.len();
        return Err(FilterError::new(&at, "The expression is too long")
            .help(format!("At most {MAX_FILTER_BYTES} bytes are read")));
    }
    let mut parser = delimited(multispace0, repeat(0.., token), multispace0);
    let all: Vec<Lexed<'_>> = parser
        .parse(LocatingSlice::new(expression))
        .map_err(|failed| failed.into_inner().error(expression))?;
    match all.get(MAX_FILTER_TOKENS) {
        Some(first) => Err(FilterError::new(&first.at, "The expression has too many parts")
            .help(format!("At most {MAX_FILTER_TOKENS} words and signs are read"))),
        None => Ok(all),
    }
}

fn token<'t>(input: &mut Input<'t>) -> Failure<Lexed<'t>> {
    let (token, at) = dispatch! {peek(any);
        '"' => text.map(Token::Text),
        'r' | 'R' => alt((text.map(Token::Text), word.map(Token::Word))),
        '\'' => character.map(Token::Character),
        '[' => pieces.map(Token::Pieces),
        '#' => layers.map(Token::Layers),
        c if begins_word(c) => alt((word.map(Token::Word), sign.map(Token::Sign))),
        _ => alt((sign.map(Token::Sign), stray)),
    }
    .with_span()
    .parse_next(input)?;
    let _ = multispace0.parse_next(input)?;
    Ok(Lexed { token, at })
}

const fn begins_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.')
}

fn word<'t>(input: &mut Input<'t>) -> Failure<&'t str> {
    let len = word_len(input);
    if len == 0 {
        return fail.parse_next(input);
    }
    take(len).parse_next(input)
}

/// How many bytes of a text are one word. A minus belongs to it (`mac-lte`), a stroke only behind
/// an address (`10.0.0.0/8`), a plus only in an exponent (`1e+3`); `..` ends it.
fn word_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_at = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let before = |at: usize| text.get(..at).unwrap_or_default();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let goes_on = match byte {
            b'.' => !(is_at(at + 1, b'.') || at > 0 && is_at(at - 1, b'.')),
            b'-' => at > 0,
            b'/' => before(at).parse::<IpAddr>().is_ok(),
            b'+' => {
                before(at).strip_suffix(['e', 'E']).is_some_and(|base| base.parse::<f64>().is_ok())
            }
            byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'),
        };
        if !goes_on {
            break;
        }
        at += 1;
    }
    before(at).trim_end_matches('-').len()
}

fn sign(input: &mut Input<'_>) -> Failure<&'static str> {
    let found = SIGNS.iter().find(|sign| input.starts_with(**sign));
    match found {
        Some(sign) => take(sign.len()).value(*sign).parse_next(input),
        None => fail.parse_next(input),
    }
}

/// What nothing begins with.
fn stray<'t>(input: &mut Input<'t>) -> Failure<Token<'t>> {
    let start = input.current_token_start();
    let c: char = any.parse_next(input)?;
    let at = start..start + c.len_utf8();
    let failed = match c {
        '=' => Failed::said(at, "“=” alone compares nothing", "“==” asks for equal values"),
        '|' => Failed::said(at, "“|” alone joins nothing", "Write “||” or “or”"),
        '^' => Failed::said(at, "“^” alone joins nothing", "Write “^^” or “xor”"),
        '$' => Failed::said(
            at,
            "A reference to a field of the selected frame has no meaning here: no frame is selected",
            "Write the value itself",
        ),
        ']' => Failed::said(at, "No “[” opens what this closes", ""),
        '“' | '”' | '„' => {
            Failed::said(at, format!("{c} is no quotation mark here"), "Text stands in \"…\"")
        }
        c if !c.is_ascii() => Failed::said(
            at,
            format!("“{c}” may only stand in double quotes"),
            "Text stands in \"…\"",
        ),
        c => Failed::said(at, format!("“{}” means nothing here", c.escape_default()), ""),
    };
    Err(failed.cut())
}

fn number(input: &mut Input<'_>) -> Failure<i32> {
    (opt('-'), digit1).take().parse_to().parse_next(input)
}

fn piece(input: &mut Input<'_>) -> Failure<Piece> {
    let blank =
        |input: &mut Input<'_>| -> Failure<()> { opt(multispace1).void().parse_next(input) };
    blank(input)?;
    let from = opt(number).parse_next(input)?;
    blank(input)?;
    let until = match (opt(one_of([':', '-'])).parse_next(input)?, from) {
        (Some(':'), _) => {
            preceded(blank, opt(number)).parse_next(input)?.map_or(Until::End, Until::Len)
        }
        (Some(_), Some(_)) => Until::Last(preceded(blank, number).parse_next(input)?),
        (None, Some(_)) => Until::Len(1),
        _ => return fail.parse_next(input),
    };
    blank(input)?;
    Ok(Piece { from: from.unwrap_or(0), until })
}

fn pieces(input: &mut Input<'_>) -> Failure<Vec<Piece>> {
    let (start, whole) = (input.current_token_start(), bracket_len(input));
    let inner = cut_err((separated(1.., piece, ','), ']').map(|(pieces, _)| pieces));
    let result = preceded('[', inner).parse_next(input);
    result.map_err(|failed| {
        let end = start + whole;
        let help = "[i:n] is n bytes from i on, [i-j] is i to j, [i] one, [i:] the rest";
        failed.map(|_| Failed::said(start..end, "What stands in brackets is no range", help))
    })
}

/// How long what begins with a bracket is, up to the one that closes it.
fn bracket_len(text: &str) -> usize {
    text.find(']').map_or(text.trim_end().len(), |at| at + 1)
}

fn layers(input: &mut Input<'_>) -> Failure<Vec<Piece>> {
    let start = input.current_token_start();
    let one = digit1.parse_to().map(|from| vec![Piece { from, until: Until::Len(1) }]);
    let result = preceded('#', cut_err(alt((one, pieces)))).parse_next(input);
    result.map_err(|failed| {
        let end = input.current_token_start().max(start + 1);
        let help = "ip.src#1 is the outermost, ip.src#[2-3] a range";
        failed.map(|_| Failed::said(start..end, "Behind “#” stands the number of a layer", help))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_people_mean_them_to() {
        let words = |text: &str| -> Vec<String> {
            let found = tokens(text).unwrap();
            found.iter().map(|one| text[one.at.clone()].to_owned()).collect()
        };
        let check = |text: &str, expected: &str| assert_eq!(words(text).join(" "), expected);
        check("tcp.port==80", "tcp.port == 80");
        check("{4430..4434}", "{ 4430 .. 4434 }");
        check("10.0.0.5 .. 10.0.0.9", "10.0.0.5 .. 10.0.0.9");
        check("10.0.0.0/8&&ip", "10.0.0.0/8 && ip");
        check("2001:db8::/32", "2001:db8::/32");
        check("tcp.len/2", "tcp.len / 2");
        check("ff-fe-aa", "ff-fe-aa");
        check("1e-3 1.5e+3", "1e-3 1.5e+3");
        check("a!==b===c!=d", "a !== b === c != d");
    }

    #[test]
    fn brackets_hold_pieces() {
        let check = |text: &str, expected: &[(i32, Until)]| {
            let expected =
                expected.iter().map(|(from, until)| Piece { from: *from, until: *until });
            let found = tokens(text).unwrap();
            assert_eq!(found[0].token, Token::Pieces(expected.collect()));
        };
        check("[0:3]", &[(0, Until::Len(3))]);
        check("[1-3]", &[(1, Until::Last(3))]);
        check("[-4:4]", &[(-4, Until::Len(4))]);
        check("[-4:]", &[(-4, Until::End)]);
        check("[:4]", &[(0, Until::Len(4))]);
        check("[-5--2]", &[(-5, Until::Last(-2))]);
        check("[1, 3-5,9:]", &[(1, Until::Len(1)), (3, Until::Last(5)), (9, Until::End)]);
    }
}
