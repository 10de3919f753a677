//! Changes to an input: in what is said, in what carries it, in what goes wrong.

use crate::carry::{LINKS, TUNNELS};
use crate::dice::Dice;
use crate::input::{Break, Carrier, Input, Turn};
use crate::sealed;

/// Numbers at which lengths and counts break.
const EDGES: &[u64] = &[
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    15,
    16,
    20,
    31,
    32,
    40,
    63,
    64,
    127,
    128,
    254,
    255,
    256,
    1_023,
    1_500,
    0x7fff,
    0x8000,
    0xfffe,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];

/// No turn grows longer, and no input has more turns.
const LONGEST_TURN: usize = 6_000;
const MOST_TURNS: usize = 40;

/// Changes an input a few times; `other` is another one that was worth keeping.
pub(crate) fn mutate(input: &mut Input, other: &Input, dice: &mut Dice) {
    if !input.secrets.is_empty() && dice.once_in(8) {
        log(input, other, dice);
    }
    for _ in 0..=dice.roll(4) {
        match dice.roll(10) {
            0..=5 => say(input, other, dice),
            6 => turns(input, other, dice),
            7 => carry(input, other, dice),
            _ => go_wrong(input, dice),
        }
    }
}

/// Changes a line of the key log: its words, their letters and digits, and how many there are.
fn log(input: &mut Input, other: &Input, dice: &mut Dice) {
    let mut lines: Vec<String> = input.secrets.lines().map(Into::into).collect();
    let at = dice.roll(lines.len());
    let Some(line) = lines.get_mut(at) else { return };
    let mut letters: Vec<char> = line.chars().collect();
    let place = dice.roll(letters.len());
    match dice.roll(6) {
        0 => letters.truncate(place),
        1 => letters
            .insert(place, dice.pick(&['0', 'g', ' ', ':', '-', 'é']).copied().unwrap_or(' ')),
        2 => {
            letters.iter_mut().skip(place).take(1).for_each(|one| *one = (dice.bits() as u8).into())
        }
        3 => letters.iter_mut().for_each(|one| one.make_ascii_uppercase()),
        4 => letters.extend(vec!['0'; 2 * dice.roll(700)]),
        _ => {
            letters = other.secrets.lines().nth(dice.roll(4)).unwrap_or_default().chars().collect()
        }
    }
    *line = letters.into_iter().collect();
    let end = if dice.once_in(4) { "\r\n" } else { "\n" };
    input.secrets = lines.join(end).into();
}

/// Changes what a turn says.
fn say(input: &mut Input, other: &Input, dice: &mut Dice) {
    let at = dice.roll(input.turns.len());
    let Some(Turn { bytes, .. }) = input.turns.get_mut(at) else { return };
    let len = bytes.len();
    let at = dice.roll(len);
    match dice.roll(8) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << dice.roll(8)),
        1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = dice.bits() as u8),
        2 => {
            // A number of one, two, three or four bytes gets a value at an edge, or near its own.
            let width = 1 + dice.roll(4);
            let number = dice.pick(EDGES).copied().unwrap_or_default();
            let is_edge = dice.once_in(2);
            let step = dice.roll(9) as u64;
            if let Some(place) = bytes.get_mut(at..at + width) {
                let own = place.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                let near = own.wrapping_add(step).wrapping_sub(4);
                let new = if is_edge { number } else { near }.to_be_bytes();
                place.copy_from_slice(&new[8 - width..]);
            }
        }
        3 => bytes.truncate(at),
        4 => drop(bytes.drain(at..(at + 1 + dice.roll(8)).min(len))),
        5 => {
            let run = vec![dice.bits() as u8; 1 + dice.roll(12)];
            bytes.splice(at..at, run);
        }
        6 => {
            let run = bytes[at..(at + 1 + dice.roll(64)).min(len)].to_vec();
            let to = dice.roll(len + 1);
            bytes.splice(to..to, run);
        }
        _ => {
            let Some(theirs) = dice.pick(&other.turns) else { return };
            let from = dice.roll(theirs.bytes.len());
            let run = &theirs.bytes[from..(from + 1 + dice.roll(64)).min(theirs.bytes.len())];
            let to = if dice.once_in(2) { at } else { (at + run.len()).min(len) };
            bytes.splice(at..to, run.iter().copied());
        }
    }
    bytes.truncate(LONGEST_TURN);
}

/// Changes the order of turns, who says them, and when.
fn turns(input: &mut Input, other: &Input, dice: &mut Dice) {
    let turns = &mut input.turns;
    let (at, to) = (dice.roll(turns.len()), dice.roll(turns.len() + 1));
    let Some(turn) = turns.get(at).cloned() else { return };
    match dice.roll(8) {
        0 => drop(turns.remove(at)),
        1 => turns.insert(to, turn),
        2 => turns.swap(at, to.saturating_sub(1)),
        3 => turns[at].is_client ^= true,
        4 => {
            let after = [0, 1, 1_000_000, 31_000_000_000, 3_600_000_000_000, -5, i64::MAX];
            turns[at].after = dice.pick(&after).copied().unwrap_or_default();
        }
        5 => {
            let half = turns[at].bytes.split_off(dice.roll(turn.bytes.len()));
            turns.insert(at + 1, Turn { bytes: half, ..turn });
        }
        6 if matches!(input.carrier, Carrier::Quic(_)) => {
            // Another level, another stream, another end of it.
            turns[at].link ^= dice.pick(&[1, 2, 4, 8, sealed::FIN]).copied().unwrap_or_default();
        }
        _ if input.carrier == other.carrier => turns.extend(dice.pick(&other.turns).cloned()),
        _ => {}
    }
    turns.truncate(MOST_TURNS);
}

/// Changes what carries the turns.
fn carry(input: &mut Input, other: &Input, dice: &mut Dice) {
    match dice.roll(7) {
        0 => input.segment = [1, 2, 3, 5, 8, 16, 60, 536, 1_400][dice.roll(9)],
        1 => input.link = dice.roll(LINKS.len()) as u8,
        2 if input.tunnels.len() < 5 => {
            let tunnel = dice.roll(TUNNELS.len()) as u8;
            input.tunnels.insert(dice.roll(input.tunnels.len() + 1), tunnel);
        }
        3 => drop(input.tunnels.pop()),
        4 => {
            let depth = dice.roll(input.tunnels.len() + 1) as u8;
            let size = 8 << dice.roll(6);
            input.fragments = (!dice.once_in(3)).then_some((depth, size));
        }
        5 => {
            input.carrier = match input.carrier {
                Carrier::Ipv4(_) | Carrier::Ipv6(_) if dice.once_in(2) => {
                    Carrier::Ipv4(dice.bits() as u8)
                }
                Carrier::Ipv4(number) => Carrier::Ipv6(number),
                Carrier::Ipv6(number) => Carrier::Ipv4(number),
                Carrier::Tcp(port) if dice.once_in(4) => Carrier::Udp(port),
                Carrier::Udp(port) if dice.once_in(4) => Carrier::Tcp(port),
                same => same,
            };
        }
        _ => {
            input.tunnels.clone_from(&other.tunnels);
            input.link = other.link;
        }
    }
}

/// Lets one more thing go wrong, or one less.
fn go_wrong(input: &mut Input, dice: &mut Dice) {
    let mut number = |below: usize| dice.roll(below) as u16;
    let frame = number(32);
    let what = match number(12) {
        0..=3 => {
            // Mostly in headers.
            let at = if number(3) > 0 { number(80) } else { number(2_000) };
            let value = match number(3) {
                0 => EDGES[usize::from(number(19))] as u8,
                _ => number(256) as u8,
            };
            Break::Byte(frame, at, value)
        }
        4 => Break::Cut(frame, number(1 << 16), number(2) == 0),
        5 => Break::Swap(frame, number(32)),
        6 => Break::Lose(frame),
        7 => Break::Again(frame),
        8 => Break::Interface(frame, number(3) as u8),
        9 => Break::Wire(frame, number(1 << 16)),
        10 => Break::Link(frame, LINKS[usize::from(number(LINKS.len()))].0),
        _ => {
            input.breaks.pop();
            return;
        }
    };
    if input.breaks.len() < 12 {
        input.breaks.push(what);
    }
}
