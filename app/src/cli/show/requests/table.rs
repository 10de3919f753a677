//! Requests as an aligned table; where a terminal is wide, with a waterfall beside it.

use std::collections::BTreeSet;
use std::fmt::Write;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::limits::MAX_REQUESTS;
use wirestage_dissectors::requests::{Outcome, Request};
use wirestage_dissectors::wording::{bytes, counted, duration, thousands};

use super::waterfall::{ASKS, GETS, Scale, WAITS};
use crate::document::{Gathered, Numbers};

/// A column: its title, whether it stands at the right, and how wide it gets at most.
struct Column {
    title: &'static str,
    is_number: bool,
    most: usize,
}

const fn text(title: &'static str, most: usize) -> Column {
    Column { title, is_number: false, most }
}

const fn number(title: &'static str) -> Column {
    Column { title, is_number: true, most: usize::MAX }
}

/// All columns but the waterfall.
const COLUMNS: [Column; 13] = [
    number("#"),
    number("start"),
    text("method", 10),
    text("host", 40),
    text("path", usize::MAX),
    number("status"),
    text("type", 28),
    number("sent"),
    number("content"),
    number("time"),
    text("protocol", 12),
    text("connection", 14),
    text("how it went", 56),
];

/// The column that gives way where the terminal is narrow, and its bounds in characters: what it
/// has at most beside a waterfall, and what it keeps.
const PATH: usize = 4;
const PATH_WIDE: usize = 60;
const PATH_LEAST: usize = 16;

/// The width of a waterfall, in characters: in one narrower its heading finds no room, one wider is
/// far from the rest of its row.
const LEAST_BARS: usize = 36;
const MOST_BARS: usize = 60;

/// Between two columns.
const GAP: usize = 2;

/// The requests as a table, for a terminal of that width or for a file.
pub(super) fn table(numbers: &Numbers, all: &Gathered, width: Option<usize>) -> String {
    let first = all.rows.first().map_or(Time::UNKNOWN, |row| row.start().time);
    let rows: Vec<[String; 13]> = (1..)
        .zip(&all.rows)
        .map(|(number, row)| {
            let connection = numbers.get(&row.connection).copied().unwrap_or_default();
            cells(number, row, connection, first)
        })
        .collect();
    let mut widths = widths(&rows, width.is_some());
    let bars = width.and_then(|width| fit(&mut widths, width));
    let scale = bars.map(|bars| Scale::of(&all.rows, bars));
    let mut out = String::new();
    if !rows.is_empty() {
        let titles = COLUMNS.map(|column| column.title.to_owned());
        let legend = scale.map(|scale| {
            let whole = duration(scale.nanos());
            format!("{ASKS} asks {WAITS} waits {GETS} gets: {whole}")
        });
        line(&titles, &widths, legend.as_deref(), &mut out);
    }
    for (cells, row) in rows.iter().zip(&all.rows) {
        let bar = scale.map(|scale| scale.bar(row));
        line(cells, &widths, bar.as_deref(), &mut out);
    }
    if !rows.is_empty() {
        out.push('\n');
    }
    // Writing to a string does not fail.
    let _ = writeln!(out, "{}", sum(all));
    out
}

/// What is said of requests that have no row.
pub(super) fn left_out(count: u64) -> String {
    let (more, most) = (counted(count, "more request"), thousands(MAX_REQUESTS as u64));
    format!("{more} left out: no more than {most} are kept")
}

/// How many there are, and how they went.
fn sum(all: &Gathered) -> String {
    let connections: BTreeSet<_> = all.rows.iter().map(|row| row.connection).collect();
    let mut text = counted(all.rows.len() as u64, "request");
    if !connections.is_empty() {
        text += &format!(" on {}", counted(connections.len() as u64, "connection"));
    }
    let of = |wanted: fn(&Outcome) -> bool| {
        all.rows.iter().filter(|row| wanted(&row.outcome())).count() as u64
    };
    let troubles = [
        (of(|how| matches!(how, Outcome::Unanswered)), "without an answer"),
        (of(|how| matches!(how, Outcome::BrokenOff(_))), "broken off"),
        (of(|how| matches!(how, Outcome::Short(_))), "with half an answer"),
    ];
    for (count, how) in troubles.iter().filter(|(count, _)| *count > 0) {
        text += &format!(", {} {how}", thousands(*count));
    }
    if all.left_out > 0 {
        text += &format!("; {}", left_out(all.left_out));
    }
    text
}

fn cells(number: usize, row: &Request, connection: usize, first: Time) -> [String; 13] {
    let said = |what: fn(&wirestage_dissectors::requests::Said) -> u64| {
        row.answer.as_ref().map_or_else(|| "-".to_owned(), |said| bytes(what(said)))
    };
    let start = row.start().time;
    let start = start.known().map_or_else(|| "-".to_owned(), |time| seconds(time.since(first)));
    let lane = row.lane.map_or_else(String::new, |lane| format!("/{lane}"));
    let promised = if row.is_promised { "promised by the server" } else { "" };
    [
        number.to_string(),
        start,
        dash(&row.method),
        dash(&row.host),
        dash(&row.path),
        row.status.map_or_else(|| "-".to_owned(), |status| status.to_string()),
        dash(&row.kind),
        said(|said| said.head + said.body),
        said(|said| said.content()),
        row.took().map_or_else(|| "-".to_owned(), duration),
        row.version.to_string(),
        format!("{connection}{lane}"),
        row.trouble().unwrap_or(promised).to_owned(),
    ]
}

/// Nothing is a dash, so that columns can be told apart.
fn dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// Seconds with six digits behind them; a request that began before the first is none here.
fn seconds(nanos: i64) -> String {
    let micros = nanos.max(0) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// How wide each column has to be; 0 for one that nothing stands in. Whoever reads a file or a pipe
/// gets all of each text.
fn widths(rows: &[[String; 13]], is_terminal: bool) -> [usize; 13] {
    let mut widths = [0; 13];
    for (at, (width, column)) in widths.iter_mut().zip(&COLUMNS).enumerate() {
        let cells = rows.iter().filter_map(|cells| cells.get(at)).map(|cell| cell.chars().count());
        let widest = cells.max().unwrap_or(0);
        if widest > 0 {
            let most = if is_terminal { column.most } else { usize::MAX };
            *width = widest.min(most).max(column.title.len());
        }
    }
    widths
}

/// Columns that are left out one after the other where a terminal is too narrow even so: of what
/// they say the picture, the archive and JSON say more.
const GIVING_WAY: [usize; 7] = [6, 10, 7, 11, 8, 1, 9];

/// Makes the columns fit a terminal of that width, and says how wide the waterfall is, where there
/// is room for one.
fn fit(widths: &mut [usize; 13], width: usize) -> Option<usize> {
    let sum = |widths: &[usize; 13]| -> usize {
        widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum()
    };
    let least = |widths: &[usize; 13]| {
        let path = widths.get(PATH).copied().unwrap_or_default();
        sum(widths) - path.saturating_sub(PATH_LEAST)
    };
    for column in GIVING_WAY {
        if least(widths) <= width + GAP {
            break;
        }
        if let Some(column) = widths.get_mut(column) {
            *column = 0;
        }
    }
    let others = sum(widths);
    let path = widths.get_mut(PATH)?;
    let room = width.saturating_sub(others.saturating_sub(*path));
    let wide = (*path).min(PATH_WIDE);
    let bars = room.saturating_sub(wide + GAP).min(MOST_BARS);
    if bars >= LEAST_BARS {
        *path = wide;
        return Some(bars);
    }
    *path = (*path).min(room.max(PATH_LEAST));
    None
}

/// Writes a line of the table.
fn line(cells: &[String; 13], widths: &[usize; 13], behind: Option<&str>, out: &mut String) {
    let mut text = String::new();
    for ((cell, width), column) in cells.iter().zip(widths).zip(&COLUMNS) {
        if *width == 0 {
            continue;
        }
        let cell = cut(cell, *width);
        let blanks = " ".repeat(width.saturating_sub(cell.chars().count()));
        if column.is_number {
            text += &format!("{blanks}{cell}");
        } else {
            text += &format!("{cell}{blanks}");
        }
        text += "  ";
    }
    text += behind.unwrap_or_default();
    out.push_str(text.trim_end());
    out.push('\n');
}

/// Text that is cut where it is longer.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId, MessageId, ProtocolId};
    use wirestage_dissectors::message::Anchor;
    use wirestage_dissectors::requests::{Place, Said};
    use wirestage_dissectors::story::Moment;

    use super::*;

    fn said((first, last): (i64, i64), body: u64) -> Said {
        let at =
            |millis: i64| Moment { frame: FrameId(millis as u32), time: Time(millis * 1_000_000) };
        let place = Place { message: MessageId(0), done: FrameId(0) };
        let anchor = Anchor {
            connection: ConnectionId(7),
            protocol: ProtocolId::of("http"),
            direction: Direction::Forward,
            frame: FrameId(0),
            offset: 0,
            ordinal: 0,
        };
        let (first, last) = (at(first), at(last));
        let begins = (place, anchor);
        Said { begins, first, last, head: 40, body, decoded: None, ended: true, short: None }
    }

    /// A request that asks from 0 to 10 ms, and one that is answered from 30 to 40 ms.
    fn gathered(path: &str) -> Gathered {
        let row = |question, answer: Option<Said>| Request {
            connection: ConnectionId(7),
            protocol: ProtocolId::of("http"),
            version: "HTTP/1.1".into(),
            lane: None,
            asker: Direction::Forward,
            is_promised: false,
            method: "GET".into(),
            scheme: "http".into(),
            host: "h".into(),
            path: path.into(),
            status: answer.map(|_| 200),
            kind: Box::default(),
            interim: Vec::new(),
            question: Some(question),
            answer,
            broken_off: None,
            places: Vec::new(),
            before: None,
        };
        let rows =
            vec![row(said((0, 10), 0), None), row(said((10, 10), 0), Some(said((30, 40), 1500)))];
        Gathered { rows, left_out: 0 }
    }

    fn shown(path: &str, width: Option<usize>) -> String {
        table(&Numbers::from([(ConnectionId(7), 3)]), &gathered(path), width)
    }

    #[test]
    fn a_file_gets_every_word_and_no_picture() {
        let long = "/a".repeat(100);
        let text = shown(&long, None);
        assert_eq!(text.matches(&long).count(), 2);
        assert!(!text.contains(GETS) && !text.contains('…'));
        assert!(text.ends_with("\n2 requests on 1 connection, 1 without an answer\n"), "{text}");
    }

    #[test]
    fn a_wide_terminal_gets_a_waterfall_and_a_narrow_one_shorter_paths() {
        let lines = |width| {
            let text = shown(&"/abcd".repeat(10), Some(width));
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let wide = lines(220);
        assert!(wide[0].contains("━ asks ╌ waits █ gets: 40.0 ms"), "{}", wide[0]);
        let bar = |line: &str| line.chars().filter(|c| [ASKS, WAITS, GETS].contains(c)).count();
        assert!(bar(&wide[1]) > 5 && bar(&wide[2]) > 2 * bar(&wide[1]), "{wide:#?}");
        assert!(wide[2].ends_with(GETS) && wide[1].ends_with(ASKS));
        let narrow = lines(132);
        assert!(narrow.iter().all(|line| bar(line) == 0));
        assert!(narrow[1].contains('…'));
        assert!(wide.iter().all(|line| line.chars().count() <= 220), "{wide:#?}");
        assert!(narrow.iter().take(3).all(|line| line.chars().count() <= 132), "{narrow:#?}");
        let small = lines(64);
        assert!(small.iter().take(3).all(|line| line.chars().count() <= 64), "{small:#?}");
        assert!(small[0].contains("path") && small[0].contains("status"), "{}", small[0]);
    }
}
