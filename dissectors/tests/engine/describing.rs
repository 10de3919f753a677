//! Descriptions: parts inside parts to any depth within the bound, and rows that name what a frame
//! holds.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::limits::MAX_DEPTH;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::{FieldTree, RowText};

use crate::made::{nest, registry};
use crate::play::{CLIENT, Line, Wire, survey_in};

/// The row of a frame with a message so many parts deep, and the depths that its tree tells.
fn described(depth: u8) -> (String, Vec<String>) {
    let line = Line::to(nest::PORT);
    let mut wire = Wire::default();
    wire.connect(line);
    wire.send(line, CLIENT, &[depth]);
    let (survey, secrets) = (survey_in(&wire.frames, u32::MAX), Secrets::default());
    let context = Context { frames: &wire.frames, secrets: &secrets, registry: registry() };
    let mut open = Conversations::new(Attribution::new(context, &survey).into(), 0);
    let held = open.at_frame(FrameId(3), context, &survey).unwrap();
    let scene = Dissection::of_stretch(context, &survey, &held);
    let (mut row, mut tree) = (RowText::new(), FieldTree::new());
    let column = scene.row(FrameId(3), &mut row);
    scene.describe(FrameId(3), &mut tree);
    let text = tree.to_text();
    let depths = text.lines().filter(|line| line.contains("Depth: "));
    (format!("{column}: {}", row.info), depths.map(|line| line.trim().to_owned()).collect())
}

#[test]
fn parts_inside_parts_are_told_as_deep_as_the_bound() {
    for (depth, told) in [(0, 1), (1, 2), (5, 6), (MAX_DEPTH as u8, MAX_DEPTH), (200, MAX_DEPTH)] {
        let (_, depths) = described(depth);
        let expected: Vec<String> = (0..told).map(|depth| format!("Depth: {depth}")).collect();
        assert_eq!(depths, expected, "{depth} parts");
    }
}

#[test]
fn content_that_nobody_knows_leaves_the_row_to_who_carried_it() {
    let (row, _) = described(1);
    assert_eq!(row, "Nest: 0 deep, 1 deep");
}
