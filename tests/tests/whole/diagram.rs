//! The diagram in a window: what it shows, and what pointing, keys and zooming do.

#[allow(dead_code, reason = "the stories are shared with the tests of the layout")]
#[path = "../../../app/src/diagram/tests/fixture.rs"]
mod fixture;

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use wirestage::diagram::{Chosen, DiagramView, Theme, fonts};
use wirestage_dissectors::story::{BeatId, Story};
use wirestage_tests::canvas::Canvas;

/// A window with nothing but a diagram in it.
struct Window {
    view: DiagramView,
    story: Arc<Story>,
    theme: Theme,
    chosen: Option<BeatId>,
    ready: bool,
}

impl Window {
    fn ui(&mut self, ui: &mut egui::Ui) {
        if !self.ready {
            ui.ctx().set_fonts(fonts::definitions());
            self.ready = true;
            return;
        }
        let chosen = self.view.show(ui, &self.story, &self.theme, self.chosen);
        if let Some(Chosen::Beat(beat)) = chosen {
            self.chosen = Some(beat);
        }
    }
}

fn open(story: Story, theme: Theme, size: Vec2) -> Harness<'static, Window> {
    let window = Window {
        view: DiagramView::default(),
        story: Arc::new(story),
        theme,
        chosen: None,
        ready: false,
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .renderer(Canvas::default())
        .build_ui_state(|ui, window: &mut Window| window.ui(ui), window);
    harness.run();
    harness
}

fn keep(harness: &mut Harness<'_, Window>, name: &str) {
    if let Ok(folder) = std::env::var("WIRESTAGE_PICTURES") {
        let path = std::path::Path::new(&folder).join(name).with_extension("png");
        harness.render().unwrap().save(path).unwrap();
    }
}

fn tls13() -> Story {
    fixture::tls13(fixture::Link::Loopback)
}

#[test]
fn arrows_can_be_read_aloud_and_chosen() {
    let mut harness = open(tls13(), Theme::light(), Vec2::new(1400.0, 900.0));
    keep(&mut harness, "window-light");
    let step = "Step 4, Server to Client: ServerHello, EncryptedExtensions, Certificate, \
                CertificateVerify, Finished. One flight carries everything; from the second \
                message on it is sealed";
    harness.get_by_role_and_label(Role::Button, step).click_accesskit();
    harness.run();
    let story = Arc::clone(&harness.state().story);
    let chosen = harness.state().chosen.unwrap();
    assert!(story.beat(chosen).unwrap().headline.starts_with("One flight"));
    keep(&mut harness, "window-light-chosen");
}

#[test]
fn keys_step_from_beat_to_beat_and_along_the_beads() {
    let mut harness = open(tls13(), Theme::dark(), Vec2::new(1000.0, 600.0));
    harness.get_by_role(Role::Canvas).focus();
    harness.run();
    let label = |harness: &Harness<'_, Window>| {
        let beat = harness.state().chosen.unwrap();
        let story = &harness.state().story;
        story.beat(beat).map(|beat| (beat.label.clone(), beat.headline.clone())).unwrap()
    };
    for _ in 0..4 {
        harness.key_press(Key::ArrowDown);
        harness.run();
    }
    assert!(label(&harness).1.starts_with("One flight"));
    for expected in ["ServerHello", "EncryptedExtensions"] {
        harness.key_press(Key::ArrowRight);
        harness.run();
        assert_eq!(label(&harness).0, expected);
    }
    keep(&mut harness, "window-dark-bead");
    harness.key_press(Key::End);
    harness.run();
    assert!(label(&harness).1.starts_with("The answer"));
    keep(&mut harness, "window-dark-end");
    let last = harness.state().chosen;
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().chosen, last);
}

#[test]
fn zooming_in_takes_arrows_apart_and_zooming_out_puts_them_together() {
    let mut harness = open(tls13(), Theme::dark(), Vec2::new(1400.0, 900.0));
    let drawn = |harness: &Harness<'_, Window>| {
        let scene = harness.state().view.scene().unwrap();
        scene.beats().iter().map(|drawn| drawn.number.clone()).collect::<Vec<_>>()
    };
    assert_eq!(drawn(&harness), ["1", "2", "3", "4", "5", "6"]);
    harness.state_mut().view.zoom_by(2.0);
    harness.run();
    assert!(drawn(&harness).contains(&"4.5".to_owned()));
    keep(&mut harness, "window-dark-close");
    harness.state_mut().view.zoom_by(0.25);
    harness.run();
    assert_eq!(drawn(&harness), ["1–2", "3–4", "5–6"]);
    keep(&mut harness, "window-dark-far");
    harness.get_by_role(Role::Canvas).focus();
    harness.run();
    harness.key_press(Key::Num0);
    harness.run();
    assert_eq!(drawn(&harness), ["1", "2", "3", "4", "5", "6"]);
}

#[test]
fn opening_a_flight_shows_its_messages_in_place() {
    let mut harness = open(tls13(), Theme::light(), Vec2::new(1400.0, 900.0));
    harness.get_by_role(Role::Canvas).focus();
    harness.run();
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run();
    }
    let count = |harness: &Harness<'_, Window>| harness.state().view.scene().unwrap().beats().len();
    assert_eq!(count(&harness), 10);
    keep(&mut harness, "window-light-opened");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(count(&harness), 6);
}

#[test]
fn a_click_finds_the_bead_and_scrolling_keeps_the_cast_in_sight() {
    let mut harness = open(fixture::long(400), Theme::dark(), Vec2::new(1200.0, 700.0));
    let nodes = |harness: &Harness<'_, Window>| harness.query_all_by_role(Role::Button).count();
    assert!((2..40).contains(&nodes(&harness)), "{} nodes for what is in sight", nodes(&harness));
    harness.get_by_role(Role::Canvas).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::NONE, Key::PageDown);
    harness.run();
    harness.key_press(Key::PageDown);
    harness.run();
    keep(&mut harness, "window-dark-scrolled");
    let place = harness.query_all_by_role(Role::Button).nth(4).unwrap().rect().center();
    harness.hover_at(place);
    harness.run();
    harness.drag_at(place);
    harness.drop_at(place);
    harness.run();
    let chosen = harness.state().chosen.unwrap();
    assert!(harness.state().story.beat(chosen).is_some());
}
