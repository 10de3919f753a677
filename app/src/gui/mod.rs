//! The window: choose and run scenarios on Stage, look at what was recorded on Explore.
//!
//! ```text
//!   keys, clicks, drops ──> acts ── logic ──> State <── answers ── workers
//!                            ^                  │
//!                            └────── ui <───────┘
//! ```
//!
//! `logic` changes the state and `ui` looks at it; whatever takes longer than a frame runs on a
//! thread of its own and comes back by channel.

mod act;
mod bar;
mod can;
pub mod command;
mod compare;
mod display;
mod explore;
pub mod export;
mod focus;
pub mod live;
mod menu;
mod pace;
mod palette;
mod problem;
mod settings;
mod stage;
mod state;
mod theme;
mod window;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

pub use act::Act;
pub use compare::{Compare, Input as Comparing};
pub use display::{Display, NoDisplay, probe};
pub use explore::{
    Copied, Decode, Explore, Follow, Input, KeysAdded, Narrow, Reads, Remark, Secret, Seek,
    Selection, Shown, Since, Source, Teller, Turn, View, Way,
};
pub use live::Closing;
pub use pace::{Pace, percentile};
pub use settings::Settings;
pub use state::{Screen, State};
pub use window::Window;
pub use work::job::Wake;
pub use work::lab::Lab;
pub use work::live::{Begun, LiveWanted, Origin};
pub use work::record::{Recorded, Recorder, Wanted};

use self::work::job::last_words;

/// What the window begins with.
pub struct Options {
    /// The files of a recording to open; none to open nothing.
    pub open: Vec<PathBuf>,
    /// Key logs to be added to it.
    pub keys: Vec<PathBuf>,
    /// What makes recordings.
    pub recorder: Arc<dyn Recorder>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No display.
    #[error(transparent)]
    NoDisplay(#[from] NoDisplay),
    /// The window could not be made.
    #[error("the window cannot be opened: {0}")]
    Failed(String),
}

/// Opens the window and stays in it until it is closed.
///
/// # Errors
/// Where there is no display, or its libraries cannot make a window.
pub fn run(options: Options) -> Result<(), WindowError> {
    let display = probe()?;
    let viewport = egui::ViewportBuilder::default()
        .with_title("Wirestage")
        .with_app_id("wirestage")
        .with_inner_size([1400.0, 900.0])
        .with_min_inner_size([720.0, 480.0])
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions {
        viewport,
        event_loop_builder: Some(Box::new(move |builder| force(builder, display))),
        ..eframe::NativeOptions::default()
    };
    let create = move |cc: &eframe::CreationContext<'_>| {
        let mut window = Window::new(cc, options.recorder, options.open);
        window.state.keys = options.keys;
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    // A missing library of the display makes the window library panic instead of failing.
    let ran = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native("Wirestage", native, Box::new(create))
    }));
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(WindowError::Failed(without_places(&error.to_string()))),
        Err(panic) => {
            let text = last_words(&*panic).unwrap_or("a library of the display failed");
            Err(WindowError::Failed(text.to_owned()))
        }
    }
}

/// The text without places in somebody's source, which say nothing to whoever reads it: "at
/// /home/x/mod.rs:788".
fn without_places(text: &str) -> String {
    let is_place = |word: &str| word.contains(".rs:");
    let mut kept: Vec<String> = Vec::new();
    for word in text.split(' ') {
        if !is_place(word) {
            kept.push(word.to_owned());
            continue;
        }
        kept.pop_if(|before| before == "at");
        if let Some(before) = kept.last_mut().filter(|_| word.ends_with(':')) {
            before.push(':');
        }
    }
    kept.join(" ")
}

/// Uses the display that answered, whatever the other variable names.
fn force(builder: &mut eframe::EventLoopBuilder<eframe::UserEvent>, display: Display) {
    use winit::platform::wayland::EventLoopBuilderExtWayland as _;
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    match display {
        Display::Wayland => builder.with_wayland(),
        Display::X11 => builder.with_x11(),
    };
}

#[cfg(test)]
mod tests {
    use super::without_places;

    #[test]
    fn what_went_wrong_is_told_without_places_in_sources() {
        let told = "winit EventLoopError: os error at /root/x/mod.rs:788: no display at all";
        assert_eq!(without_places(told), "winit EventLoopError: os error: no display at all");
        assert_eq!(without_places("look at it"), "look at it");
    }
}
