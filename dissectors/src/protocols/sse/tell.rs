//! Says what an event means.

use super::Kind;
use super::block::{Name, lines};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Telling, quoted};

/// The longest text that is told.
const MAX_TOLD: usize = 80;

/// Tells of a block.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Telling {
    let bytes = view.bytes(message.span);
    let values = |wanted: Name| {
        let found = lines(bytes).filter(move |line| line.name(bytes) == wanted);
        found.filter_map(|line| bytes.get(line.value))
    };
    // Of two lines of one name the last one holds.
    let value = |wanted: Name| values(wanted).last().map(|value| short(&[value]));
    let mut said: Vec<String> = Vec::new();
    let data: Vec<&[u8]> = values(Name::Data).collect();
    if !data.is_empty() {
        said.push(quoted(short(&data)));
    }
    if let Some(id) = value(Name::Id).filter(|id| !id.is_empty()) {
        said.push(format!("Its id is {id}: a client that comes again names it."));
    }
    if let Some(wait) = value(Name::Retry) {
        said.push(format!(
            "A client that loses the connection waits {wait} ms before it comes again."
        ));
    }
    let (label, headline) = match message.kind::<Kind>() {
        Some(Kind::Event) => {
            let name = value(Name::Event).map(|name| format!("event {name}"));
            (
                name.unwrap_or_else(|| "event".into()),
                "Pushes an event, as a further piece of the answer",
            )
        }
        Some(Kind::Setting) => (
            value(Name::Retry).map_or_else(|| "setting".into(), |wait| format!("retry {wait} ms")),
            "Tells a client how to come again, and no event",
        ),
        Some(Kind::Comment) => {
            said.extend(values(Name::Comment).next().map(|text| quoted(short(&[text]))));
            (
                "comment".into(),
                "A comment: no event for the client, and the connection stays in use",
            )
        }
        _ => ("part of an event".into(), "Begins an event whose end is not here"),
    };
    // On a connection with streams the chapter is that of the streams.
    let chapter = message.extra::<Kind>().and_then(|carrier| carrier.chapter());
    let told = Telling::new(label, headline, chapter.unwrap_or("Server-sent events"));
    let told = told.detail(said.join(" ")).weight(6, 6).lesson("sse/event", "HTML", "9.2.6");
    let stream = chapter.and_then(|_| view.layer(message.layer)).map(|layer| layer.child);
    match stream {
        Some(stream) => told.on_lane(stream),
        None => told,
    }
}

/// Lines as one, shortened.
fn short(lines: &[&[u8]]) -> String {
    let text = Lossy(&lines.join(&b' ')).to_string();
    let dots = if text.chars().count() > MAX_TOLD { "…" } else { "" };
    format!("{}{dots}", text.chars().take(MAX_TOLD).collect::<String>())
}
