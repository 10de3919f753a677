//! What is exported of the course of a connection: graphs of it.

use std::io::Write;

use clap::ValueEnum;
use wirestage_dissectors::ids::{ConnectionId, Direction};
use wirestage_dissectors::story::Story;

use super::super::story::Chosen;
use super::target::Output;
use super::{Export, Outcome, Stop, put};
use crate::diagram::graph::{Kind, Names, Request, USUAL_WIDTH, graph};
use crate::diagram::{FontMeasure, PAPER_WIDTH};
use crate::document::{Document, Ground, Progress, title};
use crate::export::{self, Format};
use crate::trouble::Trouble;

/// Whose sending a graph shows.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Sender {
    /// Who began the connection
    Client,
    /// Who answered
    Server,
}

impl Export {
    /// Writes a graph of one direction of one connection, and says whose.
    pub(super) fn graph(
        &self,
        kind: Kind,
        document: &Document,
        output: Output<'_>,
        out: &mut dyn Write,
    ) -> Outcome {
        let ground = document.ground();
        let connection = self.graphed(document, &ground)?;
        let sender = match self.from {
            Some(Sender::Client) => Direction::Forward,
            Some(Sender::Server) => Direction::Backward,
            None => ground.busier(connection),
        };
        let course = ground.course(connection, sender, &Progress::new()).ok_or_else(|| {
            Stop::Work(Trouble::new(
                "neither TCP nor QUIC carries this connection",
                "choose another one with --connection; wirestage info lists them",
            ))
        })?;
        if let Some(why) = kind.lacks(&course) {
            return Err(Stop::Work(Trouble::new(
                format!("there is no graph of that: {why}"),
                "choose another one, or the other side with --from client or --from server",
            )));
        }
        let names = Names {
            sender: ground.end(connection, sender),
            receiver: ground.end(connection, sender.reverse()),
            recording: document.about().title.unwrap_or_else(|| title(&self.files.all)),
        };
        let usual = if output.format == Format::Pdf { PAPER_WIDTH } else { USUAL_WIDTH };
        let width = self.width.unwrap_or(usual) as f32;
        let request = Request { kind, width, height: None, stretch: None };
        let picture = graph((&course, &names), &request, &FontMeasure::default());
        let told = Story { title: kind.title(course.carrier).to_owned(), ..Story::default() };
        let wanted = self.wanted();
        let written =
            export::picture((&[picture.scene], &told), output.format, &wanted, &Progress::new())?;
        put(output.path, written, out)?;
        writeln!(out, "{}", picture.spoken)?;
        Ok(())
    }

    /// The connection that is meant: of several the one with the most frames.
    fn graphed(&self, document: &Document, ground: &Ground) -> Outcome<ConnectionId> {
        let chosen = self.connection.of(document)?;
        let all = &document.connections;
        let own = || all.iter().copied().filter(|id| chosen.holds(*id));
        let frames = |id: &ConnectionId| ground.attribution.frames(*id, &ground.survey).len();
        let most = own().max_by_key(|id| (frames(id), std::cmp::Reverse(*id)));
        let found = most.ok_or_else(|| {
            Stop::Work(Trouble::new(
                format!("{} holds no connection", title(&self.files.all)),
                "wirestage info says what it holds",
            ))
        })?;
        if !matches!(chosen, Chosen::One(_)) && own().nth(1).is_some() {
            let place = all.iter().position(|id| *id == found).unwrap_or_default() + 1;
            eprintln!(
                "note: connection {place} of {} is drawn, the one with the most packets; \
                 --connection N chooses another",
                all.len()
            );
        }
        Ok(found)
    }
}
