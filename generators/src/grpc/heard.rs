//! Messages that come one after the other, each said as the library hands it over.

use prost::Message;
use tonic::{Code, Status, Streaming};

use super::{code, received, told};
use crate::{Failure, actor::Actor, steps};

/// What a client sends, as the server hears it.
pub(crate) struct Heard<M> {
    actor: Actor,
    messages: Streaming<M>,
}

impl<M: Message> Heard<M> {
    pub(super) fn new(actor: &Actor, messages: Streaming<M>) -> Heard<M> {
        Heard { actor: actor.clone(), messages }
    }

    /// The next message; nothing when the client has no more.
    pub(crate) async fn next(&mut self) -> Result<Option<M>, Status> {
        let message = self.messages.message().await?;
        if let Some(message) = &message {
            self.actor.say(received(message));
        }
        Ok(message)
    }
}

/// What a server sends, as the client hears it: with how the call went behind the last.
pub(crate) struct Answers<M>(Heard<M>);

impl<M: Message> Answers<M> {
    pub(super) fn new(actor: &Actor, messages: Streaming<M>) -> Answers<M> {
        Answers(Heard::new(actor, messages))
    }

    /// The next message; nothing when the call is over.
    pub(crate) async fn next(&mut self) -> Result<Option<M>, Failure> {
        let actor = self.0.actor.clone();
        match self.0.next().await {
            Ok(Some(message)) => Ok(Some(message)),
            Ok(None) => {
                actor.say(steps::grpc_status_received(&code(Code::Ok), None));
                Ok(None)
            }
            Err(status) => {
                let (code, message) = told(&status);
                actor.say(steps::grpc_status_received(&code, message));
                Err(actor.failed("hear the next message", status))
            }
        }
    }
}
