//! The details of a frame: its tree, where each message begins in it, and every buffer on the
//! way from the frame's bytes to what was read.

use std::collections::BTreeSet;
use std::sync::Arc;

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::anchors::{Anchors, first_byte};
use wirestage_dissectors::engine::conversation::{Held, Stop};
use wirestage_dissectors::engine::derive::{Coding, Recipe};
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::protocols::tcp;
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::sinks::tree::Node;
use wirestage_dissectors::span::{Buffer, BufferId, Span};

use super::values::Values;
use crate::document::Document;

/// How many bytes of one buffer are shown.
pub(super) const SHOWN_BYTES: usize = 1 << 20;

/// How many buffers get a tab.
const MAX_BUFFERS: usize = 32;

/// One buffer that occurs in the tree, or that one of those was made from.
#[derive(Clone, Debug)]
pub struct Bytes {
    /// Which.
    pub id: BufferId,
    /// What its tab says: "Frame 8", "Plaintext".
    pub title: String,
    /// How it came about, in a sentence.
    pub origin: String,
    /// Its bytes, up to [`SHOWN_BYTES`].
    pub bytes: Arc<[u8]>,
    /// Whether there are more.
    pub cut: bool,
}

/// Everything there is to show of one frame.
#[derive(Clone, Debug)]
pub struct Details {
    /// The frame.
    pub frame: FrameId,
    /// Its fields.
    pub tree: FieldTree,
    /// Its messages above TCP, and the line of the tree at which each begins.
    pub messages: Vec<(Anchor, usize)>,
    /// The segment that it is, and the line of its header.
    pub segment: Option<(Anchor, usize)>,
    /// The value of each line as a filter writes it, where one can ask for it.
    pub values: Vec<Option<String>>,
    /// Where each line's bytes lie in frames, for lines whose bytes lie in none.
    pub sources: Vec<Vec<Span>>,
    /// The buffers, the frame's own first.
    pub buffers: Vec<Bytes>,
}

impl Details {
    /// Reads a frame and the connection that it belongs to, until there; `None` if that shall stop
    /// before.
    #[must_use]
    pub fn read(document: &Document, frame: FrameId, stop: Stop<'_>) -> Option<Self> {
        let (context, survey) = (document.context(), &*document.survey);
        let held = document.conversations().at_frame_until(frame, stop, (context, survey));
        if held.is_none() && stop() {
            return None;
        }
        let mut tree = FieldTree::new();
        Some(match &held {
            Some(held) => {
                let connection = document.conversations().of_frame(frame, survey);
                let scene = Dissection::of_stretch(context, survey, held);
                let mut values = Values::default();
                scene.describe(frame, &mut tree);
                scene.describe(frame, &mut values);
                let view = held.view(context.frames);
                let all = messages(connection, held, &view, frame, &tree).into_iter();
                let (segments, messages): (Vec<_>, Vec<_>) =
                    all.partition(|(anchor, _)| anchor.protocol == tcp::PROTOCOL_ID);
                Self {
                    frame,
                    messages,
                    segment: segments.first().copied(),
                    values: values.all,
                    sources: tree.nodes.iter().map(|node| source(node.span, &view)).collect(),
                    buffers: buffers(context.frames, Some((held, &view)), frame, &tree),
                    tree,
                }
            }
            None => {
                Dissection::of_headers(context, survey).describe(frame, &mut tree);
                Self::bare(context.frames, frame, tree)
            }
        })
    }

    /// A frame of which only the headers are read.
    #[must_use]
    pub fn bare(frames: &dyn Frames, frame: FrameId, tree: FieldTree) -> Self {
        let buffers = buffers(frames, None, frame, &tree);
        let sources = vec![Vec::new(); tree.nodes.len()];
        let values = vec![None; tree.nodes.len()];
        Self { frame, tree, messages: Vec::new(), segment: None, values, sources, buffers }
    }

    /// One buffer.
    #[must_use]
    pub fn buffer(&self, id: BufferId) -> Option<&Bytes> {
        self.buffers.iter().find(|buffer| buffer.id == id)
    }

    /// The line at which a message begins.
    #[must_use]
    pub fn line_of(&self, anchor: Anchor) -> Option<usize> {
        let mut all = self.messages.iter().chain(&self.segment);
        all.find(|(known, _)| *known == anchor).map(|(_, line)| *line)
    }

    /// The innermost message around a line.
    #[must_use]
    pub fn message_at(&self, line: usize) -> Option<Anchor> {
        let all = self.messages.iter().chain(&self.segment);
        let before = all.filter(|(_, begin)| *begin <= line);
        before.max_by_key(|(_, begin)| *begin).map(|(anchor, _)| *anchor)
    }

    /// A line and those that it is nested in, the innermost first.
    pub fn around(&self, line: usize) -> impl Iterator<Item = &Node> {
        let before = self.tree.nodes.get(..=line).unwrap_or_default();
        let mut depth = u16::MAX;
        before.iter().rev().filter(move |node| {
            let is_around = node.depth < depth;
            depth = depth.min(node.depth);
            is_around
        })
    }

    /// The last line of what is nested below a line, exclusive.
    #[must_use]
    pub fn end_of(&self, line: usize) -> usize {
        let nodes = &self.tree.nodes;
        let Some(depth) = nodes.get(line).map(|node| node.depth) else { return line };
        let after = nodes.iter().enumerate().skip(line + 1);
        after.into_iter().find(|(_, node)| node.depth <= depth).map_or(nodes.len(), |(at, _)| at)
    }
}

/// Where a line's bytes lie in frames, where they lie in a derived buffer.
fn source(span: Span, view: &View<'_>) -> Vec<Span> {
    match span.buffer.kind() {
        Buffer::Derived(_) => view.trace(span),
        _ => Vec::new(),
    }
}

/// The anchors of the messages that a frame completes, and the line at which each begins.
fn messages(
    connection: Option<ConnectionId>,
    held: &Held,
    view: &View<'_>,
    frame: FrameId,
    tree: &FieldTree,
) -> Vec<(Anchor, usize)> {
    let Some(connection) = connection else { return Vec::new() };
    let first = held.completed_by(frame).filter_map(|message| first_byte(message, view));
    let first = first.filter_map(|span| match span.buffer.kind() {
        Buffer::Frame(frame) => Some(frame),
        _ => None,
    });
    // Anchors count the messages that begin at one byte, in the order of completion. None of
    // those can be complete before the frame of that byte.
    let first = first.min().unwrap_or(frame);
    let all = &held.stretch().messages;
    let start = all.partition_point(|message| message.done < first);
    let end = all.partition_point(|message| message.done <= frame);
    let mut anchors = Anchors::new(connection);
    let mut found: Vec<(Anchor, usize)> = Vec::new();
    for message in all.get(start..end).unwrap_or_default() {
        let anchor = anchors.next(message, view);
        if message.done != frame {
            continue;
        }
        let taken = |line: usize| found.iter().any(|(_, known)| *known == line);
        let own = tree.nodes.iter().enumerate().filter(|(line, node)| {
            !taken(*line) && node.field.is_some_and(|field| field.protocol() == anchor.protocol)
        });
        let mut exact = own.clone().filter(|(_, node)| node.span == message.span);
        // A segment is told by its header, which is only where it begins.
        let mut begins = own.filter(|(_, node)| {
            node.span.buffer == message.span.buffer && node.span.start == message.span.start
        });
        if let Some((line, _)) = exact.next().or_else(|| begins.next()) {
            found.push((anchor, line));
        }
    }
    found
}

/// The buffers of a tree and those they were made from: the frame first, then by number.
fn buffers(
    frames: &dyn Frames,
    held: Option<(&Held, &View<'_>)>,
    frame: FrameId,
    tree: &FieldTree,
) -> Vec<Bytes> {
    let own = BufferId::frame(frame);
    let mut ids = BTreeSet::new();
    for node in &tree.nodes {
        on_the_way(node.span.buffer, held, &mut ids);
    }
    ids.remove(&own);
    let others = ids.into_iter().filter(|id| id.kind() != Buffer::None);
    let mut named: Vec<Bytes> = Vec::new();
    for id in std::iter::once(own).chain(others).take(MAX_BUFFERS) {
        let whole = Span { buffer: id, start: 0, len: u32::MAX };
        let bytes = match (id.kind(), held) {
            (Buffer::Frame(frame), _) => frames.frame(frame).bytes,
            (_, Some((_, view))) => view.bytes(whole),
            _ => &[],
        };
        let (mut title, origin) = name(id, held);
        let same = named.iter().filter(|one| one.title.split(" · ").next() == Some(&title)).count();
        if same > 0 {
            title = format!("{title} · {}", same + 1);
        }
        let shown = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
        let cut = shown.len() < bytes.len();
        named.push(Bytes { id, title, origin, bytes: shown.into(), cut });
    }
    named
}

/// Adds a buffer and the derived ones that it was made from.
fn on_the_way(id: BufferId, held: Option<(&Held, &View<'_>)>, ids: &mut BTreeSet<BufferId>) {
    let mut wanted = vec![id];
    while let Some(id) = wanted.pop() {
        if ids.len() >= 4 * MAX_BUFFERS || !ids.insert(id) {
            continue;
        }
        let (Buffer::Derived(number), Some((held, _))) = (id.kind(), held) else { continue };
        let stretch = held.stretch();
        let Some(derived) = stretch.derived(number) else { continue };
        // A body can come from hundreds of frames: those are reached by their rows, not by tabs.
        let parts = stretch.pieces(derived).iter().map(|piece| piece.buffer);
        wanted.extend(parts.filter(|part| matches!(part.kind(), Buffer::Derived(_))));
    }
}

/// What a buffer is called, and how it came about.
fn name(id: BufferId, held: Option<(&Held, &View<'_>)>) -> (String, String) {
    let number = match id.kind() {
        Buffer::Frame(frame) => {
            let title = format!("Frame {}", frame.number());
            return (title, "The bytes of the frame, as they were captured.".into());
        }
        Buffer::Derived(number) => number,
        Buffer::None => return ("Computed".into(), String::new()),
    };
    let stretch = held.map(|(held, _)| held.stretch());
    let derived = stretch.and_then(|stretch| Some((stretch, stretch.derived(number)?)));
    let Some((stretch, derived)) = derived else { return ("Derived".into(), String::new()) };
    let pieces = stretch.pieces(derived);
    match derived.recipe {
        Recipe::Open { number, .. } => {
            ("Plaintext".into(), format!("Opened with its key, as number {number}."))
        }
        Recipe::Decode(coding) => {
            let coding = match coding {
                Coding::Gzip => "gzip",
                Coding::Deflate => "deflate",
                Coding::Brotli => "Brotli",
                Coding::Zstd => "Zstandard",
                Coding::Huffman => {
                    return ("Decoded text".into(), "A string without its Huffman code.".into());
                }
            };
            ("Decoded body".into(), format!("The body without its {coding} coding."))
        }
        Recipe::Recalled => {
            ("Out of a table".into(), "What an earlier message put there, or the standard.".into())
        }
        Recipe::Made => ("Worked out".into(), "What a table or a carried-over state gave.".into()),
        Recipe::Join => {
            let from = |piece: &&Span| matches!(piece.buffer.kind(), Buffer::Frame(_));
            let title =
                if pieces.iter().all(|piece| from(&piece)) { "TCP stream" } else { "Joined" };
            (title.into(), format!("{} pieces, end to end.", pieces.len()))
        }
    }
}
