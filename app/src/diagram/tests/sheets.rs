//! Pictures cut into sheets, and written as PDF.

use super::fixture::{Link, long, tls13, trouble};
use super::*;
use crate::diagram::pdf::cut::cut;
use crate::diagram::scene::Layer;

fn paper(story: &Story) -> Scene {
    let request = Request { width: PAPER_WIDTH, ..Request::default() };
    layout(story, &request, &FontMeasure::default())
}

/// Cuts, and holds that every point of the picture and every text stands on one page.
fn check(story: &Story, first: f32, others: f32) {
    let scene = paper(story);
    let pages = cut(&scene, story, first, others);
    let mut at = 0.0;
    for (index, page) in pages.iter().enumerate() {
        let room = if index == 0 { first } else { others };
        assert_eq!(page.body.start, at, "nothing is left out or told twice");
        let height = page.body.end - page.body.start;
        assert!(height > 0.0 && height <= room + 0.1, "{height} in {room}");
        at = page.body.end;
    }
    assert_eq!(at, scene.height);
    for mark in scene.marks().iter().filter(|mark| mark.layer == Layer::Front) {
        let whole = pages
            .iter()
            .any(|page| page.body.start <= mark.bounds.top && mark.bounds.bottom <= page.body.end);
        assert!(whole, "cut: {:?}", mark.shape);
    }
}

#[test]
fn no_text_and_no_bead_is_cut() {
    for room in [520.0, 700.0, 851.0] {
        check(&long(120), room, room - 90.0);
    }
    check(&trouble(), 520.0, 430.0);
    check(&tls13(Link::Loopback), 520.0, 430.0);
    check(&tls13(Link::Loopback), 10_000.0, 10_000.0);
}

#[test]
fn a_chapter_that_goes_on_is_named_again() {
    let story = long(120);
    let scene = paper(&story);
    let pages = cut(&scene, &story, 500.0, 400.0);
    let named = pages.iter().filter(|page| page.continued.as_deref() == Some("Requests")).count();
    assert!(named > 0 && named < pages.len(), "{named} of {}", pages.len());
    assert_eq!(pages.first().and_then(|page| page.continued.as_deref()), None);
}

#[test]
fn a_pdf_has_as_many_sheets_as_were_told_and_equal_bytes() {
    let story = long(120);
    let scene = paper(&story);
    let told = std::cell::Cell::new(0);
    let write = || {
        let sheet = |_, count| {
            told.set(count);
            true
        };
        pdf((&scene, &story), &Theme::light(), &sheet).unwrap()
    };
    let first = write();
    assert_eq!(first.get(..5), Some(&b"%PDF-"[..]));
    assert_eq!(first, write());
    assert!(told.get() > 3);
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains(&format!("/Count {}", told.get())), "{} sheets", told.get());
    assert!(text.contains("ToUnicode"), "its text can be selected");
}

#[test]
fn a_picture_that_nearly_fits_is_one_sheet_and_a_book_is_refused() {
    let count = |story: &Story| {
        let scene = paper(story);
        let told = std::cell::Cell::new(0);
        let sheet = |_, count| {
            told.set(count);
            true
        };
        pdf((&scene, story), &Theme::dark(), &sheet).map(|_| told.get())
    };
    assert!(matches!(count(&long(4)), Ok(1)));
    assert!(matches!(count(&long(6_000)), Err(PdfError::TooLong(_))));
    let (story, no) = (long(40), |_, _| false);
    let stopped = pdf((&paper(&story), &story), &Theme::light(), &no);
    assert!(matches!(stopped, Err(PdfError::Cancelled)));
}
