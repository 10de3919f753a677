//! Stories of small recordings made by hand, as text.

mod answers;
mod apart;
mod astray;
mod at_once;
mod endings;
mod errors;
mod exchanges;
mod excused;
mod handed;
mod holes;
mod lanes;
mod ledgers;
mod long;
mod midway;
mod order;
mod parallel;
mod passages;
mod pauses;
mod pieces;
mod play;
mod sequences;
mod series;
mod shape;
mod sums;
mod tickets;
mod tunnels;
mod two_ends;
mod unseen;
mod verdicts;
mod whole;
mod wills;

use play::Play;

use crate::attribution::Attribution;
use crate::engine::conversation::{Conversations, DEFAULT_BUDGET};
use crate::engine::reader::Context;
use crate::ids::{ConnectionId, FlowId};
use crate::registry::standard;
use crate::secret::Secrets;
use crate::story::apart::Apart;
use crate::story::text::to_text;
use crate::story::{Recorded, Story, weave};
use crate::survey::Survey;

/// The story of everything in a recording.
fn story(play: &Play) -> Story {
    story_with(play, DEFAULT_BUDGET)
}

fn story_with(play: &Play, budget: usize) -> Story {
    let survey = Survey::of(&play.frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &play.frames, secrets: &secrets, registry: standard() };
    let mut conversations = Conversations::new(Attribution::default().into(), budget);
    let ids: Vec<ConnectionId> = (0..survey.flows().len() as u32).map(ConnectionId).collect();
    assert!(ids.iter().all(|id| survey.flow(FlowId(id.0)).is_some()));
    let names = vec![
        (play::CLIENT.into(), "client".to_owned()),
        (play::SERVER.into(), "server".to_owned()),
    ];
    let facts = Recorded { title: "A play".into(), subtitle: String::new(), names };
    let apart = Apart::of(context, &survey);
    weave(&mut conversations, context, (&survey, &apart), &ids, &facts)
}

/// Does something with what is known of a recording before its connections are read.
fn with_known(play: &Play, look: impl FnOnce(&Attribution, Context<'_>, (&Survey, &Apart))) {
    let survey = Survey::of(&play.frames, standard());
    let secrets = Secrets::default();
    let context = Context { frames: &play.frames, secrets: &secrets, registry: standard() };
    let apart = Apart::of(context, &survey);
    look(&Attribution::new(context, &survey), context, (&survey, &apart));
}

/// Plays, and holds the story's text against what is expected, less the indentation.
fn check(play: &Play, expected: &str) {
    compare(&to_text(&story(play)), expected);
}

/// The same, less what explains: chapters with their cost, steps with their beads, the sum.
fn check_outline(play: &Play, expected: &str) {
    let text = to_text(&story(play));
    let kept = |line: &&str| line.contains(" · ") || line.contains("──") || !line.starts_with(' ');
    let outline: Vec<&str> = text.lines().skip(5).filter(kept).collect();
    compare(&outline.join("\n"), expected);
}

fn compare(told: &str, expected: &str) {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    assert_eq!(lines(told), lines(expected), "the story was:\n{told}");
}
