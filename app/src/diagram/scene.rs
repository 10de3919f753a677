//! A scene: what a diagram is made of, with no colours and nothing of any painter.
//!
//! Marks lie in layers, painted from the ground up, and within a layer from top to bottom of the
//! picture, so that those in sight are found by two binary searches however long the story is.

use std::ops::Range;

use wirestage_dissectors::story::{ActorId, BeatId, TrackId};

use super::geometry::{self, Align, Point, Rect};
use super::style::{Style, Type};

/// A picture: its size, its marks, and where each beat is.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The width, in points.
    pub width: f32,
    /// The height, in points.
    pub height: f32,
    /// The strip that holds the cards of the cast: what stays in sight while one scrolls.
    pub cast: Range<f32>,
    /// The marks, by layer and then from the top down.
    marks: Vec<Mark>,
    /// Where each layer begins in `marks`, and the lowest point reached up to each mark.
    layers: [Range<usize>; Layer::COUNT],
    reach: Vec<f32>,
    /// The beats that were drawn, in the order of their tails.
    beats: Vec<BeatBox>,
    /// The folded blocks.
    folds: Vec<Fold>,
    /// Where each beat stands in `beats`, by beat.
    by_beat: Vec<(BeatId, usize)>,
}

/// One thing to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is.
    pub shape: Shape,
    /// What it looks like.
    pub style: Style,
    /// What it tells of.
    pub about: About,
    /// What it lies above and below.
    pub layer: Layer,
    /// All it covers.
    pub bounds: Rect,
}

/// A block that stands for connections that are not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// Which connection they are like.
    pub like: TrackId,
    /// All it covers.
    pub bounds: Rect,
    /// What it says.
    pub spoken: String,
}

impl Fold {
    fn all(marks: &[Mark]) -> Vec<Self> {
        let mut folds: Vec<Self> = Vec::new();
        for mark in marks {
            let About::More(like) = mark.about else { continue };
            let at = folds.iter().position(|fold| fold.like == like).unwrap_or_else(|| {
                folds.push(Self { like, bounds: mark.bounds, spoken: String::new() });
                folds.len() - 1
            });
            let Some(fold) = folds.get_mut(at) else { continue };
            fold.bounds = fold.bounds.union(mark.bounds);
            if let Shape::Text { text, .. } = &mark.shape {
                let gap = if fold.spoken.is_empty() { "" } else { " " };
                fold.spoken.push_str(gap);
                fold.spoken.push_str(text);
            }
        }
        folds
    }
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A plate, filled in the style's fill.
    Plate {
        /// Where.
        rect: Rect,
        /// The radius of its corners.
        radius: f32,
        /// The width of its outline in the style's line colour; zero for none.
        outline: f32,
        /// Whether the outline is dashed.
        dashed: bool,
    },
    /// A straight line in the style's line colour.
    Line {
        /// From here.
        from: Point,
        /// To there.
        to: Point,
        /// How wide.
        width: f32,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A filled triangle in the style's line colour: an arrow's head, its tip first.
    Head([Point; 3]),
    /// A polygon of equal sides, filled in the style's fill and outlined in its line colour.
    Regular {
        /// Its centre.
        centre: Point,
        /// From its centre to each corner.
        radius: f32,
        /// How many corners it has; the first is straight above the centre.
        corners: u8,
        /// The width of its outline.
        outline: f32,
    },
    /// A disc, filled in the style's fill.
    Disc {
        /// Its centre.
        centre: Point,
        /// Its radius.
        radius: f32,
        /// The width of its outline in the style's line colour; zero for none.
        outline: f32,
        /// Whether it is filled in the colour of the paper instead.
        hollow: bool,
    },
    /// A padlock in the style's line colour, nine by eleven points at a scale of one.
    Lock {
        /// Its upper left corner.
        origin: Point,
        /// How large.
        scale: f32,
    },
    /// A cross in the style's line colour.
    Cross {
        /// Its centre.
        centre: Point,
        /// From the centre to the end of an arm, along each axis.
        arm: f32,
    },
    /// One line of text in the style's text colour.
    Text {
        /// Where its baseline begins, is centred, or ends.
        origin: Point,
        /// Which of the three.
        align: Align,
        /// Its size and face.
        font: Type,
        /// What it says.
        text: String,
        /// Whether it is read from bottom to top.
        upright: bool,
    },
}

/// What a mark tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// Nothing in particular.
    Nothing,
    /// A beat: a chapter, a flight, a message or a packet.
    Beat(BeatId),
    /// An actor.
    Actor(ActorId),
    /// Connections that are folded because they went the same way as this one.
    More(TrackId),
    /// A row of an overview, or a way of a comparison.
    Row(u32),
    /// The legend's word for a style.
    Legend(Style),
}

/// What lies above what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Bands.
    Ground,
    /// The hem of a ribbon, which shows where nothing of the ribbon lies over it.
    Hem,
    /// The ribbon under what is followed.
    Ribbon,
    /// Lifelines.
    Rails,
    /// Bars on the lifelines.
    Bars,
    /// Arrows, brackets, ticks.
    Lines,
    /// Arrows that matter more than those around them: what was lost, and what was sent again.
    Raised,
    /// Beads, numbers, keys and every text.
    Front,
    /// The cards that name the cast.
    Cast,
}

impl Layer {
    /// How many there are.
    pub const COUNT: usize = 9;
    /// All of them, from the ground up.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Ground,
        Self::Hem,
        Self::Ribbon,
        Self::Rails,
        Self::Bars,
        Self::Lines,
        Self::Raised,
        Self::Front,
        Self::Cast,
    ];
}

/// A beat that was drawn: where, and what a reader who cannot see it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct BeatBox {
    /// Which.
    pub beat: BeatId,
    /// Its number in the picture: "4", or "4.2" for the second message of the fourth flight.
    pub number: String,
    /// Its arrow with its beads and its number.
    pub bounds: Rect,
    /// Its sentence in the right margin, where there is one.
    pub sentence: Option<Rect>,
    /// What it says, in words: "Step 4, Server to Client: ServerHello, …".
    pub spoken: String,
}

impl BeatBox {
    /// What of it is brought into sight where there is room for that height: the arrow with its
    /// sentence, or the arrow alone where that stands far away, as in a list.
    #[must_use]
    pub fn to_be_seen(&self, room: f32) -> Rect {
        let whole = self.sentence.map_or(self.bounds, |rect| rect.union(self.bounds));
        if whole.height() <= room { whole } else { self.bounds }
    }
}

impl Scene {
    /// Puts marks and beats in their order.
    #[must_use]
    pub fn new(
        width: f32,
        height: f32,
        cast: Range<f32>,
        mut marks: Vec<Mark>,
        mut beats: Vec<BeatBox>,
    ) -> Self {
        marks.sort_by(|a, b| a.layer.cmp(&b.layer).then(a.bounds.top.total_cmp(&b.bounds.top)));
        beats.sort_by(|a, b| a.bounds.top.total_cmp(&b.bounds.top));
        let layers = Layer::ALL.map(|layer| {
            marks.partition_point(|mark| mark.layer < layer)
                ..marks.partition_point(|mark| mark.layer <= layer)
        });
        let mut by_beat: Vec<(BeatId, usize)> =
            beats.iter().enumerate().map(|(at, drawn)| (drawn.beat, at)).collect();
        by_beat.sort_unstable();
        let mut reach = Vec::with_capacity(marks.len());
        let mut lowest = (Layer::Ground, f32::NEG_INFINITY);
        for mark in &marks {
            let above = if lowest.0 == mark.layer { lowest.1 } else { f32::NEG_INFINITY };
            lowest = (mark.layer, above.max(mark.bounds.bottom));
            reach.push(lowest.1);
        }
        let folds = Fold::all(&marks);
        Self { width, height, cast, marks, layers, reach, beats, folds, by_beat }
    }

    /// All marks, in the order in which they are painted.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The marks that may show between two heights, in the order in which they are painted.
    pub fn in_sight(&self, sight: Range<f32>) -> impl Iterator<Item = &Mark> {
        self.layers.iter().flat_map(move |layer| {
            let marks = self.marks.get(layer.clone()).unwrap_or_default();
            let reach = self.reach.get(layer.clone()).unwrap_or_default();
            let first = reach.partition_point(|lowest| *lowest < sight.start);
            let last = marks.partition_point(|mark| mark.bounds.top <= sight.end);
            let bottom = sight.start;
            marks
                .get(first..last.max(first))
                .unwrap_or_default()
                .iter()
                .filter(move |mark| mark.bounds.bottom >= bottom)
        })
    }

    /// The beats that were drawn, from the top down.
    #[must_use]
    pub fn beats(&self) -> &[BeatBox] {
        &self.beats
    }

    /// The folded blocks that were drawn.
    #[must_use]
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// Where a beat was drawn.
    #[must_use]
    pub fn beat(&self, id: BeatId) -> Option<&BeatBox> {
        let at = self.by_beat.binary_search_by_key(&id, |(beat, _)| *beat).ok()?;
        self.beats.get(self.by_beat.get(at)?.1)
    }

    /// What lies at a point: the uppermost mark that tells of something, else the step whose
    /// sentence or arrow is there.
    #[must_use]
    pub fn at(&self, point: Point) -> Option<About> {
        let near = point.y - 4.0..point.y + 4.0;
        let hit = self.in_sight(near).filter(|mark| mark.about != About::Nothing).filter(|mark| {
            let slack = if matches!(mark.layer, Layer::Lines | Layer::Raised) { 4.0 } else { 0.0 };
            mark.covers(point, slack)
        });
        // Bands tell of their chapter, but anything before them is meant first.
        let top = hit.last();
        match top {
            Some(mark) if mark.layer != Layer::Ground => Some(mark.about),
            ground => self
                .beats
                .iter()
                .find(|drawn| drawn.sentence.is_some_and(|rect| rect.contains(point)))
                .map(|drawn| About::Beat(drawn.beat))
                .or(ground.map(|mark| mark.about)),
        }
    }
}

impl Mark {
    /// A mark; its bounds follow from its shape. `width` is the measured width of a text.
    #[must_use]
    pub fn new(shape: Shape, width: f32, style: Style, about: About, layer: Layer) -> Self {
        let bounds = bounds(&shape, width);
        Self { shape, style, about, layer, bounds }
    }

    /// Whether the mark covers the point, or is no further from it than `slack`.
    fn covers(&self, point: Point, slack: f32) -> bool {
        if !self.bounds.grown(slack).contains(point) {
            return false;
        }
        match &self.shape {
            Shape::Line { from, to, width, .. } => {
                distance(point, *from, *to) <= slack + width / 2.0
            }
            _ => true,
        }
    }
}

/// From a point to the nearest place on a line.
fn distance(point: Point, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 {
        (((point.x - from.x) * dx + (point.y - from.y) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let near = from.towards(to, share);
    (point.x - near.x).hypot(point.y - near.y)
}

/// All that a shape covers.
fn bounds(shape: &Shape, width: f32) -> Rect {
    match shape {
        Shape::Plate { rect, outline, .. } => rect.grown(outline / 2.0),
        Shape::Line { from, to, width, .. } => Rect::spanning(*from, *to).grown(width / 2.0),
        Shape::Head([a, b, c]) => Rect::spanning(*a, *b).union(Rect::spanning(*b, *c)),
        Shape::Regular { centre, radius, corners, outline } => {
            let corners = geometry::corners(*centre, *radius, *corners);
            let corners = corners.map(|corner| Rect::spanning(corner, corner));
            corners.reduce(Rect::union).unwrap_or_default().grown(outline / 2.0)
        }
        Shape::Disc { centre, radius, outline, .. } => {
            let side = 2.0 * radius + outline;
            Rect::around(*centre, side, side)
        }
        Shape::Lock { origin, scale } => Rect::sized(origin.x, origin.y, 9.0 * scale, 10.4 * scale),
        Shape::Cross { centre, arm } => Rect::around(*centre, 2.0 * arm, 2.0 * arm),
        Shape::Text { origin, align, font, upright, .. } => {
            let before = match align {
                Align::Start => 0.0,
                Align::Middle => width / 2.0,
                Align::End => width,
            };
            if *upright {
                Rect {
                    left: origin.x - font.ascent(),
                    top: origin.y - width + before,
                    right: origin.x + font.descent(),
                    bottom: origin.y + before,
                }
            } else {
                Rect {
                    left: origin.x - before,
                    top: origin.y - font.ascent(),
                    right: origin.x + width - before,
                    bottom: origin.y + font.descent(),
                }
            }
        }
    }
}
