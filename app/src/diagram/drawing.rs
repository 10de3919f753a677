//! Which picture is on screen, and the thread that lays out the next one where that takes long.
//!
//! A small story is laid out at once. A large one is laid out beside the window, which goes on
//! showing what it showed. What was asked for meanwhile waits in one place, and only the last of
//! it is laid out: a drag of the window's edge asks for a hundred pictures and gets a few.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use wirestage_dissectors::story::{Beat, Story};

use super::layout::{Prepared, Request, layout_prepared};
use super::measure::FontMeasure;
use super::scene::Scene;

/// A story of at most so many beats is laid out on the window's thread: that takes a frame's time
/// at most, and no picture flickers.
const AT_ONCE: usize = 2_000;

/// Whether a story is laid out at once. What is folded costs nothing.
fn is_small(story: &Story) -> bool {
    let told = |beat: &&Beat| !story.is_folded(beat);
    story.beats.len() <= AT_ONCE || story.beats.iter().filter(told).count() <= AT_ONCE
}

/// A picture, and what it shows.
#[derive(Clone)]
pub(super) struct Drawn {
    pub(super) story: Arc<Story>,
    pub(super) request: Request,
    pub(super) scene: Arc<Scene>,
}

impl Drawn {
    fn is(&self, story: &Arc<Story>, request: &Request) -> bool {
        Arc::ptr_eq(&self.story, story) && self.request == *request
    }
}

/// Lays out pictures of one story after the other, and walks each story once.
#[derive(Default)]
struct Pen {
    measure: FontMeasure,
    told: Option<(Arc<Story>, Prepared)>,
}

impl Pen {
    fn draw(&mut self, story: Arc<Story>, request: Request) -> Drawn {
        let told = self.told.take().filter(|(known, _)| Arc::ptr_eq(known, &story));
        let prepared = told.map_or_else(|| Prepared::new(&story), |(_, prepared)| prepared);
        let scene = Arc::new(layout_prepared((&story, &prepared), &request, &self.measure));
        self.told = Some((Arc::clone(&story), prepared));
        Drawn { story, request, scene }
    }
}

/// What is asked of the thread beside the window.
type Wanted = (Arc<Story>, Request);

/// The thread, as the window sees it. It ends when this is dropped.
struct Beside {
    wanted: Sender<Wanted>,
    drawn: Receiver<Drawn>,
}

impl Beside {
    fn start(context: egui::Context) -> Self {
        let (wanted, orders) = channel::<Wanted>();
        let (send, drawn) = channel();
        thread::spawn(move || serve(&orders, &send, || context.request_repaint()));
        Self { wanted, drawn }
    }
}

/// Lays out what is asked for until nobody can ask any more: always the last of what waits.
fn serve(orders: &Receiver<Wanted>, drawn: &Sender<Drawn>, wake: impl Fn()) {
    let mut pen = Pen::default();
    while let Ok(first) = orders.recv() {
        let (story, request) = orders.try_iter().last().unwrap_or(first);
        if drawn.send(pen.draw(story, request)).is_err() {
            return;
        }
        wake();
    }
}

/// The picture on screen and the one that is to come.
#[derive(Default)]
pub(super) struct Drawing {
    pen: Pen,
    beside: Option<Beside>,
    drawn: Option<Drawn>,
    /// What was asked of the thread last, and is not there yet.
    awaited: Option<Wanted>,
    /// Whether the thread died of what it was asked.
    failed: bool,
}

impl Drawing {
    /// The picture that is there.
    pub(super) fn drawn(&self) -> Option<&Drawn> {
        self.drawn.as_ref()
    }

    /// Whether another picture is on its way.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited.is_some() && !self.failed
    }

    /// Whether what is wanted could not be laid out.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Asks for a picture. Returns the one that was there before where another has come: the one
    /// that is asked for, or one that was asked for before it.
    pub(super) fn ask(
        &mut self,
        context: &egui::Context,
        story: &Arc<Story>,
        request: Request,
    ) -> Option<Change> {
        let came = self.collect(story);
        if self.drawn.as_ref().is_some_and(|drawn| drawn.is(story, &request)) {
            self.awaited = None;
            self.failed = false;
            return came;
        }
        if is_small(story) {
            self.awaited = None;
            self.failed = false;
            let drawn = self.pen.draw(Arc::clone(story), request);
            return Some(self.put(drawn));
        }
        let is_asked = |(known, asked): &Wanted| Arc::ptr_eq(known, story) && *asked == request;
        if !self.awaited.as_ref().is_some_and(is_asked) {
            self.failed = false;
            let wanted = (Arc::clone(story), request);
            let beside = self.beside.get_or_insert_with(|| Beside::start(context.clone()));
            // A thread that is gone is noticed when its picture is looked for.
            let _ = beside.wanted.send(wanted.clone());
            self.awaited = Some(wanted);
        }
        came
    }

    /// Takes what the thread has laid out. What it laid out of another story is too late.
    fn collect(&mut self, story: &Arc<Story>) -> Option<Change> {
        let mut last = None;
        loop {
            match self.beside.as_ref()?.drawn.try_recv() {
                Ok(drawn) => last = Some(drawn),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.beside = None;
                    self.failed = self.awaited.is_some();
                    break;
                }
            }
        }
        let drawn = last.filter(|drawn| Arc::ptr_eq(&drawn.story, story))?;
        Some(self.put(drawn))
    }

    fn put(&mut self, drawn: Drawn) -> Change {
        Change { before: self.drawn.replace(drawn) }
    }
}

/// Another picture is there.
pub(super) struct Change {
    /// The one that was there before it.
    pub(super) before: Option<Drawn>,
}

#[cfg(test)]
mod tests {
    use super::super::tests::fixture;
    use super::*;
    use std::time::Duration;

    fn request(width: u32) -> Request {
        Request { width, ..Request::default() }
    }

    /// Asks until the picture is there; returns the widths that were shown on the way.
    fn wait(drawing: &mut Drawing, story: &Arc<Story>, width: u32) -> Vec<u32> {
        let context = egui::Context::default();
        let mut shown = Vec::new();
        loop {
            let change = drawing.ask(&context, story, request(width));
            if change.is_some() {
                shown.extend(drawing.drawn().map(|drawn| drawn.request.width));
            }
            if !drawing.is_awaited() {
                return shown;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_small_story_is_there_at_once_and_a_large_one_soon() {
        let context = egui::Context::default();
        let mut drawing = Drawing::default();
        let small = Arc::new(fixture::long(20));
        assert!(drawing.ask(&context, &small, request(700)).is_some());
        assert!(!drawing.is_awaited());
        // The small one stays until the large one is there.
        let large = Arc::new(fixture::long(AT_ONCE));
        assert!(large.beats.len() > AT_ONCE);
        let _ = drawing.ask(&context, &large, request(700));
        assert!(drawing.is_awaited() && drawing.drawn().is_some());
        assert_eq!(wait(&mut drawing, &large, 700), [700]);
        let drawn = drawing.drawn().unwrap();
        assert!(Arc::ptr_eq(&drawn.story, &large));
        let plain = super::super::layout(&large, &request(700), &FontMeasure::default());
        assert_eq!(*drawn.scene, plain);
    }

    #[test]
    fn of_what_waits_only_the_last_is_laid_out() {
        let story = Arc::new(fixture::long(20));
        let (wanted, orders) = channel();
        let (send, drawn) = channel();
        for width in 600..700 {
            wanted.send((Arc::clone(&story), request(width))).unwrap();
        }
        drop(wanted);
        serve(&orders, &send, || {});
        drop(send);
        let widths: Vec<u32> = drawn.iter().map(|drawn| drawn.request.width).collect();
        assert_eq!(widths, [699]);
    }

    #[test]
    fn what_is_no_longer_asked_for_may_be_shown_until_the_last_is_there() {
        let context = egui::Context::default();
        let mut drawing = Drawing::default();
        let large = Arc::new(fixture::long(AT_ONCE));
        for width in 600..700 {
            let _ = drawing.ask(&context, &large, request(width));
        }
        let shown = wait(&mut drawing, &large, 700);
        assert_eq!(shown.last(), Some(&700));
        assert!(shown.is_sorted(), "{shown:?}");
    }
}
