//! The server: where it listens, what every request passes, and which handler answers.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use cohub_node::{Home, Settings, keystore::Keystore};
use serde::Deserialize;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use crate::access::{self, Guard, Refusal};
use crate::api::problem::Problem;
use crate::codes::{Codes, Mint};
use crate::doorway::Doorway;
use crate::events::EventLog;
use crate::language::said;
use crate::metrics::{self, Answered};
use crate::node::Node;
use crate::place::{Place, invitation};
use crate::reader::Reader;
use crate::snapshot::{Audience, Snapshots};
use crate::tls::{Secured, secured};
use crate::uploads::Uploads;
use crate::words::now_ms;
use crate::{WebError, api, assets, pages, respond, tokens};

/// Where the pages are served if nothing else is said. Where that port is taken, a free one is.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:7717";
/// The port that no address of TLS needs to say.
const HTTPS_PORT: u16 = 443;
/// Bytes of a form: a review has at most 20,000 bytes, three letters for one at worst.
const FORM_BYTES: usize = 96 * 1024;

/// What handlers share.
pub(crate) struct Web {
    pub(crate) node: Arc<Node>,
    pub(crate) snapshots: Arc<Snapshots>,
    pub(crate) events: Arc<EventLog>,
    /// One person signs one thing at a time: opening a key takes much memory, and a log has one next place.
    pub(crate) signing: tokio::sync::Mutex<()>,
    pub(crate) answered: Answered,
    /// Files on their way into a dossier; there are none where strangers look.
    uploads: Option<Uploads>,
}

impl Web {
    /// What pages of a home are made with.
    pub(crate) fn open(home: &Home, audience: Audience) -> Result<Self, WebError> {
        let (node, events) = (Arc::new(Node::new(home)), Arc::new(EventLog::new(now_ms())));
        let snapshots = Arc::new(Snapshots::new(Arc::clone(&node), Arc::clone(&events), audience));
        let uploads = match audience {
            Audience::World => None,
            Audience::Own => Some(Uploads::begin(&crate::place::directory(home))?),
        };
        let (signing, answered) = (tokio::sync::Mutex::new(()), Answered::default());
        Ok(Self { node, snapshots, events, signing, answered, uploads })
    }

    /// Where files wait.
    pub(crate) fn uploads(&self) -> Result<&Uploads, Problem> {
        self.uploads.as_ref().ok_or_else(|| Problem::no_key("Nothing is taken here."))
    }
}

/// The pages of one home, bound to their port and not served yet.
pub struct Server {
    doorway: Doorway,
    web: Arc<Web>,
    guard: Arc<Guard>,
    mint: Mint,
    address: String,
    /// Held as long as the pages are served.
    place: Place,
}

impl Server {
    /// Binds the pages of a home to an address: 127.0.0.1, or with TLS and a login any other.
    ///
    /// # Errors
    /// Where the address is none, or another than 127.0.0.1 without what that takes; where the port is taken, or
    /// another process serves this home's pages.
    pub async fn open(home: &Home, listen: &str, settings: &Settings) -> Result<Self, WebError> {
        let wanted: SocketAddr = listen.parse().map_err(|_| WebError::Listen(listen.to_owned()))?;
        let elsewhere = wanted.ip() != Ipv4Addr::LOCALHOST;
        let secured = if elsewhere { Some(secured(home, settings, wanted)?) } else { None };
        let Some(place) = Place::take(home)? else {
            return Err(WebError::Running(home.dir().to_owned()));
        };
        let listener = bind(wanted, listen == DEFAULT_LISTEN).await?;
        let port = listener.local_addr().map_err(WebError::Ended)?.port();
        let hosts = secured.as_ref().map(|secured| hosts(&secured.names, port));
        let address = match hosts.as_deref() {
            Some([first, ..]) => format!("https://{first}"),
            _ => format!("http://127.0.0.1:{port}"),
        };
        let mint = place.announce(&address)?;
        let node = Keystore::open(home).find(cohub_node::identity::label::NODE).ok().map(|info| info.key);
        let guard = Guard::new(port, node.as_ref(), Codes::new(mint.clone()));
        let guard = Arc::new(match hosts {
            Some(hosts) => guard.for_elsewhere(hosts, home),
            None => guard,
        });
        let doorway = Doorway::new(listener, secured.map(|Secured { acceptor, .. }| acceptor));
        let web = Arc::new(Web::open(home, Audience::Own)?);
        Ok(Self { doorway, web, guard, mint, address, place })
    }

    /// `http://127.0.0.1:PORT`, or `https://NAME:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address with a one-time code, for the person who started this.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn invitation(&self) -> Result<String, WebError> {
        invitation(&self.address, &self.mint)
    }

    /// What its handlers share.
    #[cfg(test)]
    pub(crate) fn web(&self) -> Arc<Web> {
        Arc::clone(&self.web)
    }

    /// Serves until it is dropped.
    ///
    /// # Errors
    /// If the port is lost.
    pub async fn serve(self) -> Result<(), WebError> {
        let Self { doorway, web, guard, place, .. } = self;
        let (keeping, following) = (Arc::clone(&web.snapshots), Arc::clone(&web.snapshots));
        let served = tokio::select! {
            served = axum::serve(doorway, router(web, guard)) => served.map_err(WebError::Ended),
            () = keeping.keep() => Ok(()),
            () = following.follow() => Ok(()),
        };
        drop(place);
        served
    }
}

/// What browsers name as the host of a server with these names: each with its port, or the one that it says
/// itself, and without the port that needs no saying.
fn hosts(names: &[String], port: u16) -> Vec<String> {
    let has_a_port = |name: &str| name.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let whole = |name: &String| match (has_a_port(name), port) {
        (true, _) | (false, HTTPS_PORT) => name.strip_suffix(":443").unwrap_or(name).to_owned(),
        (false, port) => format!("{name}:{port}"),
    };
    names.iter().map(whole).collect()
}

async fn bind(wanted: SocketAddr, may_move: bool) -> Result<TcpListener, WebError> {
    match TcpListener::bind(wanted).await {
        Err(error) if may_move && error.kind() == std::io::ErrorKind::AddrInUse => {
            let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            TcpListener::bind(free).await.map_err(WebError::Ended)
        }
        bound => bound.map_err(|source| WebError::Port { address: wanted.to_string(), source }),
    }
}

/// Every route, behind the checks of every request.
fn router(web: Arc<Web>, guard: Arc<Guard>) -> Router {
    Router::new()
        .route("/enter", get(enter))
        .route("/login", get(login).post(log_in))
        .merge(assets::routes())
        .merge(api::routes())
        .merge(metrics::routes())
        .merge(pages::routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(other_method)
        .layer(axum::extract::DefaultBodyLimit::max(FORM_BYTES))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state((Arc::clone(&web), Arc::clone(&guard)), gate))
        .layer(Extension(guard))
        .with_state(web)
}

/// What anybody who reaches this server may have: the doors, and files that say nothing of the node.
fn is_open(path: &str) -> bool {
    path == "/enter" || path == "/login" || path.starts_with("/assets/")
}

/// What every request passes before anything answers.
type Gate = (Arc<Web>, Arc<Guard>);

async fn gate(State((web, guard)): State<Gate>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let judged = guard
        .check_source(request.method(), request.headers())
        .and_then(|()| if is_open(path) { Ok(()) } else { permitted(&web, &guard, &request) });
    let reader = Reader::of(request.headers(), false);
    let for_programs = api::is_api(path) || path == metrics::PATH;
    let mut response = match judged {
        Ok(()) => {
            let answer = reader.clone().answered(next.run(request)).await;
            reader.made(|| in_own_words(answer, for_programs))
        }
        Err(Refusal::Stranger) if guard.takes_a_login() && !for_programs => {
            let page = reader.made(|| pages::login_page(false));
            respond::page(StatusCode::UNAUTHORIZED, page)
        }
        Err(refusal) => reader.made(|| refused(refusal, for_programs)),
    };
    respond::secure(&mut response);
    web.answered.count(response.status());
    response
}

/// Whether a browser was let in, or a program shows a token that opens what it asks for.
fn permitted(web: &Web, guard: &Guard, request: &Request) -> Result<(), Refusal> {
    match access::bearer(request.headers())? {
        None => guard.check_session(request.headers()),
        Some(token) => {
            let scope = tokens::scope_of(web.node.home(), token).ok_or(Refusal::Stranger)?;
            let opens = scope.opens(request.method(), request.uri().path());
            if opens { Ok(()) } else { Err(Refusal::Scope) }
        }
    }
}

/// What the server's library refused before a handler saw it: letters that are none, a body that is too large.
fn in_own_words(response: Response, for_programs: bool) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let status = response.status();
    if !status.is_client_error() || !kind.is_some_and(|kind| kind.starts_with("text/plain")) {
        return response;
    }
    let words = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "What was sent is larger than this address takes.",
        _ => "The address, or what was sent to it, cannot be read.",
    };
    if for_programs {
        return Problem::new(status, "bad-request", "Bad request", words).into_response();
    }
    let why = if status == StatusCode::PAYLOAD_TOO_LARGE { "too-large" } else { "unreadable" };
    let page = pages::plain_page(&said!("unreadable-title"), &said!("unreadable", why = why));
    respond::page(status, page)
}

fn refused(refusal: Refusal, for_programs: bool) -> Response {
    if for_programs {
        let (status, name, words) = (refusal.status(), refusal.name(), refusal.words());
        return Problem::new(status, name, "Not allowed", words).into_response();
    }
    let words = said!("refusal", why = refusal.name());
    respond::page(refusal.status(), pages::plain_page(&said!("refusal-title"), &words))
}

#[derive(Debug, Deserialize)]
struct Entering {
    #[serde(default)]
    code: String,
}

/// A one-time code becomes a cookie.
async fn enter(Extension(guard): Extension<Arc<Guard>>, Query(entering): Query<Entering>) -> Response {
    match guard.enter(&entering.code, now_ms() / 1_000) {
        Ok(cookie) => let_in(cookie),
        Err(bad) => {
            let page = pages::plain_page(&said!("bad-code-title"), &said!("bad-code", why = bad.name()));
            respond::page(StatusCode::UNAUTHORIZED, page)
        }
    }
}

fn let_in(cookie: String) -> Response {
    let headers = [
        (header::SET_COOKIE, cookie),
        (header::LOCATION, "/".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The page that takes the login, where there is one.
async fn login(Extension(guard): Extension<Arc<Guard>>, request: Request) -> Response {
    match guard.takes_a_login() {
        true => respond::page(StatusCode::OK, pages::login_page(false)),
        false => nowhere(request).await,
    }
}

#[derive(Debug, Deserialize)]
struct LoggingIn {
    #[serde(default)]
    login: String,
}

/// The login becomes a cookie.
async fn log_in(
    Extension(guard): Extension<Arc<Guard>>,
    form: Result<Form<LoggingIn>, FormRejection>,
) -> Response {
    let typed = form.map(|Form(form)| form.login).unwrap_or_default();
    match guard.log_in(&typed) {
        Ok(Some(cookie)) => let_in(cookie),
        Ok(None) => {
            tracing::warn!("a browser showed a login that is not the one of these pages");
            respond::page(StatusCode::UNAUTHORIZED, pages::login_page(true))
        }
        Err(error) => {
            let words = error.to_string();
            respond::page(
                StatusCode::INTERNAL_SERVER_ERROR,
                pages::plain_page(&said!("refusal-title"), &words),
            )
        }
    }
}

pub(crate) async fn nowhere(request: Request) -> Response {
    let words = "There is nothing at this address.";
    if api::is_api(request.uri().path()) {
        return Problem::not_found(words).into_response();
    }
    let page = pages::plain_page(&said!("nowhere-title"), &said!("nowhere"));
    respond::page(StatusCode::NOT_FOUND, page)
}

pub(crate) async fn other_method() -> Response {
    let words = "This address does not take this method.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", words).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn other_addresses_than_this_machine_s_own_take_tls_and_a_login() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let why = async |listen: &str| {
            let opened = Server::open(&home, listen, &Settings::default()).await;
            opened.err().map(|error| error.to_string()).unwrap_or_default()
        };
        for listen in ["0.0.0.0:7717", "[::]:7717", "[::1]:0", "192.168.1.2:80", "127.0.0.2:1"] {
            let error = why(listen).await;
            for word in [listen, "tls_certificate", "tls_key", "page_names", "--new-login", "ssh -L"] {
                assert!(error.contains(word), "{listen}, {word}: {error}");
            }
        }
        for listen in ["localhost:1", "7717", ""] {
            assert!(why(listen).await.contains("no address"), "{listen}");
        }
        assert_eq!(why("127.0.0.1:0").await, "");
    }

    #[test]
    fn a_server_answers_under_its_names_as_browsers_write_them() {
        let names =
            ["hub.example.org".to_owned(), "hub.example.org:8443".to_owned(), "[2001:db8::7]".to_owned()];
        assert_eq!(hosts(&names, 443), ["hub.example.org", "hub.example.org:8443", "[2001:db8::7]"]);
        assert_eq!(
            hosts(&names, 7717),
            ["hub.example.org:7717", "hub.example.org:8443", "[2001:db8::7]:7717"]
        );
    }

    #[tokio::test]
    async fn a_taken_port_is_named_and_the_usual_one_gives_way() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = bind(address, false).await.unwrap_err().to_string();
        assert!(error.contains(&address.to_string()), "{error}");
        assert_ne!(bind(address, true).await.unwrap().local_addr().unwrap(), address);
    }

    #[tokio::test]
    async fn one_process_serves_a_home_at_a_time() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let first = Server::open(&home, "127.0.0.1:0", &Settings::default()).await.unwrap();
        assert!(matches!(
            Server::open(&home, "127.0.0.1:0", &Settings::default()).await,
            Err(WebError::Running(_))
        ));
        let other = crate::running(&home).unwrap().unwrap();
        assert!(other.starts_with(first.address()), "{other}");
    }
}
