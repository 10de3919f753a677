//! The side that calls.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Stream, StreamExt, stream};
use hyper::{
    Request, Response, Uri,
    body::Incoming,
    client::conn::http2::{Builder, SendRequest},
    http::uri::PathAndQuery,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::{sync::oneshot, task::JoinHandle};
use tonic::{
    Code, Status, TimeoutExpired,
    body::Body,
    client::{Grpc, GrpcService},
};
use tonic_prost::ProstCodec;

use super::{Answers, TIMEOUT, code, received, sent, told};
use crate::{Failure, actor::Actor, counted::Counted, lent::Lent, steps, web::SERVER_NAME};

/// A client's end of a connection.
pub(crate) struct Client {
    actor: Actor,
    sender: SendRequest<Body>,
    /// Moves the frames, and ends when nobody can call any more.
    moving: JoinHandle<hyper::Result<()>>,
    given_back: oneshot::Receiver<Counted>,
}

/// How long a caller waits.
pub(crate) struct Deadline {
    /// From the call on.
    pub(crate) after: Duration,
    /// Told when the server has the call. A deadline passes whether or not it has; here it waits
    /// for that, so that a busy machine shows what an idle one does.
    pub(crate) known: oneshot::Receiver<()>,
}

impl Client {
    /// Begins HTTP/2. Nothing is waited for.
    pub(crate) async fn begin(actor: &Actor, connection: Counted) -> Result<Client, Failure> {
        let (lent, given_back) = Lent::new(connection);
        let (sender, connection) = Builder::new(TokioExecutor::new())
            .handshake(TokioIo::new(lent))
            .await
            .map_err(|error| actor.failed("begin HTTP/2", error))?;
        let moving = tokio::spawn(connection);
        Ok(Client { actor: actor.clone(), sender, moving, given_back })
    }

    /// One question and its answer, or the status that comes in its place.
    pub(crate) async fn unary<A, B>(
        &self,
        method: &'static str,
        message: A,
    ) -> Result<Result<B, Status>, Failure>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.say_call(method, None);
        self.actor.say(sent(&message));
        let answer = self
            .grpc(None)?
            .unary(tonic::Request::new(message), path(method), ProstCodec::<A, B>::default())
            .await;
        self.say_answer(&answer);
        Ok(answer.map(tonic::Response::into_inner))
    }

    /// One question that is asked for so long only. Says what the library returns when the time is
    /// over; an answer is a failure of the scenario.
    pub(crate) async fn unary_in_vain<A, B>(
        &self,
        method: &'static str,
        message: A,
        deadline: Deadline,
    ) -> Result<(), Failure>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        let mut request = tonic::Request::new(message);
        request.set_timeout(deadline.after);
        let timeout = request.metadata().get(TIMEOUT).and_then(|value| value.to_str().ok());
        self.say_call(method, timeout);
        self.actor.say(sent(request.get_ref()));
        let answer = self
            .grpc(Some(deadline))?
            .unary(request, path(method), ProstCodec::<A, B>::default())
            .await;
        match answer {
            Err(status) if status.code() == Code::Cancelled => {
                let (code, message) = told(&status);
                self.actor.say(steps::grpc_given_up(&code, message));
                Ok(())
            }
            Err(status) => Err(self.actor.failed("wait until its time is over", status)),
            Ok(_) => Err(self.actor.expected("no answer", "one came")),
        }
    }

    /// One question and its answers.
    pub(crate) async fn server_streaming<A, B>(
        &self,
        method: &'static str,
        message: A,
    ) -> Result<Answers<B>, Failure>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.say_call(method, None);
        self.actor.say(sent(&message));
        let answers = self
            .grpc(None)?
            .server_streaming(
                tonic::Request::new(message),
                path(method),
                ProstCodec::<A, B>::default(),
            )
            .await
            .map_err(|status| self.actor.failed(format!("call {method}"), status))?;
        Ok(Answers::new(&self.actor, answers.into_inner()))
    }

    /// Many messages and one answer.
    pub(crate) async fn client_streaming<A, B>(
        &self,
        method: &'static str,
        messages: impl Stream<Item = A> + Send + 'static,
    ) -> Result<B, Failure>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.say_call(method, None);
        let answer = self
            .grpc(None)?
            .client_streaming(
                tonic::Request::new(self.saying(messages)),
                path(method),
                ProstCodec::<A, B>::default(),
            )
            .await;
        self.say_answer(&answer);
        let answer = answer.map_err(|error| self.actor.failed(format!("call {method}"), error))?;
        Ok(answer.into_inner())
    }

    /// Many messages of both sides.
    pub(crate) async fn bidirectional<A, B>(
        &self,
        method: &'static str,
        messages: impl Stream<Item = A> + Send + 'static,
    ) -> Result<Answers<B>, Failure>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.say_call(method, None);
        let answers = self
            .grpc(None)?
            .streaming(
                tonic::Request::new(self.saying(messages)),
                path(method),
                ProstCodec::<A, B>::default(),
            )
            .await
            .map_err(|status| self.actor.failed(format!("call {method}"), status))?;
        Ok(Answers::new(&self.actor, answers.into_inner()))
    }

    /// Calls nothing more, and gives the connection back when the library has taken leave of it.
    pub(crate) async fn finish(self) -> Result<Counted, Failure> {
        let Client { actor, sender, moving, given_back } = self;
        drop(sender);
        moving
            .await
            .map_err(|error| actor.failed("carry gRPC", error))?
            .map_err(|error| actor.failed("carry gRPC", error))?;
        actor.hear(given_back).await
    }

    /// The library, ready for one call.
    fn grpc(&self, deadline: Option<Deadline>) -> Result<Grpc<Channel>, Failure> {
        let origin = Uri::builder()
            .scheme("http")
            .authority(SERVER_NAME)
            .path_and_query("/")
            .build()
            .map_err(|error| self.actor.failed("name the server", error))?;
        Ok(Grpc::with_origin(Channel { sender: self.sender.clone(), deadline }, origin))
    }

    /// Messages that are said as the library takes them.
    fn saying<M: Message>(
        &self,
        messages: impl Stream<Item = M> + Send + 'static,
    ) -> impl Stream<Item = M> + Send + 'static {
        let actor = self.actor.clone();
        messages.inspect(move |message| actor.say(sent(message)))
    }

    fn say_call(&self, method: &str, timeout: Option<&str>) {
        self.actor.say(steps::grpc_call_sent(method, timeout));
    }

    fn say_answer<M: Message>(&self, answer: &Result<tonic::Response<M>, Status>) {
        let (code, message) = match answer {
            Ok(answer) => {
                self.actor.say(received(answer.get_ref()));
                (code(Code::Ok), None)
            }
            Err(status) => told(status),
        };
        self.actor.say(steps::grpc_status_received(&code, message));
    }
}

/// The messages, one after the other, with some time in between.
pub(crate) fn paced<M: Send + 'static>(messages: Vec<M>) -> impl Stream<Item = M> + Send + 'static {
    stream::iter(messages.into_iter().enumerate()).then(async |(at, message)| {
        if at > 0 {
            tokio::time::sleep(super::BETWEEN_MESSAGES).await;
        }
        message
    })
}

fn path(method: &'static str) -> PathAndQuery {
    PathAndQuery::from_static(method)
}

/// What a call goes through: HTTP/2 by hyper, and the caller's patience.
struct Channel {
    sender: SendRequest<Body>,
    deadline: Option<Deadline>,
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl GrpcService<Body> for Channel {
    type ResponseBody = Incoming;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Incoming>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.sender.poll_ready(context).map_err(Into::into)
    }

    /// The library's own channel has a timer of this kind, and fails with the same error.
    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let deadline = self.deadline.take();
        let answering = self.sender.send_request(request);
        Box::pin(async move {
            let Some(Deadline { after, known }) = deadline else { return Ok(answering.await?) };
            let passed = async {
                tokio::time::sleep(after).await;
                // Whoever would tell has failed, and the run ends for that.
                let _ = known.await;
            };
            tokio::select! {
                biased;
                answer = answering => Ok(answer?),
                // The answer is dropped, and the stream is reset for it.
                () = passed => Err(TimeoutExpired(()).into()),
            }
        })
    }
}
