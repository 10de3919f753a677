//! The stories of the samples that were looked at, to be drawn beside the catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use wirestage_dissectors::story::Story;

use crate::diagram::{DiagramView, Request};
use crate::gui::work::{Job, Wake, open};

/// The stories of the samples that were looked at, and the picture of one.
pub(crate) struct Stills {
    told: HashMap<&'static str, Arc<Story>>,
    telling: Option<(&'static str, Job<Option<Arc<Story>>>)>,
    pub(super) view: DiagramView,
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
    pub(super) fn story(&mut self, scenario: &'static str, wake: &Wake) -> Option<Arc<Story>> {
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
