//! The service: what can be asked of it, and what is said.
//!
//! ```text
//! service Weather {
//!   rpc Now(Place) returns (Reading);
//!   rpc Forecast(Place) returns (stream Reading);
//!   rpc Report(stream Reading) returns (Summary);
//!   rpc Watch(stream Place) returns (stream Reading);
//! }
//! ```

/// One question, one answer.
pub(crate) const NOW: &str = "/wirestage.Weather/Now";
/// One question, many answers.
pub(crate) const FORECAST: &str = "/wirestage.Weather/Forecast";
/// Many messages, one answer.
pub(crate) const REPORT: &str = "/wirestage.Weather/Report";
/// Many of both, as each side likes.
pub(crate) const WATCH: &str = "/wirestage.Weather/Watch";

/// Where.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Place {
    /// Its name.
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// What was measured, or will be.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Reading {
    /// Where.
    #[prost(string, tag = "1")]
    pub(crate) place: String,
    /// The hour of the day.
    #[prost(uint32, tag = "2")]
    pub(crate) hour: u32,
    /// Degrees; a number that may be negative takes few bytes only as `sint32`.
    #[prost(sint32, tag = "3")]
    pub(crate) celsius: i32,
}

/// What many readings come to.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Summary {
    /// How many there were.
    #[prost(uint32, tag = "1")]
    pub(crate) readings: u32,
    /// The highest of them.
    #[prost(sint32, tag = "2")]
    pub(crate) highest: i32,
}

impl Place {
    pub(crate) fn named(name: &str) -> Place {
        Place { name: name.to_owned() }
    }
}

impl Reading {
    pub(crate) fn of(place: &str, hour: u32, celsius: i32) -> Reading {
        Reading { place: place.to_owned(), hour, celsius }
    }
}
