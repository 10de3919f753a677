//! Sample recordings of the project, read as TLS over TCP.

use std::path::Path;

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::survey::{Survey, survey_chunk};

/// Gives each message of a sample and its view to `look`, in order.
pub(crate) fn look_at(name: &str, mut look: impl FnMut(&Message, &View<'_>)) {
    let (frames, secrets) = open(name);
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let mut survey = Survey::new();
    survey.absorb(survey_chunk(&frames, 0..frames.count(), standard()), standard());
    let attribution = Attribution::new(context, &survey);
    let mut open = Conversations::new(attribution.into(), usize::MAX);
    for frame in (0..frames.count()).map(FrameId) {
        let Some(held) = open.at_frame(frame, context, &survey) else { continue };
        let view = held.view(&frames);
        held.completed_by(frame).for_each(|message| look(message, &view));
    }
}

/// The frames and secrets of a sample: pcapng, little-endian.
fn open(name: &str) -> (FrameList, Secrets) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/recordings");
    let bytes = std::fs::read(samples.join(name).join("recording.pcapng")).unwrap();
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let (mut frames, mut secrets) = (FrameList::new(), Secrets::default());
    let mut link = LinkType::RAW;
    let mut at = 0;
    while at < bytes.len() {
        let (kind, len) = (number(at), number(at + 4) as usize);
        match kind {
            1 => link = LinkType(number(at + 8) as u16),
            6 => {
                let kept = number(at + 20) as usize;
                let time = Time(frames.count().into());
                frames.push(time, 0, link, bytes[at + 28..at + 28 + kept].to_vec());
            }
            10 => {
                let text = &bytes[at + 16..at + 16 + number(at + 12) as usize];
                secrets.add_key_log(std::str::from_utf8(text).unwrap());
            }
            _ => {}
        }
        at += len;
    }
    assert!(frames.count() > 0 && !secrets.is_empty(), "{name}");
    (frames, secrets)
}
