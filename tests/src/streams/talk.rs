//! Both ends, by `h2`, and the line between them.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use h2::client::{self, SendRequest};
use h2::server;
use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

use super::{Field, PIECE, PIECES, STREAMS, answer, question};

/// What one side wrote at once: whether it was the client, and its bytes.
pub(super) type Said = (bool, Vec<u8>);

/// What the line holds before its writer has to wait.
const LINE: usize = 64 << 10;

/// Windows that nothing here ever fills (RFC 9113, section 6.9.1).
const WIDE: u32 = (1 << 31) - 1;

/// One end of the line, which writes down what leaves there.
struct End {
    line: DuplexStream,
    is_client: bool,
    said: Arc<Mutex<Vec<Said>>>,
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_read(context, into)
    }
}

impl AsyncWrite for End {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = ready!(Pin::new(&mut self.line).poll_write(context, bytes))?;
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push((self.is_client, bytes[..taken].to_vec()));
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(context)
    }
}

/// All that both sides wrote, in the order in which they did.
///
/// # Errors
/// Where the library breaks off.
pub(super) fn talk(rounds: usize) -> io::Result<Vec<Said>> {
    let said = Arc::<Mutex<Vec<Said>>>::default();
    let (near, far) = duplex(LINE);
    let end = |line, is_client| End { line, is_client, said: Arc::clone(&said) };
    let (near, far) = (end(near, true), end(far, false));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (asked, answered) = runtime.block_on(async { tokio::join!(ask(near, rounds), serve(far)) });
    asked.and(answered).map_err(io::Error::other)?;
    drop(runtime);
    Ok(std::mem::take(&mut *said.lock().unwrap_or_else(PoisonError::into_inner)))
}

fn fields(all: Vec<Field>) -> HeaderMap {
    let parsed = all.into_iter().map(|(name, value)| {
        let value = HeaderValue::try_from(value).expect("it is text");
        (HeaderName::from_static(name), value)
    });
    parsed.collect()
}

/// Asks on all streams before it listens on any, round by round.
async fn ask(line: End, rounds: usize) -> Result<(), h2::Error> {
    let mut builder = client::Builder::new();
    builder.initial_window_size(WIDE).initial_connection_window_size(WIDE);
    builder.initial_max_send_streams(STREAMS).enable_push(false);
    let (sender, connection) = builder.handshake::<_, Bytes>(line).await?;
    let (asked, moved) = tokio::join!(ask_all(sender, rounds), connection);
    asked.and(moved)
}

async fn ask_all(mut sender: SendRequest<Bytes>, rounds: usize) -> Result<(), h2::Error> {
    for round in 0..rounds {
        let mut answers = Vec::new();
        for number in (0..STREAMS).map(|at| round * STREAMS + at) {
            poll_fn(|context| sender.poll_ready(context)).await?;
            let mut request = Request::new(());
            let uri = format!("http://many.test/{number}");
            *request.uri_mut() = uri.parse().expect("it is a URI");
            *request.headers_mut() = fields(question(number));
            let (answer, _) = sender.send_request(request, true)?;
            answers.push(answer);
        }
        for answer in answers {
            let mut content = answer.await?.into_body();
            while let Some(piece) = content.data().await {
                let piece = piece?;
                content.flow_control().release_capacity(piece.len())?;
            }
            content.trailers().await?;
        }
    }
    Ok(())
}

/// Answers on all streams once all have asked, a piece for each in turn.
async fn serve(line: End) -> Result<(), h2::Error> {
    let mut builder = server::Builder::new();
    builder.max_concurrent_streams(STREAMS as u32);
    let mut connection = builder.handshake::<_, Bytes>(line).await?;
    let mut open = Vec::new();
    while let Some(asked) = connection.accept().await {
        let (request, mut respond) = asked?;
        let number = request.uri().path()[1..].parse::<usize>().expect("it is a number");
        let mut response = Response::new(());
        *response.headers_mut() = fields(answer(number));
        open.push((number, respond.send_response(response, false)?));
        if open.len() < STREAMS {
            continue;
        }
        for _ in 0..PIECES {
            for (_, content) in &mut open {
                content.send_data(Bytes::from_static(&[b'.'; PIECE]), false)?;
            }
        }
        for (number, mut content) in open.drain(..) {
            content.send_trailers(fields(vec![("x-checked", number.to_string())]))?;
        }
    }
    Ok(())
}
