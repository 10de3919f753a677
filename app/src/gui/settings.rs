//! What the window keeps from one start to the next.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::explore::Layout;
use super::work::record;
use crate::diagram::Axis;
use crate::document::Called;
use crate::export::Clock;

/// How many recordings the list of recent ones holds.
const RECENT: usize = 8;

/// The key under which settings are stored.
pub(super) const KEY: &str = "settings";

/// What is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whether the window is dark.
    pub dark: bool,
    /// Whether a person chose that; before, the window is as the system is.
    pub is_theme_chosen: bool,
    /// How large everything is, in percent: 80 to 300.
    pub scale: u16,
    /// Recordings that were open, the newest first.
    pub recent: Vec<PathBuf>,
    /// Whether hosts are called by names that a recording holds.
    pub names: bool,
    /// Which times the diagram shows.
    pub clock: Clock,
    /// What the way down means in the diagram; `None` if that is what fits the recording.
    pub down: Option<Axis>,
    /// The folder that was exported to last.
    pub exports: Option<PathBuf>,
    /// The fields that are columns of the packet list.
    pub columns: Vec<String>,
    /// Filters that are kept.
    pub filters: Vec<String>,
    /// Where the panels of Explore are.
    pub layout: Option<Layout>,
    /// The folder of recordings; not kept, for it follows the environment.
    #[serde(skip, default = "record::folder")]
    pub recordings: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dark: false,
            is_theme_chosen: false,
            scale: 100,
            recent: Vec::new(),
            names: true,
            clock: Clock::default(),
            down: None,
            exports: None,
            columns: Vec::new(),
            filters: Vec::new(),
            layout: None,
            recordings: record::folder(),
        }
    }
}

impl Settings {
    /// What hosts are called.
    #[must_use]
    pub fn called(&self) -> Called {
        if self.names { Called::Names } else { Called::Addresses }
    }

    /// Sets how large everything is, within bounds.
    pub fn scale(&mut self, percent: u16) {
        self.scale = percent.clamp(80, 300);
    }

    /// Puts a recording at the head of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_stays_within_its_bounds() {
        let mut settings = Settings::default();
        settings.scale(10);
        assert_eq!(settings.scale, 80);
        settings.scale(1000);
        assert_eq!(settings.scale, 300);
    }

    #[test]
    fn the_newest_recording_stands_first_and_once() {
        let mut settings = Settings::default();
        for name in ["a", "b", "a"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("a"), PathBuf::from("b")]);
        (0..20).for_each(|n| settings.remember(Path::new(&n.to_string())));
        assert_eq!(settings.recent.len(), RECENT);
    }
}
