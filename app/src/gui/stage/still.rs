//! A picture of what the chosen scenario looks like, from its sample recording.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Button, Frame, Margin, RichText, Ui};
use wirestage_dissectors::story::Story;

use crate::diagram::{DiagramView, Request};
use crate::gui::state::{Act, State};
use crate::gui::theme::Tone;
use crate::gui::work::{Job, Wake, open};

/// The stories of the samples that were looked at.
pub(crate) struct Stills {
    told: HashMap<&'static str, Arc<Story>>,
    telling: Option<(&'static str, Job<Option<Arc<Story>>>)>,
    view: DiagramView,
}

impl Default for Stills {
    fn default() -> Self {
        // A still is laid out for its place, never a picture made smaller.
        let mut view = DiagramView::default();
        view.request = Request { still: true, ..Request::default() };
        Self { told: HashMap::new(), telling: None, view }
    }
}

impl Stills {
    /// The story of a scenario's sample; told away from the window the first time.
    fn story(&mut self, scenario: &'static str, wake: &Wake) -> Option<Arc<Story>> {
        if let Some((name, result)) =
            self.telling.as_ref().and_then(|(n, job)| Some((*n, job.poll()?)))
        {
            self.telling = None;
            // A sample that cannot be read has no picture; opening it says why.
            let story = result.ok().flatten().unwrap_or_default();
            self.told.insert(name, story);
        }
        if let Some(story) = self.told.get(scenario) {
            return Some(Arc::clone(story));
        }
        if self.telling.is_none() {
            let job = Job::start("Drawing a sample".into(), Arc::clone(wake), move |progress| {
                let document = open::sample(scenario, progress)?;
                Ok(document.map(|document| Arc::new(document.story(None))))
            });
            self.telling = Some((scenario, job));
        }
        None
    }
}

/// Shows the picture in all the room there is.
pub(super) fn show(ui: &mut Ui, state: &mut State, scenario: &'static str) {
    let palette = state.palette.clone();
    Frame::new().fill(palette.paper).inner_margin(Margin::symmetric(16, 16)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let text = RichText::new("What it looks like").head(13.0).tone(palette.ink);
            ui.label(text);
            let open = ui.add(Button::new("Open this sample"));
            let tip = "Look at a recording that came with the program, without making one";
            if open.on_hover_text(tip).clicked() {
                state.acts.push(Act::Sample(scenario));
            }
        });
        ui.add_space(6.0);
        match state.stills.story(scenario, &state.wake) {
            Some(story) => {
                // Nothing is selected here: it is a picture to look at before a run.
                let _ = state.stills.view.show(ui, &story, &palette.theme, None);
            }
            None => {
                ui.label(RichText::new("Drawing…").tone(palette.dim));
            }
        }
    });
}
