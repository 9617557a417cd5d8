//! Forms as a browser sends them, and files that come with them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use crate::http::{Answer, Door, PATIENCE};

/// What a form sends.
pub(crate) fn send(door: &Door, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    let body = fields.collect::<Vec<_>>().join("&");
    door.send("POST", path, "application/x-www-form-urlencoded", &body)
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).and_then(|(_, rest)| rest.split_once('"')).expect("a hidden field").0.to_owned()
}

/// A form with a file, as a browser sends it.
pub(crate) fn upload(door: &Door, path: &str, fields: &[(&str, &str)], name: &str, content: &str) -> Answer {
    door.send("POST", path, "multipart/form-data; boundary=edge", &body(fields, name, content))
}

fn body(fields: &[(&str, &str)], name: &str, content: &str) -> String {
    let part = |about: String, value: &str| {
        format!("--edge\r\ncontent-disposition: form-data; {about}\r\n\r\n{value}\r\n")
    };
    let mut body: String =
        fields.iter().map(|(field, value)| part(format!("name=\"{field}\""), value)).collect();
    body += &part(format!("name=\"file\"; filename=\"{name}\""), content);
    body + "--edge--\r\n"
}

/// The same with a length of one's own, of which only the first half is sent; the status, where one came.
pub(crate) fn broken_off(door: &Door, path: &str, announced: Option<u64>) -> Option<u16> {
    let whole = body(&[], "study.pdf", "%PDF-1.7 of which the half is missing");
    let (sent, length) = (&whole[..whole.len() / 2], announced.unwrap_or(whole.len() as u64));
    let mut stream = TcpStream::connect(&door.host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\ncookie: {1}\r\nconnection: close\r\n\
         content-type: multipart/form-data; boundary=edge\r\ncontent-length: {length}\r\n\r\n{sent}",
        door.host, door.cookie
    );
    stream.write_all(request.as_bytes()).unwrap();
    if announced.is_none() {
        stream.shutdown(Shutdown::Write).unwrap();
    }
    // Whoever is cut off may not hear why.
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok())
}
