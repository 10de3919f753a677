//! The side that is called.

use std::{convert::Infallible, pin::Pin, sync::Arc};

use futures_util::{Stream, StreamExt, future::BoxFuture, stream};
use hyper::{
    Request, Response, body::Incoming, http::request, server::conn::http2::Builder,
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tonic::{
    Code, Status, Streaming,
    body::Body,
    server::{
        ClientStreamingService, Grpc, ServerStreamingService, StreamingService, UnaryService,
    },
};
use tonic_prost::ProstCodec;

use super::{Heard, TIMEOUT, code, received, sent, told};
use crate::{Failure, actor::Actor, counted::Counted, lent::Lent, steps};

/// What answers every call on a connection.
pub(crate) type Handler =
    Arc<dyn Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// Messages on their way out.
pub(crate) type Outgoing<M> = Pin<Box<dyn Stream<Item = Result<M, Status>> + Send>>;

/// Serves one connection, and gives it back when the client has taken leave.
pub(crate) async fn serve(
    actor: &Actor,
    connection: Counted,
    handler: Handler,
) -> Result<Counted, Failure> {
    let (lent, given_back) = Lent::new(connection);
    let service = service_fn(move |call| {
        let answering = handler(call);
        async move { Ok::<_, Infallible>(answering.await) }
    });
    Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(lent), service)
        .await
        .map_err(|error| actor.failed("serve gRPC", error))?;
    actor.hear(given_back).await
}

/// A method of one question and one answer.
pub(crate) fn unary<A, B, M, F>(actor: &Actor, method: M) -> Handler
where
    A: Message + Default + 'static,
    B: Message + 'static,
    M: Fn(A) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<B, Status>> + Send + 'static,
{
    let method = Method { actor: actor.clone(), method };
    handler(actor, move |call| {
        let method = method.clone();
        Box::pin(async move { Grpc::new(ProstCodec::<B, A>::default()).unary(method, call).await })
    })
}

/// A method of one question and many answers.
pub(crate) fn server_streaming<A, B, M>(actor: &Actor, method: M) -> Handler
where
    A: Message + Default + 'static,
    B: Message + 'static,
    M: Fn(A) -> Outgoing<B> + Clone + Send + Sync + 'static,
{
    let method = Method { actor: actor.clone(), method };
    handler(actor, move |call| {
        let method = method.clone();
        Box::pin(async move {
            Grpc::new(ProstCodec::<B, A>::default()).server_streaming(method, call).await
        })
    })
}

/// A method of many messages and one answer.
pub(crate) fn client_streaming<A, B, M, F>(actor: &Actor, method: M) -> Handler
where
    A: Message + Default + 'static,
    B: Message + 'static,
    M: Fn(Heard<A>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<B, Status>> + Send + 'static,
{
    let method = Method { actor: actor.clone(), method };
    handler(actor, move |call| {
        let method = method.clone();
        Box::pin(async move {
            Grpc::new(ProstCodec::<B, A>::default()).client_streaming(method, call).await
        })
    })
}

/// A method of many messages of both sides.
pub(crate) fn bidirectional<A, B, M>(actor: &Actor, method: M) -> Handler
where
    A: Message + Default + 'static,
    B: Message + 'static,
    M: Fn(Heard<A>) -> Outgoing<B> + Clone + Send + Sync + 'static,
{
    let method = Method { actor: actor.clone(), method };
    handler(actor, move |call| {
        let method = method.clone();
        Box::pin(
            async move { Grpc::new(ProstCodec::<B, A>::default()).streaming(method, call).await },
        )
    })
}

/// Says each call before it is handled.
fn handler(
    actor: &Actor,
    handle: impl Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync + 'static,
) -> Handler {
    let actor = actor.clone();
    Arc::new(move |call| {
        let (head, body): (request::Parts, _) = call.into_parts();
        let timeout = head.headers.get(TIMEOUT).and_then(|value| value.to_str().ok());
        actor.say(steps::grpc_call_received(head.uri.path(), timeout));
        handle(Request::from_parts(head, body))
    })
}

/// A method, with its messages said on their way in and out: what the traits of the library take.
#[derive(Clone)]
struct Method<M> {
    actor: Actor,
    method: M,
}

impl<A, B, M, F> UnaryService<A> for Method<M>
where
    A: Message,
    B: Message,
    M: Fn(A) -> F,
    F: Future<Output = Result<B, Status>> + Send + 'static,
{
    type Response = B;
    type Future = BoxFuture<'static, Result<tonic::Response<B>, Status>>;

    fn call(&mut self, request: tonic::Request<A>) -> Self::Future {
        self.actor.say(received(request.get_ref()));
        answer(self.actor.clone(), (self.method)(request.into_inner()))
    }
}

impl<A, B, M> ServerStreamingService<A> for Method<M>
where
    A: Message,
    B: Message + 'static,
    M: Fn(A) -> Outgoing<B>,
{
    type Response = B;
    type ResponseStream = Outgoing<B>;
    type Future = BoxFuture<'static, Result<tonic::Response<Outgoing<B>>, Status>>;

    fn call(&mut self, request: tonic::Request<A>) -> Self::Future {
        self.actor.say(received(request.get_ref()));
        answers(self.actor.clone(), (self.method)(request.into_inner()))
    }
}

impl<A, B, M, F> ClientStreamingService<A> for Method<M>
where
    A: Message,
    B: Message,
    M: Fn(Heard<A>) -> F,
    F: Future<Output = Result<B, Status>> + Send + 'static,
{
    type Response = B;
    type Future = BoxFuture<'static, Result<tonic::Response<B>, Status>>;

    fn call(&mut self, request: tonic::Request<Streaming<A>>) -> Self::Future {
        let heard = Heard::new(&self.actor, request.into_inner());
        answer(self.actor.clone(), (self.method)(heard))
    }
}

impl<A, B, M> StreamingService<A> for Method<M>
where
    A: Message,
    B: Message + 'static,
    M: Fn(Heard<A>) -> Outgoing<B>,
{
    type Response = B;
    type ResponseStream = Outgoing<B>;
    type Future = BoxFuture<'static, Result<tonic::Response<Outgoing<B>>, Status>>;

    fn call(&mut self, request: tonic::Request<Streaming<A>>) -> Self::Future {
        let heard = Heard::new(&self.actor, request.into_inner());
        answers(self.actor.clone(), (self.method)(heard))
    }
}

/// One answer, or none, and how it went.
fn answer<B: Message>(
    actor: Actor,
    answering: impl Future<Output = Result<B, Status>> + Send + 'static,
) -> BoxFuture<'static, Result<tonic::Response<B>, Status>> {
    Box::pin(async move {
        let answer = answering.await;
        match &answer {
            Ok(message) => {
                actor.say(sent(message));
                actor.say(steps::grpc_status_sent(&code(Code::Ok), None));
            }
            Err(status) => say_status(&actor, status),
        }
        answer.map(tonic::Response::new)
    })
}

/// Answers as they come, and how it went.
fn answers<B: Message + 'static>(
    actor: Actor,
    outgoing: Outgoing<B>,
) -> BoxFuture<'static, Result<tonic::Response<Outgoing<B>>, Status>> {
    let said = stream::unfold((actor, outgoing), |(actor, mut outgoing)| async {
        let next = outgoing.next().await;
        match &next {
            Some(Ok(message)) => actor.say(sent(message)),
            Some(Err(status)) => say_status(&actor, status),
            None => actor.say(steps::grpc_status_sent(&code(Code::Ok), None)),
        }
        Some((next?, (actor, outgoing)))
    });
    let outgoing: Outgoing<B> = Box::pin(said);
    Box::pin(async move { Ok(tonic::Response::new(outgoing)) })
}

fn say_status(actor: &Actor, status: &Status) {
    let (code, message) = told(status);
    actor.say(steps::grpc_status_sent(&code, message));
}
