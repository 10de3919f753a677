//! What goes on the clipboard, and which filter a place asks for.

use std::fmt::Write as _;
use std::sync::Arc;

use data_encoding::{BASE64, HEXLOWER};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_dissectors::requests::Request;
use wirestage_dissectors::survey::{Flow, Transport};

use super::Explore;
use super::asks::{Copied, Narrow};
use crate::document::Windows;
use crate::export::curl;
use crate::gui::work::Job;
use crate::trouble::Trouble;

/// What is to go on the clipboard.
#[derive(Default)]
pub(super) struct Clip {
    pub(super) copied: Option<String>,
    /// What is being made for it.
    copying: Option<Job<Option<String>>>,
}

impl Explore {
    /// Puts something on the clipboard, once it is there.
    pub(super) fn copy(&mut self, what: Copied) {
        if what == Copied::Curl {
            self.copy_curl();
        } else if let Some(text) = self.text_of(what) {
            self.clip.copied = Some(text);
        }
    }

    /// What is to go on the clipboard.
    pub(in crate::gui) fn take_copied(&mut self) -> Option<String> {
        self.clip.copied.take()
    }

    fn text_of(&mut self, what: Copied) -> Option<String> {
        if what == Copied::Row {
            return self.row_text(self.selection.frame?);
        }
        if what == Copied::Step {
            let beat = self.shown.story.as_ref()?.beat(self.selection.beat?)?;
            let lines = [&beat.label, &beat.headline, &beat.detail];
            let lines: Vec<&str> =
                lines.into_iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
            return Some(lines.join("\n"));
        }
        let details = self.details.clone()?;
        if what == Copied::Tree {
            return Some(details.tree.to_text());
        }
        let line = self.selection.line?;
        let node = details.tree.nodes.get(line)?;
        match what {
            Copied::Value => {
                let value = node.text.split_once(": ").map(|(_, value)| value);
                Some(value.unwrap_or(&node.text).to_owned())
            }
            Copied::Field => Some(node.text.clone()),
            Copied::Branch => {
                let below = details.tree.nodes.get(line..details.end_of(line))?;
                let mut text = String::new();
                for one in below {
                    let indent = usize::from(one.depth.saturating_sub(node.depth)) * 4;
                    // Writing to a string does not fail.
                    let _ = writeln!(text, "{:indent$}{}", "", one.text);
                }
                Some(text)
            }
            _ => {
                let buffer = details.buffer(node.span.buffer)?;
                let from = buffer.bytes.get(node.span.start as usize..)?;
                let bytes = from.get(..node.span.len as usize).unwrap_or(from);
                (!bytes.is_empty()).then(|| written(bytes, what))
            }
        }
    }

    /// The cells of a row, a tab between each two.
    fn row_text(&mut self, frame: FrameId) -> Option<String> {
        let time = self.time_of(frame, self.row_of(frame));
        let length = self.ground.recording.frame(frame).wire_len;
        let naming = self.naming();
        let columns = self.packets.list.columns.fields.clone();
        let surroundings = (&*self.ground.recording as &dyn Frames, &*self.ground.survey);
        let row = self.packets.rows.get(frame, surroundings, columns.as_deref());
        let mut cells = vec![
            frame.number().to_string(),
            time,
            naming.text(&row.from),
            naming.text(&row.to),
            row.protocol.to_owned(),
            length.to_string(),
        ];
        cells.extend(row.fields.iter().cloned());
        cells.push(row.info.clone());
        Some(cells.join("\t"))
    }

    /// Reads the connection of the selected frame for its request.
    fn copy_curl(&mut self) {
        let Some(frame) = self.selection.frame else { return };
        let owner =
            self.ground.attribution.of(frame, &self.ground.survey).map(|owner| owner.connection);
        let Some(connection) = owner else { return };
        let ground = self.ground.narrowed(&[connection]);
        let title = "Reading the request".to_owned();
        self.clip.copying = Some(Job::start(title, Arc::clone(&self.wake), move |progress| {
            let all = ground.requests(Windows::default(), progress).unwrap_or_default();
            let is_of = |row: &&Request| {
                let sides = [row.question, row.answer].into_iter().flatten();
                let mut spans = sides.map(|said| said.first.frame..=said.last.frame);
                spans.any(|span| span.contains(&frame))
            };
            let own = all.rows.iter().filter(|row| row.question.is_some()).find(is_of);
            let Some(row) = own else {
                return Err(Trouble::new(
                    "This packet is part of no request that was read.",
                    "Choose a packet of a request: the Requests panel lists them.",
                ));
            };
            let mut command = None;
            let read = ground.details().each([(0, row)], |_, row, detail| {
                command = Some(curl(row, detail));
                Ok::<bool, std::convert::Infallible>(true)
            });
            Ok(read.ok().and(command))
        }));
    }

    /// Takes the command line that was asked for.
    pub(super) fn collect_copied(&mut self) {
        let Some(made) = self.clip.copying.as_ref().and_then(Job::poll) else { return };
        self.clip.copying = None;
        match made {
            Ok(text) => self.clip.copied = text,
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Puts the filter that a place asks for into force.
    pub(super) fn narrow_to(&mut self, what: Narrow) {
        if let Some(expression) = self.expression(what) {
            self.filtering.typed = expression;
            self.filter();
        }
    }

    /// The filter that a place asks for; `None` if there is none.
    pub(super) fn expression(&self, what: Narrow) -> Option<String> {
        match what {
            Narrow::Is | Narrow::IsNot | Narrow::Has => self.expression_of_field(what),
            _ => self.expression_of(what, self.selection.frame?),
        }
    }

    /// The filter that the selected line of the details asks for.
    fn expression_of_field(&self, what: Narrow) -> Option<String> {
        let details = self.details.as_ref()?;
        let line = self.selection.line?;
        let name = details.tree.nodes.get(line)?.field?.def().name;
        let value = || details.values.get(line)?.as_deref();
        Some(match what {
            Narrow::Is => format!("{name} == {}", value()?),
            Narrow::IsNot => format!("!({name} == {})", value()?),
            _ => name.to_owned(),
        })
    }

    /// The filter that a frame asks for by what it belongs to.
    pub(super) fn expression_of(&self, what: Narrow, frame: FrameId) -> Option<String> {
        let flow = || self.ground.survey.flow(self.ground.survey.row(frame)?.flow);
        Some(match what {
            Narrow::Connection => stream(flow()?),
            Narrow::NotConnection => format!("!({})", stream(flow()?)),
            _ => {
                let flow = flow()?;
                let ends = [Direction::Forward, Direction::Backward].map(|way| flow.address(way));
                let name = if ends.iter().all(std::net::IpAddr::is_ipv4) { "ip" } else { "ipv6" };
                let [one, other] = ends;
                format!("{name}.addr == {one} and {name}.addr == {other}")
            }
        })
    }
}

/// The filter of a flow.
fn stream(flow: &Flow) -> String {
    let transport = match flow.key.transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
    };
    format!("{transport}.stream == {}", flow.stream)
}

/// Bytes as they are pasted elsewhere.
fn written(bytes: &[u8], what: Copied) -> String {
    match what {
        Copied::Base64 => BASE64.encode(bytes),
        Copied::Array => {
            let mut text = format!("const unsigned char bytes[{}] = {{", bytes.len());
            for (at, byte) in bytes.iter().enumerate() {
                let gap = if at % 12 == 0 { "\n    " } else { " " };
                // Writing to a string does not fail.
                let _ = write!(text, "{gap}0x{byte:02x},");
            }
            text.push_str("\n};\n");
            text
        }
        _ => HEXLOWER.encode(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_for_where_they_go() {
        let bytes = [0x16, 0x03, 0xff];
        assert_eq!(written(&bytes, Copied::Hex), "1603ff");
        assert_eq!(written(&bytes, Copied::Base64), "FgP/");
        let array = "const unsigned char bytes[3] = {\n    0x16, 0x03, 0xff,\n};\n";
        assert_eq!(written(&bytes, Copied::Array), array);
    }
}
