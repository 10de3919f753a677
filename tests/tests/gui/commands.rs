//! The palette of commands, and repeating what is open.

use super::*;

fn palette(typed: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording("http1-keepalive"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness.get_by_label("What do you want to do?").type_text(typed);
    harness.run_steps(3);
    harness
}

#[test]
fn any_act_is_found_by_its_name_and_done() {
    let mut harness = palette("pair hosts");
    assert!(harness.query_by_label_contains("Filter: this pair of hosts").is_some());
    harness.key_press(Key::Enter);
    until(&mut harness, "the filter", |harness| {
        harness.query_by_label_contains("16 of 29 frames pass").is_some()
    });
    assert!(
        harness.query_by_label("What do you want to do?").is_none(),
        "it goes away once it was used"
    );

    let mut harness = palette("light");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.state().state.settings.dark);
}

#[test]
fn the_window_is_as_light_or_dark_as_the_system_until_somebody_chooses() {
    let mut harness = window(Made, None);
    let is_dark = |harness: &mut Harness<'_, Window>, system: egui::Theme| {
        harness.input_mut().system_theme = Some(system);
        harness.run_steps(3);
        harness.state().state.settings.dark
    };
    assert!(is_dark(&mut harness, egui::Theme::Dark));
    assert!(!is_dark(&mut harness, egui::Theme::Light));
    assert!(is_dark(&mut harness, egui::Theme::Dark));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
    assert!(!is_dark(&mut harness, egui::Theme::Dark), "light was chosen");
}

#[test]
fn arrows_choose_and_escape_leaves() {
    let mut harness = palette("find");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("place before that has it").is_some());
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("What do you want to do?").is_none());
    // The keys of an act stand beside it.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    assert!(harness.query_all_by_label_contains("Ctrl+O").next().is_some());
}

#[test]
fn what_is_open_is_recorded_again_as_it_was() {
    let (sender, asked) = channel();
    let mut harness = window(Told(sender), Some(recording("tls13-full")));
    until(&mut harness, "the recording", |harness| harness.state().state.screen == Screen::Explore);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::R);
    harness.run_steps(3);
    let wanted = asked.recv_timeout(Duration::from_secs(60)).expect("it is recorded again");
    assert_eq!((wanted.scenario.name, wanted.link), ("tls13-full", None));
}

#[test]
fn hosts_are_called_by_names_or_by_addresses() {
    let mut harness = explore(recording("http1-keepalive"));
    let cast = |harness: &Harness<'_, Window>| -> Vec<String> {
        let open = harness.state().state.explore.as_ref().unwrap();
        let story = open.shown.story.as_ref();
        story.map_or_else(Vec::new, |story| story.cast.iter().map(|one| one.name.clone()).collect())
    };
    assert_eq!(cast(&harness), ["Client", "Server"]);
    let row = |harness: &mut Harness<'_, Window>| {
        harness.get_by_label_contains("Frame 2, ").click_secondary();
        harness.run_steps(4);
        harness.get_by_label_contains("Copy row").click();
        let begun = Instant::now();
        loop {
            harness.step();
            let commands = &harness.output().platform_output.commands;
            let text = commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            });
            if let Some(text) = text {
                return text;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing was copied");
        }
    };
    let copied = row(&mut harness);
    assert!(copied.contains("\tClient\tServer\t"), "{copied}");
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    until(&mut harness, "addresses", |harness| {
        cast(harness).iter().any(|name| name.starts_with("127."))
    });
    let copied = row(&mut harness);
    assert!(copied.contains("\t127.") && !copied.contains("Client"), "{copied}");
    assert!(!harness.state().state.settings.names, "it is kept");
}
