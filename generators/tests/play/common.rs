//! What the tests share: a recorder for keys and marks, and a run on the host's loopback with free
//! ports.

use std::sync::{Arc, Mutex};

use wirestage_generators::{
    Entry, Failure, KeySink, Mark, MarkSink, PortPolicy, Stage, StageBuilder, Transcript, find,
};

/// Something a run handed out while it was going on.
#[derive(Clone, Debug)]
pub(crate) enum Handed {
    /// Label, client random and secret.
    Key(String, Vec<u8>, Vec<u8>),
    Mark(Mark),
}

/// Keeps everything a run hands out, in the order it came.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<Vec<Handed>>);

impl Recorder {
    pub(crate) fn all(&self) -> Vec<Handed> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn marks(&self) -> Vec<Mark> {
        let marks = self.all().into_iter().filter_map(|handed| match handed {
            Handed::Mark(mark) => Some(mark),
            Handed::Key(..) => None,
        });
        marks.collect()
    }
}

impl KeySink for Recorder {
    fn secret(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let key = Handed::Key(label.to_owned(), client_random.to_vec(), secret.to_vec());
        self.0.lock().unwrap().push(key);
    }
}

impl MarkSink for Recorder {
    fn mark(&self, mark: Mark) {
        self.0.lock().unwrap().push(Handed::Mark(mark));
    }
}

/// A stage on free ports for the scenario called `name`.
pub(crate) fn stage(name: &str) -> StageBuilder {
    Stage::builder(find(name).expect("it is in the catalogue")).ports(PortPolicy::Free)
}

/// Plays it and keeps what it hands out.
pub(crate) fn play(stage: StageBuilder) -> (Result<Transcript, Failure>, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let stage =
        stage.keys(recorder.clone()).marks(recorder.clone()).build().expect("the knobs are right");
    ((stage.scenario().run)(&stage), recorder)
}

/// The steps of one role, in order.
pub(crate) fn steps<'a>(transcript: &'a Transcript, role: &'a str) -> Vec<&'a str> {
    transcript.of(role).map(|entry| entry.step.as_str()).collect()
}

/// The one entry of `role` for `step`.
pub(crate) fn only<'a>(transcript: &'a Transcript, role: &'a str, step: &str) -> &'a Entry {
    let found: Vec<_> = transcript.of(role).filter(|entry| entry.step == step).collect();
    assert_eq!(found.len(), 1, "{role} says {step} once");
    found[0]
}
