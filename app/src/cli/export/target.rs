//! What an export is written as: decided once, by options and the ending of the file, and before a
//! large recording is read.

use std::path::Path;

use wirestage_dissectors::story::Level;

use super::{Export, Outcome, Stop, log, requests};
use crate::diagram::graph::Kind;
use crate::export::Format;

/// What is written, and where.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// What requests and answers carried, into a folder.
    Bodies(&'a Path),
    /// An archive of requests.
    Archive(&'a Path),
    /// Logs of connections of QUIC.
    Log(&'a Path),
    /// A connection over time.
    Graph(Kind, Output<'a>),
    /// A picture of all connections.
    Overview(Output<'a>),
    /// What happened, drawn or as text.
    Story(Level, Output<'a>),
}

/// A file whose ending names its format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'a> {
    pub path: &'a Path,
    pub format: Format,
}

impl Export {
    /// What is to be written.
    ///
    /// # Errors
    /// Says which option has no meaning for that, or what is wrong with the file's name.
    pub(super) fn target(&self) -> Outcome<Target<'_>> {
        let target = self.by_name()?;
        let only = |is_given: bool, has_meaning: bool, cause: &str, mend: &str| {
            if is_given && !has_meaning { Err(Stop::wrong(cause, mend)) } else { Ok(()) }
        };
        only(
            self.redact,
            matches!(target, Target::Archive(_)),
            "--redact takes secrets out of an archive of requests",
            "write one with -o and a name that ends in .har, or leave out --redact",
        )?;
        only(
            self.qlog.is_some(),
            matches!(target, Target::Log(_)),
            "--qlog says by which schema a log is written",
            "write one with -o and a name that ends in .sqlog, or leave out --qlog",
        )?;
        only(
            self.graph.is_some(),
            matches!(target, Target::Graph(_, output) if output.format.is_picture()),
            "a graph is drawn as .svg, .png or .pdf",
            "name the file after one of these, or leave out --graph; show --fields writes the \
             numbers",
        )?;
        only(
            self.follow.is_some(),
            matches!(target, Target::Story(..)),
            "--follow tells the story of one request",
            "write a story, for example with -o diagram.svg, or leave out --follow",
        )?;
        only(
            matches!(target, Target::Overview(_)),
            matches!(target, Target::Overview(output) if output.format.is_picture()),
            "an overview is drawn as .svg, .png or .pdf",
            "wirestage story --level overview writes it as text",
        )?;
        Ok(target)
    }

    /// What folder, endings and levels say, whether or not the other options go with it.
    fn by_name(&self) -> Outcome<Target<'_>> {
        if let Some(folder) = &self.bodies {
            return Ok(Target::Bodies(folder));
        }
        // Without a folder clap asks for a file.
        let path = self.output.as_deref().unwrap_or(Path::new("-"));
        if requests::is_archive(path) {
            return Ok(Target::Archive(path));
        }
        if log::is_log(path) {
            return Ok(Target::Log(path));
        }
        if path == Path::new("-") {
            return Err(Stop::wrong(
                "the format of what is exported comes from the name of its file, and - has none",
                "name a file after its format, for example -o diagram.svg",
            ));
        }
        let format = Format::of(path).ok_or_else(|| {
            let endings = Format::ALL.map(|format| format!(".{}", format.ending())).join(", ");
            Stop::wrong(
                format!("{} ends in none of {endings}, .har, .sqlog", path.display()),
                "name the file after its format, for example -o diagram.svg",
            )
        })?;
        let output = Output { path, format };
        Ok(match (self.graph, self.level.level()) {
            (Some(kind), _) => Target::Graph(kind, output),
            (None, None) => Target::Overview(output),
            (None, Some(level)) => Target::Story(level, output),
        })
    }
}
