//! One server, several clients: all are served at the same time, on one thread.

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::net::TcpListener;

use crate::{Failure, actor::Actor, counted::Counted};

/// Serves these clients, who come in this order, until the last has gone. Each connection has a
/// notebook of its own; what they hold is taken in at the end, in the order in which they came.
pub(crate) async fn serve_each<Served>(
    actor: &Actor,
    listener: &TcpListener,
    clients: &[&'static str],
    attend: impl Fn(Actor, Counted, &'static str) -> Served,
) -> Result<(), Failure>
where
    Served: Future<Output = Result<(), Failure>>,
{
    let mut held = FuturesUnordered::new();
    let mut notebooks: Vec<Actor> = Vec::new();
    let mut coming = clients.iter();
    while notebooks.len() < clients.len() || !held.is_empty() {
        let own = actor.apart();
        tokio::select! {
            connection = own.accept(listener), if notebooks.len() < clients.len() => {
                notebooks.push(own.clone());
                let client = coming.next().copied().unwrap_or_default();
                held.push(attend(own.clone(), connection?, client));
            }
            Some(served) = held.next(), if !held.is_empty() => served?,
        }
    }
    for own in &notebooks {
        actor.take_in(own);
    }
    Ok(())
}
