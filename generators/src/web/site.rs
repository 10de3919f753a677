//! The sites of the scenarios: which answer belongs to which request.

use std::{io, time::Duration};

use hyper::{
    HeaderMap, Method, Response, StatusCode,
    body::Bytes,
    header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, TE},
    http::{self, request},
};

use super::answer::Answer;
use crate::{Knob, Stage};

/// Whatever answers requests.
pub(crate) trait Answers {
    /// The refusal of a request whose body is then never read.
    fn refuse(&self, _: &request::Parts) -> Result<Option<Answer>, http::Error> {
        Ok(None)
    }

    /// The answer to a request and its body.
    fn answer(
        &self,
        head: &request::Parts,
        body: &[u8],
    ) -> impl Future<Output = Result<Answer, io::Error>>;
}

impl Answers for Site {
    fn refuse(&self, head: &request::Parts) -> Result<Option<Answer>, http::Error> {
        (self.refuse)(head)
    }

    async fn answer(&self, head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
        (self.answer)(head, body)
    }
}

/// A site that remembers nothing: what it answers to a whole request, and what it refuses for its
/// head alone.
pub(crate) struct Site {
    /// The refusal of a request whose body is then never read.
    pub(crate) refuse: fn(&request::Parts) -> Result<Option<Answer>, http::Error>,
    /// The answer to a request and its body.
    pub(crate) answer: fn(&request::Parts, &[u8]) -> Result<Answer, io::Error>,
}

/// Three pages and a guest book.
pub(crate) static PAGES: Site = Site { refuse: nothing, answer: pages };

/// The same pages, each made while it is sent; compressed and with a digest behind it for whoever
/// takes that.
pub(crate) static MADE_PAGES: Site = Site { refuse: nothing, answer: made_pages };

/// A report that takes long to make, and the pages.
pub(crate) static SLOW_REPORT: Site = Site { refuse: nothing, answer: slow_report };

/// A place to put files, up to a size.
pub(crate) static UPLOADS: Site = Site { refuse: too_large, answer: stored };

/// What a page is made of.
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// How many pieces a page is made in.
const PIECES: usize = 3;

/// How long the report takes: long against everything else on the wire.
const REPORT_TAKES: Duration = Duration::from_millis(60);

/// The largest file that is taken, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// How large the front page is: asked for in its query, `/?bytes=4000`.
pub(crate) const PAGE: Knob = Knob {
    name: "page",
    help: "How many bytes the page has: the few of the page as it is, or so many with text below \
           it.",
    default: "as-it-is",
    choices: &["as-it-is", "4000", "16000", "64000"],
};

/// No page is larger, whatever a query asks for.
const LARGEST_PAGE: usize = 64_000;

/// What a client asks for, to get the front page as large as the knob says.
pub(crate) fn front_page(stage: &Stage) -> &'static str {
    match stage.knob(PAGE.name) {
        "4000" => "/?bytes=4000",
        "16000" => "/?bytes=16000",
        "64000" => "/?bytes=64000",
        _ => "/",
    }
}

/// The front page, as large as its query asks for.
fn front(query: Option<&str>) -> Bytes {
    let page = include_str!("pages/index.html");
    let wanted = query.and_then(|query| query.strip_prefix("bytes="));
    let wanted = wanted.and_then(|bytes| bytes.parse().ok()).unwrap_or(0).min(LARGEST_PAGE);
    let below = (b'a'..=b'z').cycle().take(wanted.saturating_sub(page.len()));
    page.bytes().chain(below).collect()
}

fn nothing(_: &request::Parts) -> Result<Option<Answer>, http::Error> {
    Ok(None)
}

fn pages(head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
    let made = |html: Bytes| Response::builder().header(CONTENT_TYPE, HTML).body(html);
    let page = |html: &'static str| made(Bytes::from_static(html.as_bytes()));
    let response = match (&head.method, head.uri.path()) {
        (&Method::GET, "/") => made(front(head.uri.query())),
        (&Method::GET, "/about.html") => page(include_str!("pages/about.html")),
        (&Method::GET, "/thanks.html") => page(include_str!("pages/thanks.html")),
        // After a POST the browser is sent to a page it may reload without writing twice (RFC 9110,
        // section 15.4.4).
        (&Method::POST, "/guestbook") if body.starts_with(b"name=") => Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header(LOCATION, "/thanks.html")
            .body(Bytes::new()),
        (&Method::POST, "/guestbook") => empty(StatusCode::UNPROCESSABLE_ENTITY),
        _ => empty(StatusCode::NOT_FOUND),
    };
    response.map(Answer::from).map_err(io::Error::other)
}

fn made_pages(head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
    let mut answer = pages(head, body)?.in_pieces(PIECES);
    if accepts(&head.headers, &ACCEPT_ENCODING, "gzip") {
        answer = answer.gzipped()?;
    }
    // Trailers are for those who said that they read them (RFC 9110, section 10.1.4).
    if accepts(&head.headers, &TE, "trailers") {
        answer = answer.with_digest()?;
    }
    Ok(answer)
}

fn slow_report(head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
    if head.uri.path() != "/report" {
        return pages(head, body);
    }
    let report = Bytes::from_static(b"visits=41\nentries=3\n");
    let report = Response::builder().header(CONTENT_TYPE, "text/plain").body(report);
    report.map(|report| Answer::from(report).after(REPORT_TAKES)).map_err(io::Error::other)
}

/// Refuses by what the head announces.
fn too_large(head: &request::Parts) -> Result<Option<Answer>, http::Error> {
    let announced = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced = announced.and_then(|value| value.parse().ok()).unwrap_or(0);
    if announced <= LARGEST_FILE {
        return Ok(None);
    }
    empty(StatusCode::PAYLOAD_TOO_LARGE).map(|response| Some(response.into()))
}

fn stored(head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
    let stored = Response::builder()
        .status(StatusCode::CREATED)
        .header(LOCATION, head.uri.path())
        .body(Bytes::new());
    stored.map(Answer::from).map_err(io::Error::other)
}

pub(crate) fn empty(status: StatusCode) -> Result<Response<Bytes>, http::Error> {
    Response::builder().status(status).body(Bytes::new())
}

/// Whether a field that lists what its sender takes names `token`.
fn accepts(headers: &HeaderMap, field: &http::HeaderName, token: &str) -> bool {
    let listed = headers.get_all(field).into_iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).any(|listed| listed.trim() == token)
}
