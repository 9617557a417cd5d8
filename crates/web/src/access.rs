//! Who may call: a browser that was let in by a one-time code, or by the login where other machines reach the
//! pages, from these pages only.
//!
//! A page of another site can make a browser send requests here, and a name of another site can be made to
//! resolve to this machine. So every request must name this server as its host, must come from no other
//! origin, and must carry a cookie that other sites cannot make a browser send.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode, header};
use cohub_node::{Home, hex};
use cohub_record::PublicKey;

use crate::codes::{BadCode, Codes};
use crate::{WebError, login};

/// Browsers that may be let in at a time; the one that was let in first has to leave.
const SESSIONS: usize = 64;

/// Judges requests.
pub(crate) struct Guard {
    hosts: Vec<String>,
    cookie: String,
    codes: Codes,
    sessions: Mutex<VecDeque<Session>>,
    /// The home whose login opens, where other machines reach this server. It speaks TLS then.
    login: Option<Home>,
}

/// A browser that was let in.
struct Session {
    /// The hash of its cookie's value.
    hash: blake3::Hash,
    /// The login that let it in: with that it ends.
    by: Option<blake3::Hash>,
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It names another host, or none.
    Host,
    /// It comes from a page of another origin.
    Origin,
    /// The browser says that another site made it.
    Site,
    /// It wants to change something and does not say where it comes from.
    Unsaid,
    /// It carries no cookie and no token of this server.
    Stranger,
    /// Its token does not open that.
    Scope,
}

impl Refusal {
    /// The status of the answer.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Stranger => StatusCode::UNAUTHORIZED,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Origin | Self::Site | Self::Unsaid | Self::Scope => StatusCode::FORBIDDEN,
        }
    }

    /// What happened, and what to do.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Host => {
                "These pages answer under their own address only. Open the address that `cohub ui` printed."
            }
            Self::Origin => "A page of another origin asked for this; nothing was answered or changed.",
            Self::Site => {
                "Another site led here, so nothing was answered or changed. Type the address yourself."
            }
            Self::Unsaid => "The request does not say which page it comes from; nothing was changed.",
            Self::Stranger => {
                "This browser was not let in. Run `cohub ui --print` in a terminal of this machine and open \
                 the address that it prints."
            }
            Self::Scope => "This token does not open that; `cohub token list` says what it opens.",
        }
    }

    /// The name of its problem type.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Host => "wrong-host",
            Self::Origin => "wrong-origin",
            Self::Site => "cross-site",
            Self::Unsaid => "no-origin",
            Self::Stranger => "not-let-in",
            Self::Scope => "scope",
        }
    }
}

impl Guard {
    /// For a server at a port of 127.0.0.1 that shows one node.
    pub(crate) fn new(port: u16, node: Option<&PublicKey>, codes: Codes) -> Self {
        // Cookies do not know ports: the name keeps two nodes of one machine apart.
        let name = match node {
            Some(node) => blake3::hash(node.as_bytes()),
            None => blake3::hash(&port.to_be_bytes()),
        };
        Self {
            hosts: vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            cookie: format!("cohub_{}", &name.to_hex()[..16]),
            codes,
            sessions: Mutex::new(VecDeque::new()),
            login: None,
        }
    }

    /// The same for a server that other machines reach by TLS under these names, and that the login of a home
    /// opens.
    pub(crate) fn for_elsewhere(self, hosts: Vec<String>, home: &Home) -> Self {
        // A name that begins so is taken from this host by TLS only, and from no other.
        let cookie = format!("__Host-{}", self.cookie);
        Self { hosts, cookie, login: Some(home.clone()), ..self }
    }

    /// Whether a login opens this server.
    pub(crate) const fn takes_a_login(&self) -> bool {
        self.login.is_some()
    }

    /// Checks where a request comes from.
    pub(crate) fn check_source(&self, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, header::HOST.as_str()).flatten().ok_or(Refusal::Host)?;
        if !self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return Err(Refusal::Host);
        }
        let scheme = if self.login.is_some() { "https" } else { "http" };
        let origin = only(headers, header::ORIGIN.as_str()).ok_or(Refusal::Origin)?;
        if origin.is_some_and(|origin| !origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))) {
            return Err(Refusal::Origin);
        }
        let site = only(headers, "sec-fetch-site").ok_or(Refusal::Site)?;
        if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return Err(Refusal::Site);
        }
        let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        // A token is no browser's to send by itself, as a cookie is.
        let shows_a_token = headers.contains_key(header::AUTHORIZATION);
        if !safe && origin.is_none() && site != Some("same-origin") && !shows_a_token {
            return Err(Refusal::Unsaid);
        }
        Ok(())
    }

    /// Checks that a request carries a cookie of this server.
    pub(crate) fn check_session(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut named = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| blake3::hash(value.as_bytes()));
        let login = self.login.as_ref().and_then(login::kept);
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let stands =
            |hash| sessions.iter().any(|one| one.hash == hash && (one.by.is_none() || one.by == login));
        if named.any(stands) { Ok(()) } else { Err(Refusal::Stranger) }
    }

    /// Takes a one-time code; answers the cookie to set.
    pub(crate) fn enter(&self, code: &str, now_s: u64) -> Result<String, BadCode> {
        self.codes.take(code, now_s)?;
        self.begin_session(None).map_err(|_| BadCode::Unknown)
    }

    /// Takes the login; answers the cookie to set, or nothing where it is another one.
    pub(crate) fn log_in(&self, typed: &str) -> Result<Option<String>, WebError> {
        let Some(home) = self.login.as_ref().filter(|home| login::opens(home, typed)) else {
            return Ok(None);
        };
        self.begin_session(login::kept(home)).map(Some)
    }

    /// Lets a browser in; answers the cookie to set.
    fn begin_session(&self, by: Option<blake3::Hash>) -> Result<String, WebError> {
        let mut token = [0; 32];
        getrandom::fill(&mut token).map_err(|error| WebError::Randomness(error.to_string()))?;
        let token = hex::encode(&token);
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.push_back(Session { hash: blake3::hash(token.as_bytes()), by });
        if sessions.len() > SESSIONS {
            sessions.pop_front();
        }
        let secure = if self.login.is_some() { "; Secure" } else { "" };
        Ok(format!("{}={token}; HttpOnly; SameSite=Strict; Path=/{secure}", self.cookie))
    }
}

/// The token that a request shows, where it shows one.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let shown = only(headers, header::AUTHORIZATION.as_str()).ok_or(Refusal::Stranger)?;
    shown.map(|shown| shown.strip_prefix("Bearer ").ok_or(Refusal::Stranger)).transpose()
}

/// The only value of a header, or that there is none. A header that comes twice, or is no text, is refused.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(value), None) => value.to_str().ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Mint;

    /// A method, headers, and whether they may pass.
    type Row<'a> = (Method, &'a [(&'static str, &'a str)], Result<(), Refusal>);

    fn guard() -> Guard {
        Guard::new(7717, None, Codes::new(Mint::new([1; 32])))
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    const HERE: (&str, &str) = ("host", "127.0.0.1:7717");

    #[test]
    fn people_and_programs_are_told_the_same() {
        use Refusal::{Host, Origin, Scope, Site, Stranger, Unsaid};
        for refusal in [Host, Origin, Site, Unsaid, Stranger, Scope] {
            assert_eq!(crate::language::said!("refusal", why = refusal.name()), refusal.words());
        }
    }

    #[test]
    fn every_foreign_source_is_refused() {
        use Refusal::{Host, Origin, Site, Unsaid};
        let own = ("origin", "http://127.0.0.1:7717");
        let table: &[Row<'_>] = &[
            (Method::GET, &[HERE], Ok(())),
            (Method::GET, &[("host", "localhost:7717")], Ok(())),
            (Method::GET, &[], Err(Host)),
            (Method::GET, &[("host", "127.0.0.1")], Err(Host)),
            (Method::GET, &[("host", "127.0.0.1:7718")], Err(Host)),
            (Method::GET, &[("host", "evil.example:7717")], Err(Host)),
            (Method::GET, &[("host", "127.0.0.1:7717.evil.example")], Err(Host)),
            (Method::GET, &[HERE, ("host", "evil.example")], Err(Host)),
            (Method::GET, &[HERE, own], Ok(())),
            (Method::GET, &[HERE, ("origin", "http://localhost:7717")], Err(Origin)),
            (Method::GET, &[HERE, ("origin", "https://127.0.0.1:7717")], Err(Origin)),
            (Method::GET, &[HERE, ("origin", "http://evil.example")], Err(Origin)),
            (Method::GET, &[HERE, ("origin", "null")], Err(Origin)),
            (Method::GET, &[HERE, own, ("origin", "http://evil.example")], Err(Origin)),
            (Method::GET, &[HERE, ("sec-fetch-site", "none")], Ok(())),
            (Method::GET, &[HERE, ("sec-fetch-site", "same-origin")], Ok(())),
            (Method::GET, &[HERE, ("sec-fetch-site", "same-site")], Err(Site)),
            (Method::GET, &[HERE, ("sec-fetch-site", "cross-site")], Err(Site)),
            (Method::POST, &[HERE], Err(Unsaid)),
            (Method::POST, &[HERE, ("sec-fetch-site", "none")], Err(Unsaid)),
            (Method::POST, &[HERE, ("sec-fetch-site", "same-origin")], Ok(())),
            (Method::POST, &[HERE, own], Ok(())),
            (Method::POST, &[HERE, own, ("sec-fetch-site", "same-site")], Err(Site)),
            (Method::POST, &[HERE, ("origin", "http://127.0.0.1:7718")], Err(Origin)),
            (Method::DELETE, &[HERE], Err(Unsaid)),
            (Method::POST, &[HERE, ("authorization", "Bearer x")], Ok(())),
            (
                Method::POST,
                &[HERE, ("authorization", "Bearer x"), ("origin", "http://evil.example")],
                Err(Origin),
            ),
        ];
        for (method, lines, expected) in table {
            assert_eq!(guard().check_source(method, &headers(lines)), *expected, "{method} {lines:?}");
        }
    }

    #[test]
    fn a_code_makes_one_session_whose_cookie_scripts_and_other_sites_cannot_use() {
        let guard = guard();
        let code = Mint::new([1; 32]).code(5).unwrap();
        let cookie = guard.enter(&code, 5).unwrap();
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
        assert_eq!(guard.enter(&code, 5), Err(BadCode::Used));
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(guard.check_session(&headers(&[("cookie", pair)])), Ok(()));
        let among = format!("other=1; {pair}; last=2");
        assert_eq!(guard.check_session(&headers(&[("cookie", &among)])), Ok(()));
        let stranger = Err(Refusal::Stranger);
        assert_eq!(guard.check_session(&headers(&[])), stranger);
        assert_eq!(guard.check_session(&headers(&[("cookie", &format!("{pair}0"))])), stranger);
        let (_, token) = pair.split_once('=').unwrap();
        assert_eq!(guard.check_session(&headers(&[("cookie", &format!("cohub={token}"))])), stranger);
    }

    #[test]
    fn a_cookie_of_another_node_of_the_machine_opens_nothing() {
        let key = |seed: u8| cohub_record::SecretKey::from_seed(&[seed; 32]).public();
        let at = |seed| Guard::new(7717, Some(&key(seed)), Codes::new(Mint::new([1; 32])));
        let (one, other) = (at(1), at(2));
        let code = || Mint::new([1; 32]).code(5).unwrap();
        let (first, second) = (one.enter(&code(), 5).unwrap(), other.enter(&code(), 5).unwrap());
        assert_ne!(first.split('=').next(), second.split('=').next());
        let pair = first.split(';').next().unwrap();
        assert_eq!(one.check_session(&headers(&[("cookie", pair)])), Ok(()));
        assert_eq!(other.check_session(&headers(&[("cookie", pair)])), Err(Refusal::Stranger));
    }

    #[test]
    fn a_login_lets_in_by_tls_until_there_is_another() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let login = login::make(&home).unwrap();
        assert_eq!(guard().log_in(&login).unwrap(), None, "it opens nothing on this machine's own address");
        let guard = guard().for_elsewhere(vec!["hub.example.org".to_owned()], &home);
        assert_eq!(guard.log_in("another").unwrap(), None);
        let cookie = guard.log_in(&login).unwrap().unwrap();
        assert!(cookie.starts_with("__Host-cohub_") && cookie.ends_with("; Path=/; Secure"), "{cookie}");
        let pair = cookie.split(';').next().unwrap();
        let by_code = guard.enter(&Mint::new([1; 32]).code(5).unwrap(), 5).unwrap();
        let by_code = by_code.split(';').next().unwrap();
        for pair in [pair, by_code] {
            assert_eq!(guard.check_session(&headers(&[("cookie", pair)])), Ok(()));
        }
        login::make(&home).unwrap();
        assert_eq!(guard.check_session(&headers(&[("cookie", pair)])), Err(Refusal::Stranger));
        assert_eq!(guard.check_session(&headers(&[("cookie", by_code)])), Ok(()));
        let host = ("host", "hub.example.org");
        let own = |origin| guard.check_source(&Method::POST, &headers(&[host, ("origin", origin)]));
        assert_eq!(own("https://hub.example.org"), Ok(()));
        assert_eq!(own("http://hub.example.org"), Err(Refusal::Origin));
        let here = guard.check_source(&Method::GET, &headers(&[HERE]));
        assert_eq!(here, Err(Refusal::Host), "it answers under its names only");
    }

    #[test]
    fn the_oldest_session_leaves_when_there_are_too_many() {
        let guard = guard();
        let enter = || guard.enter(&Mint::new([1; 32]).code(5).unwrap(), 5).unwrap();
        let first = enter();
        let pair = first.split(';').next().unwrap().to_owned();
        for _ in 1..SESSIONS {
            enter();
        }
        assert_eq!(guard.check_session(&headers(&[("cookie", &pair)])), Ok(()));
        enter();
        assert_eq!(guard.check_session(&headers(&[("cookie", &pair)])), Err(Refusal::Stranger));
    }
}
