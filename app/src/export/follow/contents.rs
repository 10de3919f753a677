//! Requests and answers of a connection, one after the other: heads, and contents with their
//! codings undone and laid out.

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::requests::{Detail, Half, Request};

use super::{Line, Only, heading, layout};
use crate::document::{Gathered, Ground, Progress, Windows};

/// Tells the requests of a connection as lines. Says whether it got to the end.
pub fn contents(
    ground: &Ground,
    connection: ConnectionId,
    only: Only,
    progress: &Progress,
    tell: &mut dyn FnMut(Line) -> bool,
) -> bool {
    let one = ground.narrowed(&[connection]);
    let Some(Gathered { rows, .. }) = one.requests(Windows::default(), progress) else {
        return false;
    };
    let rows = rows.iter().filter(|row| row.connection == connection).enumerate();
    let mut is_wanted = true;
    let told = one.details().each(rows, |_, request, detail| {
        for by_asker in [true, false] {
            if only.is(by_asker, request.lane) {
                half(request, detail, by_asker, &mut |line| is_wanted = is_wanted && tell(line));
            }
        }
        Ok::<bool, std::convert::Infallible>(is_wanted && !progress.is_cancelled())
    });
    matches!(told, Ok(true))
}

/// What one side said in a request.
fn half(request: &Request, detail: &Detail, by_asker: bool, tell: &mut dyn FnMut(Line)) {
    let (said, half) = match by_asker {
        true => (request.question, &detail.question),
        false => (request.answer, &detail.answer),
    };
    let Some(said) = said else { return };
    let mut words = if by_asker {
        format!("{} {}{}", request.method, request.host, request.path)
    } else {
        let reason = String::from_utf8_lossy(&detail.reason);
        let status = request.status.map_or_else(|| "no status".to_owned(), |one| one.to_string());
        format!("{status} {reason}").trim_end().to_owned()
    };
    if let Some(lane) = request.lane {
        words += &format!("  stream {lane}");
    }
    tell(heading(by_asker, said.first.frame, &words));
    let frame = said.first.frame;
    let mut line = |text| tell(Line { by_client: by_asker, heads: None, frame, text });
    fields(&half.fields, &mut line);
    if let Some(content) = half.content.as_ref().filter(|one| !one.bytes.is_empty()) {
        line(String::new());
        laid_out(half, &content.bytes, content.is_coded, &mut line);
        if content.unkept > 0 {
            line(format!("… and {} bytes that are not kept", content.unkept));
        }
    }
    if !half.trailers.is_empty() {
        line(String::new());
        fields(&half.trailers, &mut line);
    }
}

fn fields(fields: &[(Vec<u8>, Vec<u8>)], line: &mut dyn FnMut(String)) {
    for (name, value) in fields {
        let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
        line(format!("{name}: {value}").replace(|c: char| c.is_control(), "."));
    }
}

fn laid_out(half: &Half, bytes: &[u8], is_coded: bool, line: &mut dyn FnMut(String)) {
    let kind = half.value("content-type").unwrap_or_default();
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    if is_coded {
        line(format!("({} bytes that are still coded)", bytes.len()));
        return;
    }
    layout::lines(kind.split(';').next().unwrap_or_default().trim(), bytes).for_each(line);
}
