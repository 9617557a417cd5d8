//! `pages`: pages and JSON resources over HTTP, at the size that they are meant for (P13): how long each takes, and how
//! many requests a second two connections get.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use cohub_node::Home;
use serde_json::Value;

use crate::crowd::Crowd;
use crate::node::{Node, Role, command};
use crate::site::free_port;
use crate::table::{Goal, Table};
use crate::up::filled;
use crate::{Dose, Failed};

const HUBS: usize = 107;
const APPLICATIONS: usize = 500;
const MOTIONS: usize = 2_000;
/// What P13 asks for: milliseconds a page and a resource, requests a second.
const PAGE_MS: f64 = 10.0;
const RESOURCE_MS: f64 = 1.0;
const REQUESTS: f64 = 5_000.0;
/// Connections that ask at the same time, one a core.
const CONNECTIONS: usize = 2;
/// How long the pages may take to answer at first.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn run(dose: Dose) -> Result<Table, Failed> {
    let directory = tempfile::tempdir()?;
    let crowd = Crowd::of_pages(HUBS, APPLICATIONS, MOTIONS);
    let site = filled(&directory.path().join("home"), &crowd)?;
    let port = free_port()?;
    let listen = format!("127.0.0.1:{port}");
    let mut node = Node::with(&site.home, &site.listen, &["--ui", "--ui-listen", &listen])?;
    node.first_answer()?;
    let cookie = let_in(&site.home, &listen)?;
    let mut door = Door::open(&listen, &cookie)?;
    let end = Instant::now() + PATIENCE;
    while let Err(error) = door.get("/api/v1/hubs?limit=1") {
        if Instant::now() > end {
            return Err(error);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let (pages, resources) = addresses(&mut door)?;
    let rounds = dose.rounds(101, 11);
    let mut table = Table::new(format!(
        "Pages and resources over HTTP: {HUBS} hubs, {APPLICATIONS} applications, {MOTIONS} motions, {} records",
        crowd.records.len()
    ));
    for (addresses, limit, unchanged) in [(&pages, PAGE_MS, "page"), (&resources, RESOURCE_MS, "resource")] {
        for (name, path) in addresses {
            let mut times = Vec::new();
            for _ in 0..rounds {
                let began = Instant::now();
                door.get(path)?;
                times.push(began.elapsed().as_secs_f64() * 1_000.0);
            }
            table.limit(format!("{unchanged} `{name}`"), &times, "ms", limit);
        }
    }
    let seconds = Duration::from_secs(if dose.short { 2 } else { 10 });
    let busiest = ["/api/v1/motions?limit=1", "/api/v1/committee", "/api/v1/charter"];
    for path in busiest {
        let rate = requests_a_second(&listen, &cookie, path, seconds)?;
        table.compare(
            format!("requests for `{path}`"),
            (&[rate], "/s"),
            ("the goal", &[REQUESTS]),
            Goal::AtLeast(1.0),
        );
    }
    table.remark(format!(
        "Whole answers over the loopback, one after the other on one connection, {rounds} times each; requests a second on \
         {CONNECTIONS} connections, whose clients take a part of the cores that the node has."
    ));
    node.end()?;
    Ok(table)
}

/// Opens the pages with a code, as a browser does; answers the cookie.
fn let_in(home: &Home, listen: &str) -> Result<String, Failed> {
    let end = Instant::now() + PATIENCE;
    loop {
        let mut asked = command(Role::Cohub)?;
        asked.args(["ui", "--print", "--json"]).env("COHUB_HOME", home.dir()).stdout(Stdio::piped());
        let output = asked.stderr(Stdio::null()).output()?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let code =
            printed.split("code=").nth(1).map(|rest| rest.split(['"', '\n', ' ']).next().unwrap_or_default());
        if let Some(code) = code {
            let answer = Door::open(listen, "")?.ask(&format!("/enter?code={code}"))?;
            let cookie = answer.cookie.ok_or("the code opens nothing")?;
            return Ok(cookie.split(';').next().unwrap_or_default().to_owned());
        }
        if Instant::now() > end {
            return Err(format!("no address of the pages: {printed}").into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// What is asked for, by what it is called.
type Addresses = Vec<(String, String)>;

/// Pages and resources, one of each.
fn addresses(door: &mut Door) -> Result<(Addresses, Addresses), Failed> {
    let mut first = |list: &str| -> Result<String, Failed> {
        let listed: Value = serde_json::from_slice(&door.get(&format!("/api/v1/{list}?limit=1"))?)?;
        Ok(listed[list][0]["id"].as_str().ok_or("an empty list")?.to_owned())
    };
    let (hub, application, motion) = (first("hubs")?, first("applications")?, first("motions")?);
    let named = |path: &str| (path.to_owned(), path.to_owned());
    let mut pages: Addresses =
        ["/", "/registry", "/applications", "/motions", "/committee", "/charter", "/people", "/peers"]
            .into_iter()
            .chain(["/records", "/evidence", "/settings", "/reference"])
            .map(named)
            .collect();
    let mut resources: Addresses =
        ["/status", "/hubs", "/applications", "/motions", "/committee", "/charter", "/agenda", "/evidence"]
            .map(|path| named(&format!("/api/v1{path}")))
            .into();
    for (list, id) in [("hubs", hub), ("applications", application), ("motions", motion)] {
        pages.push((format!("/{list}/…"), format!("/{list}/{id}")));
        resources.push((format!("/api/v1/{list}/…"), format!("/api/v1/{list}/{id}")));
    }
    Ok((pages, resources))
}

/// As many as there is an answer to in a time, on several connections.
fn requests_a_second(listen: &str, cookie: &str, path: &str, time: Duration) -> Result<f64, Failed> {
    let ask = |mut door: Door| -> Result<u32, String> {
        let (began, mut count) = (Instant::now(), 0);
        while began.elapsed() < time {
            door.get(path).map_err(|error| error.to_string())?;
            count += 1;
        }
        Ok(count)
    };
    let doors: Vec<Door> = (0..CONNECTIONS).map(|_| Door::open(listen, cookie)).collect::<Result<_, _>>()?;
    let counts = std::thread::scope(|scope| {
        let running: Vec<_> = doors.into_iter().map(|door| scope.spawn(|| ask(door))).collect();
        running
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|_| Err("a client ended".to_owned())))
            .collect::<Vec<_>>()
    });
    let counts: Vec<u32> = counts.into_iter().collect::<Result<_, _>>()?;
    Ok(f64::from(counts.iter().sum::<u32>()) / time.as_secs_f64())
}

/// A connection that stays.
struct Door {
    stream: BufReader<TcpStream>,
    listen: String,
    cookie: String,
}

struct Answer {
    status: u16,
    cookie: Option<String>,
    body: Vec<u8>,
}

impl Door {
    fn open(listen: &str, cookie: &str) -> Result<Self, Failed> {
        let stream = TcpStream::connect(listen)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), listen: listen.to_owned(), cookie: cookie.to_owned() })
    }

    /// The body of what is there.
    fn get(&mut self, path: &str) -> Result<Vec<u8>, Failed> {
        let answer = self.ask(path)?;
        if answer.status == 200 { Ok(answer.body) } else { Err(format!("{path}: {}", answer.status).into()) }
    }

    fn ask(&mut self, path: &str) -> Result<Answer, Failed> {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n", self.listen, self.cookie);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).ok_or("no answer")?.parse()?;
        let (mut length, mut cookie) = (None, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>()?),
                "set-cookie" => cookie = Some(value.to_owned()),
                _ => {}
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body)?;
            }
            None => self.chunks(&mut body)?,
        }
        Ok(Answer { status, cookie, body })
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<(), Failed> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16)?;
            let at = body.len();
            body.resize(at + size, 0);
            self.stream.read_exact(&mut body[at..])?;
            self.stream.read_line(&mut line)?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}
