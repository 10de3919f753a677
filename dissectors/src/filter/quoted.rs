//! What stands in quotes: text with escapes, raw text, single characters.
//!
//! | written | means |
//! |---|---|
//! | `\a \b \f \n \r \t \v \\ \' \"` | as in C |
//! | `\101` | the byte of that octal number |
//! | `\x41` | the byte of that hexadecimal number |
//! | `\u00e9`, `\U0001f512` | that character |
//! | `r"\d+"` | text in which a backslash is itself |

use winnow::combinator::{alt, opt, preceded, repeat, terminated};
use winnow::prelude::*;
use winnow::stream::Location;
use winnow::token::{any, none_of, one_of, take_while};

use super::failure::{Failed, Failure};
use super::token::Input;

/// What is in a text.
enum Part<'t> {
    Plain(&'t str),
    Byte(u8),
    Character(char),
}

/// Text in double quotes; with `r` before them, raw.
pub(super) fn text(input: &mut Input<'_>) -> Failure<Vec<u8>> {
    let start = input.current_token_start();
    let raw = opt(one_of(['r', 'R'])).parse_next(input)?.is_some();
    '"'.parse_next(input)?;
    let mut found = Vec::new();
    loop {
        if opt('"').parse_next(input)?.is_some() {
            return Ok(found);
        }
        if input.is_empty() {
            let at = start..input.current_token_start();
            return Err(Failed::said(at, "The text has no end", "Close it with \"").cut());
        }
        let part = if raw { raw_part(input)? } else { part(input)? };
        match part {
            Part::Plain(text) => found.extend(text.bytes()),
            Part::Byte(byte) => found.push(byte),
            Part::Character(c) => found.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
}

/// A backslash stays in raw text, also before a quotation mark that does not end it.
fn raw_part<'t>(input: &mut Input<'t>) -> Failure<Part<'t>> {
    let escaped = ('\\', any).take();
    alt((escaped, take_while(1.., |c| c != '\\' && c != '"'), "\\"))
        .map(Part::Plain)
        .parse_next(input)
}

fn part<'t>(input: &mut Input<'t>) -> Failure<Part<'t>> {
    alt((take_while(1.., |c| c != '\\' && c != '"').map(Part::Plain), preceded('\\', escape)))
        .parse_next(input)
}

/// What stands behind a backslash.
fn escape<'t>(input: &mut Input<'t>) -> Failure<Part<'t>> {
    let start = input.current_token_start().saturating_sub(1);
    let octal = take_while(1..=3, '0'..='7').verify_map(|digits| byte(digits, 8));
    let hex = preceded('x', take_while(1..=2, |c: char| c.is_ascii_hexdigit()));
    let short = preceded('u', take_while(4, |c: char| c.is_ascii_hexdigit()));
    let long = preceded('U', take_while(8, |c: char| c.is_ascii_hexdigit()));
    let unicode = alt((short, long)).verify_map(|digits: &str| {
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(Part::Character)
    });
    let named = one_of(['a', 'b', 'f', 'n', 'r', 't', 'v', '\\', '\'', '"']).map(|c| match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        other => other as u8,
    });
    let found: Result<_, winnow::error::ErrMode<Failed>> = alt((
        named.map(Part::Byte),
        octal.map(Part::Byte),
        hex.verify_map(|digits| byte(digits, 16)).map(Part::Byte),
        unicode,
    ))
    .parse_next(input);
    found.map_err(|_| {
        let c = input.chars().next();
        let at = start..start + 1 + c.map_or(0, char::len_utf8);
        let what = format!("“\\{}” is no escape", c.unwrap_or(' '));
        let help = "There are \\n, \\t, \\\\, \\\", \\x41, \\101, \\u00e9; in r\"…\" a backslash is itself";
        Failed::said(at, what, help).cut()
    })
}

fn byte(digits: &str, radix: u32) -> Option<u8> {
    u8::from_str_radix(digits, radix).ok()
}

/// One character in single quotes: its number.
pub(super) fn character(input: &mut Input<'_>) -> Failure<u32> {
    let start = input.current_token_start();
    let plain = none_of(['\'', '\\']).map(u32::from);
    let escaped = preceded('\\', escape).map(|part| match part {
        Part::Byte(byte) => byte.into(),
        Part::Character(c) => c.into(),
        Part::Plain(_) => 0,
    });
    let result: Failure<u32> =
        preceded('\'', terminated(alt((plain, escaped)), '\'')).parse_next(input);
    result.map_err(|failed| match failed {
        winnow::error::ErrMode::Cut(failed) => failed.cut(),
        _ => {
            let rest: Result<(), winnow::error::ErrMode<Failed>> =
                repeat(0.., none_of(['\'', ' '])).parse_next(input);
            drop(rest);
            let at = start..input.current_token_start().max(start + 1);
            let help = "In single quotes stands one character; text stands in \"…\"";
            Failed::said(at, "This is no single character", help).cut()
        }
    })
}
