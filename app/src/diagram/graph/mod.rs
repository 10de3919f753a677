//! The course of a connection as a graph: places or amounts over time, drawn as a scene like any
//! other picture.
//!
//! ```text
//!   Course ── kind ──> scale    what lies where: time to the right, amounts upwards
//!                      lines    curves, a step for each pixel column at the most
//!                      bars     segments, merged where no eye tells them apart
//!                      marks    what matters, each with a shape of its own
//!                      spots    which frame lies where, for whoever points
//!                      frame    title, axes; foot: sums, legend, how to read it
//! ```
//!
//! However many packets there are, a picture has no more marks than its width allows.

mod bars;
mod foot;
mod frame;
mod kind;
mod lines;
mod marks;
mod measures;
mod scale;
mod sequence;
mod spots;
mod throughput;

use wirestage_dissectors::course::Course;

use self::marks::Marks;
use self::scale::Scale;
use self::spots::Spots;
use super::geometry::Rect;
use super::measure::MeasureText;
use super::scene::Scene;
use super::sheet::Sheet;

pub use kind::Kind;
pub use spots::Spot;

/// How wide a graph is drawn where nobody asks for a width.
pub const USUAL_WIDTH: u32 = 1240;

/// A graph is no narrower than this.
pub const NARROWEST: f32 = 420.0;

/// Its curves have this height at least where nobody asks for another; a third of it otherwise.
const LOWEST: f32 = 320.0;

/// What a graph is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// What it shows.
    pub kind: Kind,
    /// How wide it is, in points.
    pub width: f32,
    /// How high it is, in points; nothing for what suits the width.
    pub height: Option<f32>,
    /// The stretch of time that is shown, in nanoseconds since the first packet; nothing for all.
    pub stretch: Option<(i64, i64)>,
}

/// Whose course it is, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Who sends.
    pub sender: String,
    /// To whom.
    pub receiver: String,
    /// The recording.
    pub recording: String,
}

/// A picture, and which frame lies where in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What is painted.
    pub scene: Scene,
    /// Where the curves are.
    pub plot: Rect,
    /// The stretch of time from its left to its right edge, in nanoseconds since the first packet.
    pub stretch: (i64, i64),
    /// What can be pointed at, in the order of time.
    pub spots: Vec<Spot>,
    /// What a reader who cannot see it is told.
    pub spoken: String,
}

/// Draws a course.
#[must_use]
pub fn graph(
    (course, names): (&Course, &Names),
    request: &Request,
    measure: &dyn MeasureText,
) -> Picture {
    let width = request.width.max(NARROWEST);
    let mut sheet = Sheet::new(measure);
    let head = frame::title(&mut sheet, (course, names), request.kind, width);
    let all = (0, course.since_start(course.end).max(1));
    let stretch = request.stretch.filter(|(from, to)| from < to).unwrap_or(all);
    let values = request.kind.values(course, stretch);
    let laid_out = |reads| foot::Foot::new(&sheet, course, (request.kind, values.1, reads), width);
    let (long, short) = (laid_out(true), laid_out(false));
    // Where there is little room, how it is read stands elsewhere.
    let is_low = request.height.is_some_and(|height| height < head + long.height + LOWEST * 0.6);
    let foot = if is_low { short } else { long };
    let usual = (width * 0.5).clamp(LOWEST, 640.0) + head + foot.height;
    let height = request.height.unwrap_or(usual).max(head + foot.height + LOWEST / 3.0);
    let room = (head, height - foot.height - frame::BELOW);
    let scale = Scale::new(&sheet, (width, room), (stretch, values), request.kind.unit(course));
    let amounts = request.kind.amounts(course.carrier);
    frame::axes(&mut sheet, &scale, (amounts, frame::outer(width)));
    let mut spots = Spots::default();
    let mut marks = Marks::default();
    match request.kind {
        Kind::Sequence => sequence::stevens(&mut sheet, course, &scale, (&mut marks, &mut spots)),
        Kind::Tcptrace => sequence::tcptrace(&mut sheet, course, &scale, (&mut marks, &mut spots)),
        Kind::Flight => measures::flight(&mut sheet, course, &scale, (&mut marks, &mut spots)),
        Kind::Rtt => measures::trips(&mut sheet, course, &scale, &mut spots),
        Kind::Window => measures::window(&mut sheet, course, &scale, (&mut marks, &mut spots)),
        Kind::Throughput => throughput::draw(&mut sheet, course, &scale, &mut spots),
    }
    marks.draw(&mut sheet);
    foot.draw(&mut sheet, course.carrier, height - foot.height);
    let spoken = format!(
        "{}, {} to {}. {}",
        request.kind.title(course.carrier),
        names.sender,
        names.receiver,
        foot::sums(course, request.kind)
    );
    let scene = sheet.finish(width, height, 0.0..head);
    Picture { scene, plot: scale.area, stretch, spots: spots.finish(), spoken }
}
