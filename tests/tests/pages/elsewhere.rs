//! The pages off loopback: they do not start without TLS and a login, and each class of callers there against
//! each operation and page.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::http::{self, Answer, Door};
use crate::network::{Network, PATIENCE, until};
use crate::{reading, schema};

const HUB: &str = "linz";
const NAME: &str = "hub.example.org";
/// Another address than 127.0.0.1, and still of this machine.
const LISTEN: &str = "127.0.0.2:0";

/// Who calls, the status that it is owed (none where it is let in), and its headers.
type Caller<'a> = (&'a str, Option<u16>, Vec<(&'a str, &'a str)>);

/// The pages of a hub as browsers of other machines reach them.
struct Elsewhere {
    /// Where they listen.
    address: String,
    /// What browsers call it.
    host: String,
    trusts: Arc<ClientConfig>,
}

impl Elsewhere {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let name = ServerName::try_from(NAME).unwrap();
        let connection = ClientConnection::new(Arc::clone(&self.trusts), name).unwrap();
        let socket = TcpStream::connect(&self.address).unwrap();
        socket.set_read_timeout(Some(http::PATIENCE)).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        stream.write_all(http::request(method, path, headers, body).as_bytes()).unwrap();
        http::answer(&mut stream)
    }

    /// As the login page sends what was typed.
    fn log_in(&self, typed: &str, more: &[(&str, &str)]) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let host = [("host", self.host.as_str()), kind];
        self.ask("POST", "/login", &[&host, more].concat(), &format!("login={typed}"))
    }
}

pub(crate) fn pages_off_loopback_take_tls_and_a_login(network: &mut Network, vienna: &Door) {
    let init = [
        "init",
        "--slug",
        HUB,
        "--name",
        "Linz Hub",
        "--city",
        "Linz",
        "--country",
        "AT",
        "--lat",
        "48.306",
        "--lon",
        "14.286",
    ];
    network.begin(HUB, &init);
    let trusts = they_do_not_start_without(network);
    network.start(HUB, &["ui", "--print", "--listen", LISTEN]);
    let told = until(PATIENCE, || std::fs::read_to_string(network.home(HUB).join("ui/address")).ok());
    let host = told.strip_prefix("https://").unwrap().to_owned();
    let port = host.strip_prefix(NAME).and_then(|rest| rest.strip_prefix(':')).unwrap();
    let address = format!("127.0.0.2:{port}");
    let server = Elsewhere { address, host, trusts };
    let cookie = a_login_opens(network, &server);
    nothing_answers_without_its_permission(network, &server, vienna, &cookie);
    another_login_ends_what_the_first_let_in(network, &server, &cookie);
}

/// What is missing is named, all of it at once, until nothing is; answers what trusts the certificate.
fn they_do_not_start_without(network: &Network) -> Arc<ClientConfig> {
    let refused = |words: &[&str], not: &[&str]| {
        let (code, said) = network.fails(HUB, &["ui", "--print", "--listen", LISTEN]);
        assert_eq!(code, 5, "{said}");
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(!not.iter().any(|word| said.contains(word)), "{said}");
    };
    refused(&["tls_certificate", "tls_key", "page_names", "--new-login", "ssh -L"], &[]);
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
    let (certificate, key) = (network.home(HUB).join("tls.pem"), network.home(HUB).join("tls.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.key_pair.serialize_pem()).unwrap();
    network.run(HUB, &["config", "set", "tls_certificate", certificate.to_str().unwrap()]);
    refused(&["tls_certificate", "--new-login"], &[]);
    network.run(HUB, &["config", "set", "tls_key", key.to_str().unwrap()]);
    refused(&["page_names", "--new-login"], &["tls_certificate"]);
    network.run(HUB, &["config", "set", "page_names", &format!("[\"{NAME}\"]")]);
    refused(&["--new-login"], &["tls_certificate", "page_names"]);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec())).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let trusts = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    network.run(HUB, &["ui", "--new-login"]);
    trusts
}

fn a_login_opens(network: &Network, server: &Elsewhere) -> String {
    let login = network.run(HUB, &["ui", "--new-login"])["login"].as_str().unwrap().to_owned();
    let origin = format!("https://{}", server.host);
    let own = [("origin", origin.as_str())];
    let form = server.ask("GET", "/login", &[("host", &server.host)], "");
    assert_eq!((form.status, form.text().contains("name=\"login\"")), (200, true));
    let wrong = server.log_in(&login.replace('-', "a"), &own);
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None), "{}", wrong.text());
    assert_eq!(server.log_in(&login, &[]).status, 403, "it does not say which page it comes from");
    let plain = format!("http://{}", server.host);
    assert_eq!(server.log_in(&login, &[("origin", &plain)]).status, 403, "a page without TLS");
    let right = server.log_in(&login, &own);
    assert_eq!((right.status, right.header("location")), (303, Some("/")), "{}", right.text());
    let set = right.header("set-cookie").unwrap().to_owned();
    for word in ["__Host-cohub_", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
        assert!(set.contains(word), "{set}");
    }
    let mut plain = TcpStream::connect(&server.address).unwrap();
    plain.set_read_timeout(Some(http::PATIENCE)).unwrap();
    plain.write_all(http::request("GET", "/", &[("host", &server.host)], "").as_bytes()).unwrap();
    let mut heard = Vec::new();
    // The server may end the connection as it likes, as long as it answers nothing that can be read.
    let _ = plain.read_to_end(&mut heard);
    assert!(!String::from_utf8_lossy(&heard).contains("HTTP/1.1"), "it speaks without TLS");
    set.split(';').next().unwrap().to_owned()
}

fn nothing_answers_without_its_permission(
    network: &Network,
    server: &Elsewhere,
    vienna: &Door,
    cookie: &str,
) {
    let origin = format!("https://{}", server.host);
    let host = ("host", server.host.as_str());
    let invited = network.run(HUB, &["ui", "--print"])["address"].as_str().unwrap().to_owned();
    let entered = server.ask("GET", invited.split_once(&server.host).unwrap().1, &[host], "");
    let by_code = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let without_prefix = cookie.trim_start_matches("__Host-").to_owned();
    let (plain, elsewhere) = (format!("http://{}", server.host), "https://elsewhere.example");
    let callers: [Caller<'_>; 11] = [
        ("nobody", Some(401), vec![host]),
        ("a cut cookie", Some(401), vec![host, ("cookie", &cookie[..cookie.len() - 1])]),
        ("a cookie of no such name", Some(401), vec![host, ("cookie", &without_prefix)]),
        ("the cookie of another node", Some(401), vec![host, ("cookie", &vienna.cookie)]),
        ("by its number", Some(421), vec![("host", &server.address), ("cookie", cookie)]),
        ("by another name", Some(421), vec![("host", "rebound.example"), ("cookie", cookie)]),
        ("a page of another site", Some(403), vec![host, ("cookie", cookie), ("origin", elsewhere)]),
        ("a page without TLS", Some(403), vec![host, ("cookie", cookie), ("origin", &plain)]),
        ("a link elsewhere", Some(403), vec![host, ("cookie", cookie), ("sec-fetch-site", "cross-site")]),
        ("whom the login let in", None, vec![host, ("cookie", cookie), ("origin", &origin)]),
        ("whom a code let in", None, vec![host, ("cookie", &by_code), ("origin", &origin)]),
    ];
    let (_, operations) = schema::operations(vienna);
    let read = operations
        .iter()
        .map(|one| (one.method.clone(), one.path.clone(), one.answer().0 == "text/event-stream"));
    let pages = reading::addresses(vienna).into_iter().map(|path| ("GET".to_owned(), path, false));
    let forms = reading::forms(vienna).into_iter().map(|path| ("POST".to_owned(), path, false));
    for (method, path, streams) in read.chain(pages).chain(forms) {
        for (name, owed, headers) in &callers {
            let says_whence = headers.iter().any(|(name, _)| *name == "origin");
            let owed = match owed {
                Some(421) => Some(421),
                _ if method != "GET" && !says_whence => Some(403),
                owed => *owed,
            };
            if owed.is_none() && streams {
                continue;
            }
            let answer = server.ask(&method, &path, headers, "");
            let what = format!("{method} {path} by {name}: {} {}", answer.status, answer.text());
            match owed {
                Some(owed) => {
                    assert_eq!(answer.status, owed, "{what}");
                    for secret in ["Linz", "did:key:", "rec1", "hub1", "net1"] {
                        assert!(!answer.text().contains(secret), "{what}: tells {secret}");
                    }
                }
                None => assert!(![401, 403, 405, 421].contains(&answer.status), "{what}"),
            }
            crate::access::carries_the_headers(&answer, &what);
        }
    }
}

fn another_login_ends_what_the_first_let_in(network: &Network, server: &Elsewhere, cookie: &str) {
    let ask = || server.ask("GET", "/", &[("host", &server.host), ("cookie", cookie)], "").status;
    assert_eq!(ask(), 200);
    network.run(HUB, &["ui", "--new-login"]);
    assert_eq!(ask(), 401);
}
