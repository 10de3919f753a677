//! Clients and servers of HTTP/1.1 on plain sockets, as small as they can be.
//!
//! The last part of a path says how long its body is: `/bytes/6000` is answered with 6000 bytes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use socket2::{Domain, Socket, Type};

/// The end of a head.
const BLANK: &[u8] = b"\r\n\r\n";

/// A head, and the bytes behind it that came with it.
pub(crate) struct Head {
    pub(crate) text: String,
    pub(crate) rest: Vec<u8>,
}

impl Head {
    /// Reads up to the blank line; nothing where the other side has ended.
    pub(crate) fn read(stream: &mut impl Read) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 16_384];
        loop {
            if let Some(at) = bytes.windows(BLANK.len()).position(|part| part == BLANK) {
                let rest = bytes.split_off(at + BLANK.len());
                let text = String::from_utf8_lossy(&bytes).into_owned();
                return Ok(Some(Self { text, rest }));
            }
            match stream.read(&mut buffer)? {
                0 => return Ok(None),
                count => bytes.extend(&buffer[..count]),
            }
        }
    }

    /// Reads a head that must come.
    pub(crate) fn awaited(stream: &mut impl Read) -> io::Result<Self> {
        Self::read(stream)?.ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }

    /// The length of the body that is announced; 0 where none is.
    pub(crate) fn announced(&self) -> usize {
        let lines = self.text.lines();
        let mut values = lines.filter_map(|line| line.strip_prefix("Content-Length: "));
        values.next().map_or(0, |value| value.parse().expect("a number"))
    }

    /// Reads the body that is announced, and gives all of it.
    pub(crate) fn body(self, stream: &mut impl Read) -> io::Result<Vec<u8>> {
        let (announced, mut body) = (self.announced(), self.rest);
        let missing = announced.saturating_sub(body.len()) as u64;
        stream.take(missing).read_to_end(&mut body)?;
        if body.len() < announced { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(body) }
    }

    /// The path of a request.
    fn path(&self) -> &str {
        self.text.split(' ').nth(1).unwrap_or_default()
    }
}

/// A request for so many bytes.
pub(crate) fn get(length: usize) -> Vec<u8> {
    format!("GET /bytes/{length} HTTP/1.1\r\nHost: shop.test\r\n\r\n").into_bytes()
}

/// The answer with so many bytes.
pub(crate) fn answer(length: usize) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), &vec![b'x'; length]].concat()
}

/// Asks for so many bytes, and takes them.
pub(crate) fn fetch(stream: &mut (impl Read + Write), length: usize) -> io::Result<()> {
    stream.write_all(&get(length))?;
    stream.flush()?;
    let head = Head::awaited(stream)?;
    assert_eq!(head.announced(), length);
    head.body(stream).map(drop)
}

/// Answers whatever is asked, until the other side ends.
pub(crate) fn serve(stream: &mut (impl Read + Write)) -> io::Result<()> {
    while let Some(head) = Head::read(stream)? {
        let path = head.path().to_owned();
        if path == "/refused" {
            let no =
                "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            // What has come of the body is left unread.
            return stream.write_all(no.as_bytes());
        }
        if head.text.contains("Expect: 100-continue") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        head.body(stream)?;
        let length = path.rsplit('/').next().and_then(|last| last.parse().ok());
        stream.write_all(&answer(length.unwrap_or_default()))?;
        stream.flush()?;
    }
    Ok(())
}

/// Serves so many connections, each in a thread of its own.
pub(crate) fn server(
    address: &str,
    connections: usize,
    serve: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    // The queue of the standard library holds 128 that wait: more than are played here.
    let listener = TcpListener::bind(address)?;
    Ok(thread::spawn(move || {
        let accepted = listener.incoming().take(connections);
        let each = |stream: io::Result<TcpStream>| {
            let serve = serve.clone();
            let stream = stream.expect("a connection");
            thread::spawn(move || serve(stream).expect("it can be served"))
        };
        let all: Vec<JoinHandle<()>> = accepted.map(each).collect();
        all.into_iter().for_each(|one| one.join().expect("it ends"));
    }))
}

/// Connects from an address of one's own; port 0 where any will do.
pub(crate) fn connect(from: &str, to: &str) -> io::Result<TcpStream> {
    let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
    let (from, to) = (address(from), address(to));
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, None)?;
    socket.bind(&from.into())?;
    socket.connect(&to.into())?;
    let stream = TcpStream::from(socket);
    // Whoever forwards piece by piece does not wait for acknowledgements between.
    stream.set_nodelay(true)?;
    Ok(stream)
}
