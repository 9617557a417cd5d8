//! A headless Chromium, driven over a pipe by its DevTools protocol: look, click, type, take a picture.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::network::until;

/// How long a page may take until it stands.
const PATIENCE: Duration = Duration::from_secs(20);

/// The browser with its one page.
pub(crate) struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    calls: u64,
}

/// Where Debian has it, or another place of `PATH`.
pub(crate) fn found() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|place| place.join("chromium")).find(|program| program.is_file())
}

impl Browser {
    /// Starts it with a profile of its own below a directory.
    pub(crate) fn start(program: &Path, directory: &Path) -> Self {
        std::fs::create_dir_all(directory).unwrap();
        let (input, output) = (directory.join("to"), directory.join("from"));
        let made = Command::new("mkfifo").args([&input, &output]).status().unwrap();
        assert!(made.success(), "mkfifo ended with {made}");
        // The browser reads at descriptor 3 and writes at descriptor 4.
        let line = "exec \"$0\" \"$@\" 3<\"$PIPE_TO\" 4>\"$PIPE_FROM\"";
        let log = File::create(directory.join("log.txt")).unwrap();
        let child = Command::new("sh")
            .args(["-c", line])
            .arg(program)
            .args(["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars", "about:blank"])
            // A window that nobody sees would draw once a second.
            .args(["--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"])
            .arg("--disable-background-timer-throttling")
            .arg(format!("--user-data-dir={}", directory.join("profile").display()))
            .env("PIPE_TO", &input)
            .env("PIPE_FROM", &output)
            .env("HOME", directory)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let to = File::options().write(true).open(&input).unwrap();
        let from = BufReader::new(File::open(&output).unwrap());
        let mut browser = Self { child, to, from, session: None, calls: 0 };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", &attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        browser.call("Page.enable", &json!({}));
        browser.call("Page.bringToFront", &json!({}));
        browser
    }

    /// One call of the protocol; its result.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        let answer = self.ask(method, parameters);
        answer.unwrap_or_else(|error| panic!("{method} {parameters}: {error}"))
    }

    /// One call, and its result or the error that the browser answers.
    fn ask(&mut self, method: &str, parameters: &Value) -> Result<Value, Value> {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{call}\0").as_bytes()).unwrap();
        loop {
            let mut message = Vec::new();
            let read = self.from.read_until(0, &mut message).unwrap();
            assert!(read > 0, "the browser went away at {method}");
            message.pop();
            let message: Value = serde_json::from_slice(&message).unwrap();
            if message["id"] == json!(self.calls) {
                return message
                    .get("error")
                    .map_or_else(|| Ok(message["result"].clone()), |error| Err(error.clone()));
            }
        }
    }

    /// Sets how wide the window is, and whether its person likes it dark.
    pub(crate) fn set(&mut self, width: u32, dark: bool) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.call("Emulation.setEmulatedMedia", &features);
        self.draw();
    }

    /// Has the page drawn at once, which a window that nobody looks at does when it has the time.
    fn draw(&mut self) {
        let clip = json!({ "x": 0, "y": 0, "width": 8, "height": 8, "scale": 1 });
        // A page that is on its way has nothing to draw yet, and draws when it stands.
        let _ = self.ask("Page.captureScreenshot", &json!({ "format": "png", "clip": clip }));
    }

    /// Keeps the page from what fits these addresses, until it is said anew.
    pub(crate) fn keep_from(&mut self, addresses: &[&str]) {
        self.call("Network.enable", &json!({}));
        self.call("Network.setBlockedURLs", &json!({ "urls": addresses }));
    }

    /// Goes to an address and waits until the page stands.
    pub(crate) fn go(&mut self, address: &str) {
        let went = self.call("Page.navigate", &json!({ "url": address }));
        assert!(went.get("errorText").is_none(), "{address}: {went}");
        self.wait("document.readyState === 'complete'");
    }

    /// The value of an expression in the page.
    pub(crate) fn see(&mut self, expression: &str) -> Value {
        let call = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let seen = self.call("Runtime.evaluate", &call);
        assert!(seen.get("exceptionDetails").is_none(), "{expression}: {}", seen["exceptionDetails"]);
        seen["result"]["value"].clone()
    }

    /// Waits until an expression is true, and answers how long it took.
    pub(crate) fn wait(&mut self, expression: &str) -> Duration {
        let began = Instant::now();
        let careful =
            format!("(() => {{ try {{ return Boolean({expression}) }} catch {{ return false }} }})()");
        until(PATIENCE, || {
            let seen = self.see(&careful) == true;
            if !seen && began.elapsed() + Duration::from_millis(200) > PATIENCE {
                let shown = self.see("document.body.innerText");
                panic!("never: {expression}; the page shows:\n{shown}");
            }
            seen.then_some(())
        });
        began.elapsed()
    }

    /// Clicks in the middle of the element that a selector finds.
    pub(crate) fn click(&mut self, selector: &str) {
        let middle = format!(
            "(() => {{ const it = document.querySelector({}); it.scrollIntoView({{block: 'center'}});
             const box = it.getBoundingClientRect();
             return [box.left + box.width / 2, box.top + box.height / 2]; }})()",
            json!(selector)
        );
        let middle = self.see(&middle);
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({ "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Presses a key, as in `Tab`.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            " " => (32, " "),
            "ArrowDown" => (40, ""),
            other => panic!("the tests know no key {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types where the focus is.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// A picture of the whole page.
    pub(crate) fn picture(&mut self, path: &Path) {
        let call = json!({ "format": "png", "captureBeyondViewport": true });
        let shot = self.call("Page.captureScreenshot", &call);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, from_base64(shot["data"].as_str().unwrap())).unwrap();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut gathered, mut bits) = (0_u32, 0);
    for letter in text.bytes().take_while(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).expect("base64");
        gathered = gathered << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(gathered >> bits & 0xff).unwrap());
            gathered &= (1 << bits) - 1;
        }
    }
    bytes
}

#[test]
fn base64_is_read() {
    for (text, expected) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")]
    {
        assert_eq!(from_base64(text), expected.as_bytes(), "{text}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when nobody is at the other end of its pipe; a child that does not is ended.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
