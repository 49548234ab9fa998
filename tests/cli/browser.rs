//! Debian's Chromium without a window, driven over its DevTools protocol.
//!
//! The browser is handed two pipes instead of a port: messages are JSON that ends with NUL. Nothing
//! waits for a length of time; a browser that does not answer fails the test at its deadline.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a browser may take for all that a test asks of it.
const DEADLINE: Duration = Duration::from_mins(5);

/// A page in a browser of its own.
pub(crate) struct Page {
    browser: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    deadline: Instant,
    session: Option<String>,
    last_id: u64,
    /// What has happened, in order.
    events: Vec<Value>,
    /// The address that was opened.
    address: String,
    _profile: tempfile::TempDir,
}

/// Where the browser is. Without one, tests are passed over unless it is required.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/bin")]);
    folders.map(|folder| folder.join("chromium")).find(|program| program.exists())
}

impl Page {
    /// Opens a file; `None`, with a message, where there is no browser.
    pub(crate) fn open(file: &Path) -> Option<Self> {
        let Some(program) = chromium() else {
            let required = std::env::var("PLIMSOLL_BROWSER").is_ok_and(|word| word == "required");
            assert!(!required, "PLIMSOLL_BROWSER=required, and there is no chromium");
            // Not by `eprintln!`, which a test that passes shows nobody.
            let _ = writeln!(io::stderr(), "passed over: there is no chromium on PATH");
            return None;
        };
        let mut page = Self::start(&program);
        let target = page.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = page.ask("Target.attachToTarget", &attach);
        page.session = Some(session["sessionId"].as_str().expect("a session").to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.ask(&format!("{domain}.enable"), &json!({}));
        }
        page.address = format!("file://{}", file.display());
        page.ask("Page.navigate", &json!({"url": page.address}));
        page.loaded();
        Some(page)
    }

    fn start(program: &Path) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        // The shell puts the pipes where the browser looks for them.
        let script = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
        let mut browser = Command::new("/bin/sh")
            .args(["-c", script, "sh"])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
            .args(["--disable-component-update", "--disable-dev-shm-usage"])
            .args(["--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts");
        let commands = browser.stdin.take().expect("a pipe");
        let mut stream = BufReader::new(browser.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while stream.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                let end = message.strip_suffix(&[0]).unwrap_or(&message);
                let value = serde_json::from_slice(end).expect("a message is JSON");
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        Self {
            browser,
            commands,
            messages,
            deadline: Instant::now() + DEADLINE,
            session: None,
            last_id: 0,
            events: Vec::new(),
            address: String::new(),
            _profile: profile,
        }
    }

    fn next(&self) -> Value {
        let left = self.deadline.saturating_duration_since(Instant::now());
        self.messages.recv_timeout(left).expect("the browser answers in time")
    }

    /// Sends a command and takes its answer.
    pub(crate) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last_id += 1;
        let mut command = json!({"id": self.last_id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        write!(self.commands, "{command}\0").expect("the browser runs");
        loop {
            let message = self.next();
            if message["id"] == self.last_id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// Waits until the page is there.
    fn loaded(&mut self) {
        let is_it = |event: &Value| event["method"] == "Page.loadEventFired";
        while !self.events.iter().any(is_it) {
            let message = self.next();
            self.events.push(message);
        }
        self.events.retain(|event| !is_it(event));
    }

    /// Loads the page once more, where scripts do not run.
    pub(crate) fn reload_without_scripts(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
        self.ask("Page.reload", &json!({}));
        self.loaded();
    }

    /// The value of an expression in the page; a promise is waited for.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters =
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Presses a key with the text that it writes, if any.
    pub(crate) fn press(&mut self, key: &str, code: u32, text: &str) {
        let down =
            json!({"type": "keyDown", "key": key, "text": text, "windowsVirtualKeyCode": code});
        let up = json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code});
        self.ask("Input.dispatchKeyEvent", &down);
        self.ask("Input.dispatchKeyEvent", &up);
    }

    /// Types a text, key by key.
    pub(crate) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            let key = c.to_string();
            self.press(&key, u32::from(c.to_ascii_uppercase()), &key);
        }
    }

    /// Shows the page at a width, in a theme (`light`, `dark`) and on a medium (`screen`, `print`).
    pub(crate) fn show_as(&mut self, width: u32, theme: &str, media: &str) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.ask("Emulation.setEmulatedMedia", &json!({"media": media, "features": features}));
        // Drawing brings about what depends on the medium.
        self.picture();
    }

    /// A picture of what is in view, as a PNG.
    pub(crate) fn picture(&mut self) -> Vec<u8> {
        let answer = self.ask("Page.captureScreenshot", &json!({"format": "png"}));
        decode(answer["data"].as_str().expect("a picture"))
    }

    /// What went wrong, and every address but the page's own that was asked for.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // What the page caused before this is told before it is drawn.
        self.picture();
        let complaint = |event: &Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded") => true,
            Some("Network.requestWillBeSent") => {
                event["params"]["request"]["url"] != self.address.as_str()
            }
            _ => false,
        };
        self.events.iter().filter(|event| complaint(event)).map(Value::to_string).collect()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}

/// The bytes that a base64 text stands for.
fn decode(text: &str) -> Vec<u8> {
    let sextet = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    let mut bits = 0_u32;
    for (at, letter) in text.bytes().filter(|letter| *letter != b'=').enumerate() {
        bits = bits << 6 | u32::from(sextet(letter));
        let free = 2 * (at % 4);
        if free > 0 {
            bytes.push((bits >> (6 - free)).to_le_bytes()[0]);
        }
    }
    bytes
}

#[test]
fn what_a_page_does_wrong_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    let text = "<img src='http://127.0.0.1:1/x'/><script>console.log(1); throw 2</script>";
    std::fs::write(&file, text).expect("written");
    let Some(mut page) = Page::open(&file) else { return };
    let complaints = page.complaints().concat();
    for sign in ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "http://127.0.0.1:1/x"] {
        assert!(complaints.contains(sign), "{sign} in {complaints}");
    }
}
