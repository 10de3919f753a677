//! An answer, and the ways in which its content can leave: whole, or piece by piece.

use std::{convert::Infallible, io, io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    HeaderMap, Response,
    body::{Bytes, Frame},
    header::{CONTENT_ENCODING, HeaderValue, TRAILER},
};

use crate::digest;

/// A body that leaves in whatever way.
pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What passes between two pieces: as if each had to be made first.
const BETWEEN_PIECES: Duration = Duration::from_millis(8);

/// The field that holds a digest of the content as it travels.
pub(crate) const CONTENT_DIGEST: &str = "content-digest";

/// The value of [`CONTENT_DIGEST`] for `content`, after any content coding.
pub(crate) fn content_digest(content: &[u8]) -> String {
    format!("sha-256=:{}:", digest::sha256_base64(content))
}

/// An answer before it is sent.
pub(crate) struct Answer {
    /// The head, and the content before any coding.
    pub(crate) response: Response<Bytes>,
    /// Fields that follow the content.
    pub(crate) trailers: HeaderMap,
    /// How long the server works on it before the first byte.
    pub(crate) thinking: Duration,
    /// In how many pieces the content leaves; where it is one, its length is announced.
    pieces: usize,
    /// The content as it travels, where a coding is applied.
    coded: Option<Bytes>,
}

impl From<Response<Bytes>> for Answer {
    fn from(response: Response<Bytes>) -> Answer {
        let (trailers, thinking) = Default::default();
        Answer { response, trailers, thinking, pieces: 1, coded: None }
    }
}

impl Answer {
    /// Sends the content in `pieces`, as something whose length is not known when it begins.
    pub(crate) fn in_pieces(mut self, pieces: usize) -> Answer {
        self.pieces = pieces.max(1);
        self
    }

    /// Takes its time.
    pub(crate) fn after(mut self, thinking: Duration) -> Answer {
        self.thinking = thinking;
        self
    }

    /// Compresses the content (RFC 9110, section 8.4.1.3).
    pub(crate) fn gzipped(mut self) -> io::Result<Answer> {
        let mut coder = GzEncoder::new(Vec::new(), Compression::default());
        coder.write_all(self.response.body())?;
        self.coded = Some(coder.finish()?.into());
        self.response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(self)
    }

    /// Sends a digest of the content behind it (RFC 9530, section 2), and announces the field in
    /// front (RFC 9110, section 6.6.2).
    pub(crate) fn with_digest(mut self) -> io::Result<Answer> {
        let content = self.coded.as_ref().unwrap_or(self.response.body());
        let digest = HeaderValue::try_from(content_digest(content)).map_err(io::Error::other)?;
        self.response.headers_mut().append(TRAILER, HeaderValue::from_static(CONTENT_DIGEST));
        self.trailers.insert(CONTENT_DIGEST, digest);
        Ok(self)
    }

    /// The response as hyper takes it.
    pub(crate) fn into_response(self) -> Response<Body> {
        let Answer { response, trailers, pieces, coded, .. } = self;
        response.map(|content| {
            let content = coded.unwrap_or(content);
            if pieces == 1 && trailers.is_empty() {
                return Full::new(content).boxed_unsync();
            }
            StreamBody::new(stream::unfold(
                frames(&content, trailers, pieces).into_iter().enumerate(),
                |mut left| async move {
                    let (at, frame) = left.next()?;
                    if at > 0 && frame.is_data() {
                        tokio::time::sleep(BETWEEN_PIECES).await;
                    }
                    Some((Ok(frame), left))
                },
            ))
            .boxed_unsync()
        })
    }
}

/// The content cut into pieces of one size, and the trailers behind it.
fn frames(content: &Bytes, trailers: HeaderMap, pieces: usize) -> Vec<Frame<Bytes>> {
    let size = content.len().div_ceil(pieces).max(1);
    let data = content.chunks(size).map(|piece| Frame::data(Bytes::copy_from_slice(piece)));
    let trailers = (!trailers.is_empty()).then(|| Frame::trailers(trailers));
    data.chain(trailers).collect()
}
