//! Notices on their way: a letter by SMTP, and a message to a webhook.

use std::path::PathBuf;
use std::time::Duration;

use cohub_node::Settings;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport as _};
use serde_json::{Value, json};

use crate::commands::agenda::Due;
use crate::prose::{counted, harmless};
use crate::when::{date_and_distance, rfc3339};

/// How long a server may take for each step.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where notices go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    webhook: Option<String>,
    mail: Option<Mail>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mail {
    /// `smtps://HOST`, or `smtp://HOST:25`.
    smtp: String,
    /// The user, and the file with its password.
    user: Option<(String, PathBuf)>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

/// What is told, of whom.
#[derive(Debug)]
pub(crate) struct Notice {
    hub: String,
    items: Vec<Value>,
    lines: Vec<String>,
}

impl Ways {
    /// Reads them from the settings.
    ///
    /// # Errors
    /// Which setting is wrong, and how.
    pub(crate) fn read(settings: &Settings) -> Result<Self, String> {
        let webhook = Some(settings.notice_webhook.trim().to_owned()).filter(|url| !url.is_empty());
        if webhook.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            return Err("notice_webhook: begins with https:// or http://".to_owned());
        }
        if settings.notice_smtp.trim().is_empty() && settings.notice_mail_to.is_empty() {
            return Ok(Self { webhook, mail: None });
        }
        if settings.notice_smtp.trim().is_empty() {
            return Err("notice_smtp: a letter needs a server, as in smtps://mail.example.org".to_owned());
        }
        if settings.notice_mail_to.is_empty() {
            return Err("notice_mail_to: a letter needs an address to go to".to_owned());
        }
        let address = |setting: &str, text: &str| {
            text.parse::<Mailbox>().map_err(|error| format!("{setting}: {text:?}: {error}"))
        };
        if settings.notice_smtp.contains('@') {
            return Err(
                "notice_smtp: settings are shown, so neither user nor password stand in it; there are \
                        notice_smtp_user and notice_smtp_password_file"
                    .to_owned(),
            );
        }
        let (user, file) = (settings.notice_smtp_user.trim(), settings.notice_smtp_password_file.trim());
        if user.is_empty() != file.is_empty() {
            return Err("notice_smtp_user: it and notice_smtp_password_file go together".to_owned());
        }
        let mail = Mail {
            smtp: settings.notice_smtp.trim().to_owned(),
            user: Some((user.to_owned(), PathBuf::from(file))).filter(|(user, _)| !user.is_empty()),
            from: address("notice_mail_from", &settings.notice_mail_from)?,
            to: settings
                .notice_mail_to
                .iter()
                .map(|to| address("notice_mail_to", to))
                .collect::<Result<_, _>>()?,
        };
        mail.transport()?;
        Ok(Self { webhook, mail: Some(mail) })
    }

    /// Whether there are none.
    pub(crate) fn are_none(&self) -> bool {
        self.webhook.is_none() && self.mail.is_none()
    }

    /// Sends a notice every way, and says which ways it went. Blocks.
    ///
    /// # Errors
    /// What failed, in words; other ways were tried all the same.
    pub(crate) fn send(&self, notice: &Notice) -> Result<Vec<&'static str>, String> {
        let (mut went, mut failed) = (Vec::new(), Vec::new());
        if let Some(url) = &self.webhook {
            match notice.post(url) {
                Ok(()) => went.push("webhook"),
                Err(why) => failed.push(format!("the webhook: {why}")),
            }
        }
        if let Some(mail) = &self.mail {
            match notice.mail(mail) {
                Ok(()) => went.push("mail"),
                Err(why) => failed.push(format!("the mail server: {why}")),
            }
        }
        if failed.is_empty() { Ok(went) } else { Err(failed.join("; ")) }
    }
}

impl Mail {
    fn transport(&self) -> Result<SmtpTransport, String> {
        let builder = SmtpTransport::from_url(&self.smtp).map_err(|error| format!("notice_smtp: {error}"))?;
        let builder = builder.timeout(Some(PATIENCE));
        let Some((user, file)) = &self.user else { return Ok(builder.build()) };
        let password = std::fs::read_to_string(file)
            .map_err(|error| format!("notice_smtp_password_file: {}: {error}", file.display()))?;
        let password = password.trim_end_matches(['\r', '\n']).to_owned();
        Ok(builder.credentials(Credentials::new(user.clone(), password)).build())
    }
}

impl Notice {
    /// Of what is due. Words that came from peers are made harmless for a letter.
    pub(crate) fn of(hub: &str, due: &[&Due]) -> Self {
        let line = |one: &&Due| {
            let by = one.item.by.map(|by| format!("\n  until {}", date_and_distance(by))).unwrap_or_default();
            let waits = one.item.waits.as_ref().map(|whom| format!("\n  {whom} waits for it"));
            let text = format!(
                "{}, {}: {}{by}{}\n  {}",
                one.who,
                one.item.kind,
                one.item.subject,
                waits.unwrap_or_default(),
                one.item.command
            );
            harmless(&text)
        };
        let item = |one: &&Due| {
            json!({
                "who": one.who,
                "kind": one.item.kind,
                "subject": one.item.subject,
                "id": one.item.id,
                "by": one.item.by.map(rfc3339),
                "waits": one.item.waits,
                "command": one.item.command,
            })
        };
        Self {
            hub: hub.to_owned(),
            items: due.iter().map(item).collect(),
            lines: due.iter().map(line).collect(),
        }
    }

    fn subject(&self) -> String {
        let things = self.items.len();
        let verb = if things == 1 { "waits" } else { "wait" };
        format!("{}: {} {verb} for you", harmless(&self.hub).replace('\n', " "), counted(things, "thing"))
    }

    fn post(&self, url: &str) -> Result<(), String> {
        let body = json!({ "schema": "cohub.notice.v1", "hub": self.hub, "text": self.subject(), "due": self.items });
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).build();
        let call = agent.new_agent().post(url).header("content-type", "application/json");
        let answer = call.send(body.to_string()).map_err(|error| error.to_string())?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
    }

    fn mail(&self, mail: &Mail) -> Result<(), String> {
        let mut message = Message::builder().from(mail.from.clone()).subject(self.subject());
        for to in &mail.to {
            message = message.to(to.clone());
        }
        let text = format!(
            "{}\n\nYour own node wrote this; nobody else was told. What it tells is settled with\n`cohub config set notice_…`.\n",
            self.lines.join("\n\n")
        );
        let message = message.body(text).map_err(|error| error.to_string())?;
        mail.transport()?.send(&message).map(drop).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use cohub_node::api::AgendaItem;
    use cohub_record::Id;

    use super::*;

    fn due() -> Due {
        let item = AgendaItem {
            kind: "ballot".to_owned(),
            subject: "Ankara becomes initiative\r\nBcc: all@example.org".to_owned(),
            id: Id::from_bytes([7; 32]),
            by: Some(1_795_478_400_000),
            command: "cohub vote ankara".to_owned(),
            waits: None,
        };
        Due { who: "founder".to_owned(), item }
    }

    /// A web server for one call: its address, and what it was sent.
    fn web_server(answer: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let serve = move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
                    length = bytes.trim().parse().unwrap();
                }
                head.push_str(&line);
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            head + &String::from_utf8(body).unwrap()
        };
        (address, std::thread::spawn(serve))
    }

    /// A mail server for one letter: its address, and what it was told.
    fn mail_server() -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let serve = move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let mut heard = String::new();
            let say = |reader: &mut BufReader<std::net::TcpStream>, line: &str| {
                reader.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
            };
            say(&mut reader, "220 here");
            let mut in_letter = false;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap() == 0 {
                    return heard;
                }
                heard.push_str(&line);
                match line.trim_end() {
                    "." if in_letter => {
                        in_letter = false;
                        say(&mut reader, "250 taken");
                    }
                    _ if in_letter => {}
                    "DATA" => {
                        in_letter = true;
                        say(&mut reader, "354 go on");
                    }
                    "QUIT" => {
                        say(&mut reader, "221 bye");
                        return heard;
                    }
                    _ => say(&mut reader, "250 ok"),
                }
            }
        };
        (address, std::thread::spawn(serve))
    }

    #[test]
    fn a_notice_goes_by_webhook_and_by_mail() {
        let (hook, hooked) = web_server("HTTP/1.1 204 No Content\r\n\r\n");
        let (smtp, mailed) = mail_server();
        let settings = Settings {
            notice_webhook: hook,
            notice_smtp: smtp,
            notice_mail_from: "Vienna Hub <node@vienna.example.org>".to_owned(),
            notice_mail_to: vec!["ada@example.org".to_owned(), "Bo <bo@example.org>".to_owned()],
            ..Settings::default()
        };
        let ways = Ways::read(&settings).unwrap();
        let notice = Notice::of("Vienna\nHub", &[&due()]);
        assert_eq!(ways.send(&notice).unwrap(), ["webhook", "mail"]);
        let hooked = hooked.join().unwrap();
        let body: Value = serde_json::from_str(hooked.lines().last().unwrap()).unwrap();
        assert_eq!(body["due"][0]["command"], "cohub vote ankara");
        assert_eq!(body["due"][0]["by"], "2026-11-24T00:00:00Z");
        let mailed = mailed.join().unwrap();
        assert!(
            mailed.contains("RCPT TO:<ada@example.org>") && mailed.contains("RCPT TO:<bo@example.org>"),
            "{mailed}"
        );
        assert!(mailed.contains("Subject: Vienna Hub: 1 thing waits for you"), "{mailed}");
        // What a peer wrote is in the letter and adds nothing to its head.
        let (head, letter) = mailed.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("all@example.org") && letter.contains("cohub vote ankara"), "{mailed}");
    }

    #[test]
    fn what_fails_is_said_and_the_other_way_is_tried() {
        let (hook, _hooked) = web_server("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
        let (smtp, mailed) = mail_server();
        let settings = Settings {
            notice_webhook: hook,
            notice_smtp: smtp,
            notice_mail_from: "node@example.org".to_owned(),
            notice_mail_to: vec!["ada@example.org".to_owned()],
            ..Settings::default()
        };
        let error = Ways::read(&settings).unwrap().send(&Notice::of("Vienna", &[&due()])).unwrap_err();
        assert!(error.contains("the webhook") && error.contains("500") && !error.contains("mail"), "{error}");
        assert!(mailed.join().unwrap().contains("cohub vote ankara"));
    }

    #[test]
    fn a_setting_that_is_wrong_is_named_and_no_password_is_shown() {
        type Change = fn(&mut Settings);
        let read = |change: Change| {
            let mut settings = Settings {
                notice_smtp: "smtps://mail.example.org".to_owned(),
                notice_mail_from: "node@example.org".to_owned(),
                notice_mail_to: vec!["ada@example.org".to_owned()],
                ..Settings::default()
            };
            change(&mut settings);
            Ways::read(&settings)
        };
        assert!(!read(|_| {}).unwrap().are_none());
        let wrong: [(&str, Change); 8] = [
            ("notice_webhook", |settings| settings.notice_webhook = "ftp://example.org".to_owned()),
            ("notice_smtp", |settings| settings.notice_smtp = String::new()),
            ("notice_smtp", |settings| settings.notice_smtp = "pop3://mail.example.org".to_owned()),
            ("notice_smtp", |settings| {
                settings.notice_smtp = "smtps://ada:secret@mail.example.org".to_owned();
            }),
            ("notice_smtp_user", |settings| settings.notice_smtp_user = "ada".to_owned()),
            ("notice_smtp_password_file", |settings| {
                settings.notice_smtp_user = "ada".to_owned();
                settings.notice_smtp_password_file = "/nowhere/password".to_owned();
            }),
            ("notice_mail_to", |settings| settings.notice_mail_to = Vec::new()),
            ("notice_mail_from", |settings| settings.notice_mail_from = "nobody".to_owned()),
        ];
        for (named, change) in wrong {
            let error = read(change).unwrap_err();
            assert!(error.starts_with(named) && !error.contains("secret"), "{error}");
        }
        assert!(Ways::read(&Settings::default()).unwrap().are_none());
    }
}
