//! The graph panel: pointed at, gone along with the keyboard, looked at closer, and tied to the
//! packets.

use egui_kittest::kittest::NodeT;

use super::*;

/// What is said of the packet of the graph that is named, where one is.
fn named(harness: &Harness<'_, Window>) -> Option<String> {
    harness.query_all_by_label_contains(", after ").find_map(|node| {
        let node = node.accesskit_node();
        let said = node.label().or_else(|| node.value())?;
        said.starts_with("frame ").then_some(said)
    })
}

/// A window with the graph of a recording in front.
fn graph(name: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.get_by_label("Graph").click();
    until(&mut harness, "a graph", |harness| {
        harness.query_by_label_contains("Graph: Sequence numbers").is_some()
    });
    harness
}

fn chosen(harness: &Harness<'_, Window>) -> Option<u32> {
    let open = harness.state().state.explore.as_ref()?;
    open.selection.frame.map(|frame| frame.number())
}

#[test]
fn keys_go_along_the_packets_and_choose_one() {
    let mut harness = graph("tcp-loss-recovery");
    harness.get_by_label_contains("Graph: Sequence numbers").focus();
    harness.run_steps(2);
    harness.key_press(Key::Home);
    until(&mut harness, "the first packet", |harness| named(harness).is_some());
    let before = chosen(&harness);
    harness.key_press(Key::End);
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    until(&mut harness, "another packet", |harness| chosen(harness) != before);
    // It belongs to the same connection, at whichever end it was seen: the graph stays.
    harness.run_steps(3);
    assert!(named(&harness).is_some(), "another graph is shown");
}

#[test]
fn a_pointer_names_the_packet_under_it_and_a_click_chooses_it() {
    let mut harness = graph("tcp-loss-recovery");
    let room = harness.get_by_label_contains("Graph: Sequence numbers").rect();
    // No two packets are so far apart that a grid as fine as this misses all of them.
    let steps = |from: f32, to: f32| {
        let count = ((to - from) / 20.0) as usize;
        (0..count).map(move |step| from + 20.0 * step as f32)
    };
    for (x, y) in steps(room.left(), room.right())
        .flat_map(|x| steps(room.top(), room.bottom()).map(move |y| (x, y)))
    {
        harness.hover_at(egui::pos2(x, y));
        harness.step();
        if named(&harness).is_some() {
            harness.get_by_label_contains("Graph: Sequence numbers").focus();
            harness.drag_at(egui::pos2(x, y));
            harness.step();
            harness.drop_at(egui::pos2(x, y));
            harness.run_steps(3);
            let said = named(&harness).expect("it is named");
            let number = said["frame ".len()..].split(',').next().and_then(|it| it.parse().ok());
            assert_eq!(chosen(&harness), number, "{said}");
            return;
        }
    }
    panic!("nothing is named anywhere");
}

#[test]
fn another_graph_is_chosen_by_name_and_its_lesson_stands_beside_it() {
    let mut harness = graph("tcp-zero-window");
    harness.get_by_label("Which graph").click();
    harness.run_steps(3);
    harness.get_by_label("Receive window").click();
    until(&mut harness, "the window", |harness| {
        harness.query_by_label_contains("Graph: Receive window").is_some()
    });
    harness.get_by_label("How to read it").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Reading the receive window").is_some());
}

#[test]
fn keys_come_closer_and_go_back_to_the_whole() {
    let mut harness = graph("tcp-slow-start");
    harness.get_by_label_contains("Graph: Sequence numbers").focus();
    harness.run_steps(2);
    harness.key_press(Key::Plus);
    harness.run_steps(4);
    harness.get_by_label("Whole time").click();
    until(&mut harness, "the whole", |harness| {
        harness.query_by_label_contains("Graph: Sequence numbers").is_some()
    });
}
