//! Where a session gives up: the frame on which that turned out says so, and why.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::frames::FrameList;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::limits::MAX_INBOX;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;

use crate::made::{registry, talk};
use crate::play::{CLIENT, Line, SERVER, Wire, survey_in};

const LINE: Line = Line::to(talk::PORT);

/// The last line of what is told of a scene's frame.
fn last_line(scene: Dissection<'_>, frame: FrameId) -> String {
    let mut tree = FieldTree::new();
    scene.describe(frame, &mut tree);
    tree.to_text().lines().last().unwrap_or_default().trim().to_owned()
}

/// All notes that sessions gave up, with the number of their frame; the same in a conversation and
/// in windows.
fn notes(frames: &FrameList) -> Vec<(u32, String)> {
    let (survey, secrets) = (survey_in(frames, u32::MAX), Secrets::default());
    let context = Context { frames, secrets: &secrets, registry: registry() };
    let attribution = Attribution::new(context, &survey);
    let all = || (0..survey.frame_count()).map(FrameId);
    let mut swept = Vec::new();
    let mut sweep = Sweep::new(context, &survey, &attribution);
    let mut first = 0;
    while first < survey.frame_count() {
        let (window, frames) = sweep.read(first..first + 1);
        first = frames.end;
        let scene = Dissection::of_window(context, &survey, &window);
        swept.extend(frames.map(|frame| last_line(scene, FrameId(frame))));
    }
    let mut open = Conversations::new(Attribution::new(context, &survey).into(), 0);
    for (frame, swept) in all().zip(&swept) {
        let held = open.at_frame(frame, context, &survey).unwrap();
        assert_eq!(last_line(Dissection::of_stretch(context, &survey, &held), frame), *swept);
    }
    let numbered = all().map(|frame| frame.number()).zip(swept);
    numbered.filter(|(_, line)| line.starts_with("Note: ")).collect()
}

#[test]
fn what_is_behind_missing_bytes_is_nobodys() {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, b"one line\nand half a");
    wire.lose(LINE, CLIENT, 10);
    wire.send(LINE, CLIENT, b"rest\nanother\n");
    wire.send(LINE, SERVER, b"good\n");
    let why = "Note: Talk reads no further here: it cannot go on behind missing bytes";
    // That they are missing is known from the frame on before them.
    assert_eq!(notes(&wire.frames), [(4, why.to_owned())]);
}

#[test]
fn nobody_waits_for_more_than_is_held_back() {
    let mut wire = Wire::default();
    wire.connect(LINE);
    let part = vec![b'a'; 1 << 15];
    // Who always asks for one byte more gets twice as much.
    let most = (2 * MAX_INBOX as u32) >> 15;
    (0..most + 3).for_each(|_| wire.send(LINE, CLIENT, &part));
    let why = "Note: Talk reads no further here: it waits for more bytes than are held back";
    assert_eq!(notes(&wire.frames), [(3 + most + 1, why.to_owned())]);
}
