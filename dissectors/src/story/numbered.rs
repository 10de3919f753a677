//! Frames that details speak of, as the steps that readers see: numbers of frames stand nowhere
//! beside a diagram, numbers of steps do.
//!
//! ```text
//!   "Answers frame 15."  ──>  "Answers step 13."      where that frame is part of a step
//! ```

use std::collections::HashMap;

use super::{BeatId, Level, Story};

/// What is named otherwise.
const NOUN: &str = "frame";

/// What opens and ends what is quoted: nothing is changed there.
const QUOTES: [char; 2] = ['“', '”'];

impl Story {
    /// Names steps in the stead of frames in what its flights and messages say, by the numbers that
    /// steps have now.
    pub(super) fn name_steps(&mut self) {
        self.number_spills();
        for (id, said) in std::mem::take(&mut self.in_frames) {
            if let Some(beat) = self.beats.get_mut(id.0 as usize) {
                [beat.headline, beat.detail] = said;
            }
        }
        let steps = self.steps_by_frame();
        for (id, beat) in (0..).map(BeatId).zip(&mut self.beats) {
            let tells = matches!(beat.level, Level::Flight | Level::Message);
            let said = [&beat.headline, &beat.detail];
            if !tells || said.iter().all(|text| !text.contains(NOUN)) {
                continue;
            }
            let said = said.map(|text| in_steps(text, &|frame| steps.get(&frame).copied()));
            if said != [beat.headline.as_str(), beat.detail.as_str()] {
                let [headline, detail] = said;
                let headline = std::mem::replace(&mut beat.headline, headline);
                let detail = std::mem::replace(&mut beat.detail, detail);
                self.in_frames.push((id, [headline, detail]));
            }
        }
    }

    /// The numbers of steps, by the numbers of the frames that are part of them.
    fn steps_by_frame(&self) -> HashMap<u32, usize> {
        let numbers: HashMap<BeatId, usize> = self.steps().into_iter().zip(1..).collect();
        let mut steps = HashMap::new();
        for (id, beat) in (0..).map(BeatId).zip(&self.beats) {
            let flight = if beat.level == Level::Flight { Some(id) } else { self.flight_of(id) };
            let Some(number) = flight.and_then(|flight| numbers.get(&flight)) else { continue };
            for moment in [Some(beat.sent), Some(beat.ended), beat.received].into_iter().flatten() {
                steps.entry(moment.frame.number()).or_insert(*number);
            }
        }
        steps
    }
}

/// A text with the steps of those frames that are part of one, outside of what it quotes.
fn in_steps(text: &str, step: &dyn Fn(u32) -> Option<usize>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_quoted = false;
    for piece in text.split_inclusive(QUOTES) {
        out += &if is_quoted { piece.to_owned() } else { renamed(piece, step) };
        is_quoted = match piece.chars().last() {
            Some('“') => true,
            Some('”') => false,
            _ => is_quoted,
        };
    }
    out
}

fn renamed(mut rest: &str, step: &dyn Fn(u32) -> Option<usize>) -> String {
    let mut out = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once(NOUN) {
        out += before;
        let is_word = !before.ends_with(char::is_alphanumeric);
        let list = after.strip_prefix("s ").or_else(|| after.strip_prefix(' '));
        match list.filter(|_| is_word).and_then(|list| named(list, step)) {
            Some((said, left)) => {
                out += &said;
                rest = left;
            }
            None => {
                out += NOUN;
                rest = after;
            }
        }
    }
    out + rest
}

/// The steps of the frames that a text begins with the numbers of, and the rest of it; nothing
/// where one of them is part of no step.
fn named<'t>(text: &'t str, step: &dyn Fn(u32) -> Option<usize>) -> Option<(String, &'t str)> {
    let mut steps: Vec<usize> = Vec::new();
    let mut rest = text;
    let mut left = text;
    loop {
        let after = left.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = left.strip_suffix(after)?;
        let Ok(frame) = digits.parse::<u32>() else { break };
        let number = step(frame)?;
        if steps.last() != Some(&number) {
            steps.push(number);
        }
        rest = after;
        match after.strip_prefix(", ").or_else(|| after.strip_prefix(" and ")) {
            Some(next) => left = next,
            None => break,
        }
    }
    let (last, first) = steps.split_last()?;
    let first: Vec<String> = first.iter().map(usize::to_string).collect();
    let said = match first.as_slice() {
        [] => format!("step {last}"),
        first => format!("steps {} and {last}", first.join(", ")),
    };
    Some((said, rest))
}

#[cfg(test)]
mod tests {
    use super::in_steps;

    /// Frames from 10 to 99 are part of the step of their tens.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let step = |frame: u32| (10..100).contains(&frame).then_some(frame as usize / 10);
        assert_eq!(in_steps(text, &step), expected);
    }

    #[test]
    fn frames_are_named_by_their_steps() {
        check("Answers frame 15.", "Answers step 1.");
        check(
            "Quotes the segments of frames 11, 12 and 25, port 7.",
            "Quotes the segments of steps 1 and 2, port 7.",
        );
        check(
            "Its frame goes to 02:00, where R is (frame 20).",
            "Its frame goes to 02:00, where R is (step 2).",
        );
        check(
            "It was handed out in frame 31, on connection A.",
            "It was handed out in step 3, on connection A.",
        );
        // What is no step keeps its number.
        check(
            "Answers frame 7. Quotes frames 11 and 100.",
            "Answers frame 7. Quotes frames 11 and 100.",
        );
        check("2 frames of 12 bytes: subframe 11", "2 frames of 12 bytes: subframe 11");
        check("“frame 11”, and frame 11 “of frame", "“frame 11”, and step 1 “of frame");
        check("frame", "frame");
    }
}
