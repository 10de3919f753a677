//! The names of everything a mark can look like: themes give them colours, `Type` gives them size.

use wirestage_dissectors::story::TrackId;

/// What a mark looks like, by meaning. A theme holds a fill, a line and a text colour for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// The ground that everything is drawn on.
    Paper,
    /// What is read first.
    Ink,
    /// What a teacher would add.
    Dim,
    /// Times, ticks, compressed gaps.
    Faint,
    /// Every other chapter.
    Band,
    /// The chapters between.
    BandAlt,
    /// The card that names an actor.
    Card,
    /// A lifeline.
    Rail,
    /// An arrow.
    Flow,
    /// The disc with the number of a step.
    Step,
    /// A message that anyone on the way can read.
    Clear,
    /// A message that nobody but the two ends can read, for we have no key either.
    Opaque,
    /// A message sealed with keys that anyone can derive.
    Initial,
    /// A ClientHello sealed to a key that the server has published.
    Ech,
    /// A message sealed with the early data keys.
    Early,
    /// A message sealed with the handshake keys.
    Handshake,
    /// A message sealed with the application keys.
    Application,
    /// TCP segments and TCP states.
    Tcp,
    /// A measured round trip.
    RoundTrip,
    /// A connection: its letter in its shape, and its bars. Of more than six the colours repeat, as
    /// the shapes do.
    TrackA,
    /// The next connection.
    TrackB,
    /// The next connection.
    TrackC,
    /// The next connection.
    TrackD,
    /// The next connection.
    TrackE,
    /// The next connection.
    TrackF,
    /// The time that an answer takes.
    Answer,
    /// The best of several.
    Best,
    /// What was lost or refused.
    Failure,
    /// What is selected or pointed at.
    Focus,
    /// The ribbon of what is followed.
    Followed,
}

impl Style {
    /// All of them, in the order of the themes.
    pub const ALL: [Self; 30] = [
        Self::Paper,
        Self::Ink,
        Self::Dim,
        Self::Faint,
        Self::Band,
        Self::BandAlt,
        Self::Card,
        Self::Rail,
        Self::Flow,
        Self::Step,
        Self::Clear,
        Self::Opaque,
        Self::Initial,
        Self::Ech,
        Self::Early,
        Self::Handshake,
        Self::Application,
        Self::Tcp,
        Self::RoundTrip,
        Self::TrackA,
        Self::TrackB,
        Self::TrackC,
        Self::TrackD,
        Self::TrackE,
        Self::TrackF,
        Self::Answer,
        Self::Best,
        Self::Failure,
        Self::Focus,
        Self::Followed,
    ];

    /// Those of connections.
    pub const TRACKS: [Self; 6] =
        [Self::TrackA, Self::TrackB, Self::TrackC, Self::TrackD, Self::TrackE, Self::TrackF];

    /// That of a connection.
    #[must_use]
    pub fn of_track(track: TrackId) -> Self {
        let place = usize::from(track.0) % Self::TRACKS.len();
        Self::TRACKS.get(place).copied().unwrap_or(Self::TrackA)
    }

    /// Its name in a theme.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Ink => "ink",
            Self::Dim => "dim",
            Self::Faint => "faint",
            Self::Band => "band",
            Self::BandAlt => "band-alt",
            Self::Card => "card",
            Self::Rail => "rail",
            Self::Flow => "flow",
            Self::Step => "step",
            Self::Tcp => "tcp",
            Self::Clear => "clear",
            Self::Opaque => "opaque",
            Self::Initial => "initial",
            Self::Ech => "ech",
            Self::Early => "early",
            Self::Handshake => "handshake",
            Self::Application => "application",
            Self::RoundTrip => "round-trip",
            Self::TrackA => "track-a",
            Self::TrackB => "track-b",
            Self::TrackC => "track-c",
            Self::TrackD => "track-d",
            Self::TrackE => "track-e",
            Self::TrackF => "track-f",
            Self::Answer => "answer",
            Self::Best => "best",
            Self::Failure => "failure",
            Self::Focus => "focus",
            Self::Followed => "followed",
        }
    }

    /// What the legend calls it, for the styles a legend explains.
    #[must_use]
    pub const fn legend(self) -> Option<&'static str> {
        match self {
            Self::Tcp => Some("TCP"),
            Self::Clear => Some("in the clear"),
            Self::Opaque => Some("sealed, no key here"),
            Self::Initial => Some("Initial keys"),
            Self::Ech => Some("ECH keys"),
            Self::Early => Some("early data keys"),
            Self::Handshake => Some("handshake keys"),
            Self::Application => Some("application keys"),
            Self::Failure => Some("lost or refused"),
            _ => None,
        }
    }
}

/// The two typefaces in the weights that are bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// Inter, 400.
    Regular,
    /// Inter, 500.
    Medium,
    /// Inter, 600.
    SemiBold,
    /// JetBrains Mono, 400.
    Mono,
}

impl Face {
    /// The family as fonts and browsers know it.
    #[must_use]
    pub const fn family(self) -> &'static str {
        match self {
            Self::Mono => "JetBrains Mono",
            _ => "Inter",
        }
    }

    /// The weight as CSS counts it.
    #[must_use]
    pub const fn weight(self) -> u16 {
        match self {
            Self::Regular | Self::Mono => 400,
            Self::Medium => 500,
            Self::SemiBold => 600,
        }
    }
}

/// The type scale: 32 for the figures that a poster is about, 22, 14, 13 and 12, with 11 for
/// states, times and numbers. Nothing is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// A figure that a poster is about.
    Display,
    /// The title of the diagram.
    Title,
    /// The title of a narrow one.
    TitleNarrow,
    /// The line below it.
    Subtitle,
    /// A chapter's title, an actor's name, the sum at the foot.
    Chapter,
    /// The sentence of a step.
    Step,
    /// What a teacher would add; packets and bytes.
    Detail,
    /// The label of a bead; round trips of a chapter.
    Bead,
    /// The label of a quiet bead; states and keys.
    State,
    /// The number of a step, and of a round trip's bracket.
    Number,
    /// An address.
    Address,
    /// A time.
    Clock,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Display,
        Self::Title,
        Self::TitleNarrow,
        Self::Subtitle,
        Self::Chapter,
        Self::Step,
        Self::Detail,
        Self::Bead,
        Self::State,
        Self::Number,
        Self::Address,
        Self::Clock,
    ];

    /// The typeface.
    #[must_use]
    pub const fn face(self) -> Face {
        match self {
            Self::Display
            | Self::Title
            | Self::TitleNarrow
            | Self::Chapter
            | Self::Step
            | Self::Number => Face::SemiBold,
            Self::Subtitle | Self::Detail => Face::Regular,
            Self::Bead | Self::State => Face::Medium,
            Self::Address | Self::Clock => Face::Mono,
        }
    }

    /// The size, in points at a zoom of one.
    #[must_use]
    pub const fn size(self) -> f32 {
        match self {
            Self::Display => 32.0,
            Self::Title => 22.0,
            Self::TitleNarrow => 17.0,
            Self::Chapter => 14.0,
            Self::Subtitle | Self::Step => 13.0,
            Self::Detail | Self::Bead => 12.0,
            Self::State | Self::Number | Self::Address | Self::Clock => 11.0,
        }
    }

    /// From the baseline to the top of capitals.
    #[must_use]
    pub fn cap_height(self) -> f32 {
        let share = if self.face() == Face::Mono { 0.73 } else { 0.727 };
        self.size() * share
    }

    /// From the baseline to the top of the tallest letter.
    #[must_use]
    pub fn ascent(self) -> f32 {
        self.size() * 0.78
    }

    /// From the baseline to the bottom of the lowest letter.
    #[must_use]
    pub fn descent(self) -> f32 {
        self.size() * 0.22
    }

    /// From one baseline to the next.
    #[must_use]
    pub const fn line_height(self) -> f32 {
        match self {
            Self::Display => 40.0,
            Self::Title => 28.0,
            Self::TitleNarrow => 24.0,
            Self::Chapter => 20.0,
            Self::Subtitle | Self::Step => 18.0,
            Self::Detail | Self::Bead => 16.0,
            _ => 14.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_styles_stand_at_their_own_place() {
        for (place, style) in Style::ALL.into_iter().enumerate() {
            assert_eq!(style as usize, place);
        }
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = Style::ALL.iter().map(|style| style.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Style::ALL.len());
    }
}
