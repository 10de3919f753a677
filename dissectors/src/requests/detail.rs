//! One request with all it holds: read again for whoever looks at it, saves it, or hands it on.

use super::row::Request;
use crate::engine::conversation::Conversations;
use crate::engine::reader::Context;
use crate::engine::view::View;
use crate::exchange::{self, Field, Part, Share};
use crate::message::Message;
use crate::survey::Survey;

/// A field of a head or of trailers: its name and its value, as they came.
pub type FieldLine = (Vec<u8>, Vec<u8>);

/// The heads and contents of a request and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// What was asked.
    pub question: Half,
    /// What was answered.
    pub answer: Half,
    /// What stands beside the answer's status code: "Not Found".
    pub reason: Vec<u8>,
}

/// What one side said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Half {
    /// The fields of its head.
    pub fields: Vec<FieldLine>,
    /// The fields behind its content.
    pub trailers: Vec<FieldLine>,
    /// Its content, where any is kept.
    pub content: Option<Content>,
}

/// A content as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Its bytes, with its codings undone where that is possible.
    pub bytes: Vec<u8>,
    /// Whether it is still coded: with something that nothing here undoes, or in a broken way.
    pub is_coded: bool,
    /// Bytes that came and are not kept, as they were sent.
    pub unkept: u64,
}

impl Half {
    /// The value of the first field of that name, whatever its case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        let own = |(found, _): &&FieldLine| found.eq_ignore_ascii_case(name.as_bytes());
        self.fields.iter().find(own).map(|(_, value)| &**value)
    }

    fn take(&mut self, share: &Share<'_>, came: u64, view: &View<'_>) {
        let own = |(name, value): &Field<'_>| (name.to_vec(), value.to_vec());
        self.fields.extend(share.fields.iter().map(own));
        self.trailers.extend(share.trailers.iter().map(own));
        if let Some(content) = content(share.content, came, view, self.is_coded()) {
            self.content = Some(content);
        }
    }

    /// Whether its head names a coding of its content.
    fn is_coded(&self) -> bool {
        let coding = self.value("content-encoding").unwrap_or_default().trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    }
}

/// A content whose end is at hand; `came` is how much of it was sent.
fn content(
    found: exchange::Content,
    came: u64,
    view: &View<'_>,
    names_coding: bool,
) -> Option<Content> {
    let sent = found.sent?;
    let shown = found.shown.unwrap_or(sent);
    let unkept = came.saturating_sub(sent.len.into());
    let decoded = view.bytes(shown);
    if shown != sent && (!decoded.is_empty() || sent.len == 0) {
        return Some(Content { bytes: decoded.to_vec(), is_coded: false, unkept });
    }
    Some(Content { bytes: view.bytes(sent).to_vec(), is_coded: names_coding, unkept })
}

impl Detail {
    /// Reads a request's messages again.
    pub fn of(
        request: &Request,
        conversations: &mut Conversations,
        (context, survey): (Context<'_>, &Survey),
    ) -> Self {
        let mut detail = Self::default();
        for place in &request.places {
            let held = conversations.at_frame(place.done, context, survey);
            let Some(held) = held else { continue };
            let own = |message: &&Message| message.id == place.message;
            let Some(message) = held.completed_by(place.done).find(own) else { continue };
            let view = held.view(context.frames);
            let protocol = view.layer(message.layer).map(|layer| layer.protocol);
            let share = protocol.and_then(|id| context.registry.get(id).exchange(message, &view));
            if let Some(share) = share {
                detail.take(request, message, &share, &view);
            }
        }
        detail
    }

    fn take(&mut self, request: &Request, message: &Message, share: &Share<'_>, view: &View<'_>) {
        let by_asker = match share.part {
            Part::Question | Part::Promise => true,
            Part::Answer => false,
            Part::Interim | Part::Reset => return,
            Part::More => message.direction == request.asker,
        };
        if share.part == Part::Answer {
            self.reason = share.reason.to_vec();
        }
        let (half, said) = match by_asker {
            true => (&mut self.question, request.question),
            false => (&mut self.answer, request.answer),
        };
        half.take(share, said.map_or(0, |said| said.body), view);
    }
}
