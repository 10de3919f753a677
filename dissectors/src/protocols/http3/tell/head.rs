//! Tells of header sections: requests, responses, promises, trailers.

use super::CHAPTER;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::http3::frame::FrameHeader;
use crate::protocols::http3::kind::Facts;
use crate::protocols::multiplexed::{self, Frame, Words};
use crate::telling::Telling;

/// Where the standard says what is told.
const OWN: Words = Words {
    chapter: CHAPTER,
    standard: "RFC 9114",
    heads: "http3/headers",
    promises: "http3/headers",
    trailers: "http3/headers",
    extended: ("RFC 9220", "3"),
    frame: "7.2.2",
    control: "4.3.1",
    tunnel: "4.4",
    promise: "4.6",
    trailer: "4.1",
    parallel: "4.1",
    again: "3.3",
};

/// Tells of a frame with a header section.
pub(super) fn tell(
    message: &Message,
    header: &FrameHeader,
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let frame = Frame {
        name: header.name(),
        is_sealed: message.protection.is_sealed(),
        ends: facts.ends,
        is_whole: true,
        list: facts.list.as_deref(),
        asked: facts.asked.as_deref(),
    };
    let told = multiplexed::tell(&frame, &OWN, view);
    let Some(unblocked) = facts.list.as_ref().and_then(|list| list.unblocked) else { return told };
    let detail = format!(
        "{} It names entries of the table that had not come yet: it was read with frame {}.",
        told.detail,
        unblocked.number()
    );
    told.detail(detail.trim())
}
