//! Two hubs that found a network, and their nodes as processes of the binary under test.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cohub_node::keystore::{Keystore, Passphrase};
use cohub_node::outbox::Outbox;
use cohub_node::{Home, identity, network};
use cohub_record::{PublicKey, SecretKey};
use cohub_registry::{Charter, Profile};
use cohub_tests::Process;

use crate::socket::Socket;

/// How long a node may take until it answers.
const START: Duration = Duration::from_secs(30);
/// How long it may take to end when it is asked to.
const END: Duration = Duration::from_secs(20);

/// Votes last seconds, so that tellers have much to sign.
const CHARTER: &str = r#"
title = "Commons of tests"
signing_seats = 2

[timing]
notice = "1 second"
grace = "1 second"
maximum = "1 day"

[sponsorship]
open = 1
records = 100

[panels]
space = "Space"

[[stages]]
slug = "initiative"
title = "Initiative"
rule = "simple"
"#;

/// Settings under which nodes say little and find each other quickly again.
const BRISK: [(&str, &str); 6] = [
    ("COHUB_LOG", "error"),
    ("COHUB_LOOPBACK_ONLY", "true"),
    ("COHUB_SYNC_INTERVAL_MS", "1000"),
    ("COHUB_REDIAL_MIN_MS", "50"),
    ("COHUB_REDIAL_MAX_MS", "500"),
    ("COHUB_REQUEST_TIMEOUT_MS", "2000"),
];

/// A founding hub: its home, and the keys that its people write with.
pub(crate) struct Hub {
    pub(crate) slug: &'static str,
    pub(crate) home: Home,
    pub(crate) controller: SecretKey,
    pub(crate) representative: SecretKey,
    pub(crate) teller: PublicKey,
    listen: String,
}

/// A hub's node, as long as it runs.
pub(crate) struct Running {
    process: Process,
    home: Home,
}

/// Vienna and Amsterdam found a network, each with its home below `directory`.
pub(crate) fn found(directory: &Path) -> [Hub; 2] {
    let passphrase = Passphrase::new("a test's passphrase");
    let hubs = ["vienna", "amsterdam"].map(|slug| Hub::new(&directory.join(slug), slug, &passphrase));
    let cards = hubs.each_ref().map(|hub| {
        let mut card = network::card(&hub.home, &passphrase).unwrap();
        card.addresses = vec![hub.listen.clone()];
        card
    });
    let charter = Charter::from_toml(CHARTER).unwrap();
    let file =
        network::found("Commons of tests", charter, "We own this together.", &cards, Some(2), Vec::new())
            .unwrap();
    for hub in &hubs {
        network::join(&hub.home, &file, &passphrase).unwrap();
    }
    hubs
}

impl Hub {
    fn new(directory: &Path, slug: &'static str, passphrase: &Passphrase) -> Self {
        let home = Home::at(directory).unwrap();
        let profile = Profile {
            name: slug.parse().unwrap(),
            slug: slug.parse().unwrap(),
            city: slug.parse().unwrap(),
            country: "AT".parse().unwrap(),
            lat: 4_820_000,
            lon: 1_630_000,
        };
        let teller = identity::init(&home, profile, passphrase, 2).unwrap().teller;
        let keystore = Keystore::open(&home);
        let unlock = |label| keystore.unlock(label, passphrase).unwrap();
        let port = cohub_tests::free_port().unwrap();
        Self {
            slug,
            controller: unlock(identity::label::CONTROLLER),
            representative: unlock(identity::label::REPRESENTATIVE),
            teller,
            listen: format!("/ip4/127.0.0.1/tcp/{port}"),
            home,
        }
    }

    /// Starts its node and waits until it answers.
    pub(crate) fn start(&self) -> Running {
        let mut command = Command::new(cohub_tests::cohub().unwrap());
        command
            .args(["up", "--json"])
            .env("COHUB_HOME", self.home.dir())
            .env("COHUB_LISTEN", format!("[\"{}\"]", self.listen))
            .envs(BRISK);
        let process = Process::start(&mut command, self.home.dir().join("printed.txt")).unwrap();
        let mut running = Running { process, home: self.home.clone() };
        running.wait_for_answer();
        running
    }

    /// Whether nothing that its people signed waits to be handed in.
    pub(crate) fn outbox_is_empty(&self) -> bool {
        Outbox::open(&self.home).unwrap().waiting().unwrap().is_empty()
    }
}

impl Running {
    fn wait_for_answer(&mut self) {
        let end = Instant::now() + START;
        while UnixStream::connect(self.home.socket()).is_err() {
            let ended = self.process.ended().unwrap();
            let late = Instant::now() > end;
            assert!(ended.is_none() && !late, "the node does not come up:\n{}", self.process.printed());
            std::thread::sleep(Duration::from_millis(5));
        }
        // The socket is bound before the node is ready to answer at it.
        self.socket().status();
    }

    /// A connection to its socket.
    pub(crate) fn socket(&self) -> Socket {
        Socket::connect(&self.home).unwrap()
    }

    /// Kills it at once (SIGKILL), and waits until the system has cleared it away: until then its socket
    /// still takes calls that nobody answers.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        assert!(self.process.wait(END).unwrap().is_some(), "a killed node does not go away");
    }

    /// Ends it well.
    pub(crate) fn end(mut self) {
        self.process.terminate().unwrap();
        let status = self.process.wait(END).unwrap();
        assert!(status.is_some_and(|status| status.success()), "{}", self.process.printed());
    }
}
