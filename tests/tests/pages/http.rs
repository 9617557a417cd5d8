//! A caller of the pages that can say what no browser lets a person say: any host, origin or cookie.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Where a node's pages are, and the cookie that lets in.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// `127.0.0.1:PORT`.
    pub(crate) host: String,
    /// `NAME=VALUE`.
    pub(crate) cookie: String,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Door {
    /// Goes in with a one-time address.
    pub(crate) fn enter(invitation: &str) -> Self {
        let (host, path) = invitation.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let answer = call(host, "GET", &format!("/{path}"), &[("host", host)], "");
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(answer.header("location"), Some("/"));
        let cookie = answer.header("set-cookie").unwrap();
        Self { host: host.to_owned(), cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// As a browser that was let in.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// As a browser that was let in, with further headers.
    pub(crate) fn ask(&self, method: &str, path: &str, more: &[(&str, &str)]) -> Answer {
        let own = [("host", self.host.as_str()), ("cookie", self.cookie.as_str())];
        call(&self.host, method, path, &[&own, more].concat(), "")
    }

    /// As a page of this server sends something.
    pub(crate) fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let origin = format!("http://{}", self.host);
        let headers = [
            ("host", self.host.as_str()),
            ("cookie", self.cookie.as_str()),
            ("origin", origin.as_str()),
            ("content-type", kind),
        ];
        call(&self.host, method, path, &headers, body)
    }

    /// JSON that has to be there.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Opens a stream of events and reads lines until one fits.
    pub(crate) fn events(&self, more: &[(&str, &str)]) -> Events {
        let own = [("host", self.host.as_str()), ("cookie", self.cookie.as_str())];
        let stream = send(&self.host, "GET", "/api/v1/events", &[&own, more].concat(), "");
        Events { lines: BufReader::new(stream) }
    }
}

/// A stream of events.
pub(crate) struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// The value of the next line that begins with a word, as in `id`.
    pub(crate) fn next(&mut self, word: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the stream ended before {word:?}");
            if let Some(value) = line.trim().strip_prefix(word).and_then(|rest| rest.strip_prefix(": ")) {
                return value.to_owned();
            }
        }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// One request on a connection of its own.
pub(crate) fn call(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    answer(&mut send(host, method, path, headers, body))
}

/// What a server says until it ends the connection.
pub(crate) fn answer(stream: &mut impl std::io::Read) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.expect("an answer has a status"),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: bytes.split_off(end + 4),
    }
}

fn send(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request(method, path, headers, body).as_bytes()).unwrap();
    stream
}

/// A request as it is sent, the last of its connection.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\n{lines}connection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}
