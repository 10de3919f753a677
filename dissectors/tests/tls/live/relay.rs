//! What stands between a client and a server, and writes down what either sends.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use wirestage_dissectors::ids::Direction;

use super::Sent;

/// One connection that is passed on.
pub(super) struct Relay {
    port: u16,
    sent: Arc<Mutex<Sent>>,
    passing: JoinHandle<()>,
}

impl Relay {
    /// Listens on the loopback for one connection to a server there.
    pub(super) fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let sent = Arc::default();
        let note = Arc::clone(&sent);
        let passing = std::thread::spawn(move || {
            let Ok((client, _)) = listener.accept() else { return };
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else { return };
            std::thread::scope(|scope| {
                scope.spawn(|| pass(&client, &server, Direction::Forward, &note));
                pass(&server, &client, Direction::Backward, &note);
            });
        });
        Self { port, sent, passing }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What was sent, once both sides have ended.
    pub(super) fn sent(self) -> Sent {
        // Who never came is not waited for.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        self.passing.join().unwrap();
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

/// Passes on what one side sends until it ends.
fn pass(mut from: &TcpStream, mut to: &TcpStream, way: Direction, sent: &Mutex<Sent>) {
    let mut room = vec![0; 1 << 16];
    while let Ok(len @ 1..) = from.read(&mut room) {
        sent.lock().unwrap().push((way, room[..len].to_vec()));
        if to.write_all(&room[..len]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
