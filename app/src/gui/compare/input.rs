//! What a person does on the Compare screen.

/// Something done on this screen.
#[derive(Clone, Debug)]
pub enum Input {
    /// Show this set.
    Choose(&'static str),
    /// Record it over the link that was typed.
    Record,
    /// Open the recording of a way.
    Open(usize),
}
