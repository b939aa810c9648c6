//! Verification against a local server that answers as the providers do, errors and limits included.
//!
//! The server knows one live credential per provider and refuses every other in that provider's own way. The hosts in
//! the rules are redirected to it.

use bartizan_http::Options;
use bartizan_model::{Secret, VerificationState, Verifier};
use bartizan_secrets::verify::HttpVerifier;
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LIVE: &str = "live-credential-of-the-test";
const REVOKED: &str = "revoked-credential-of-the-test";

struct Asked {
    method: String,
    host: String,
    path: String,
    headers: HashMap<String, String>,
    body: String,
}

struct Server {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    count: Arc<AtomicUsize>,
}

impl Server {
    fn start(answer: fn(&Asked) -> (u16, String)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let count = Arc::new(AtomicUsize::new(0));
        let (log, counter) = (Arc::clone(&asked), Arc::clone(&count));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counter.fetch_add(1, Ordering::SeqCst);
                let _ = serve(stream, answer, &log);
            }
        });
        Self { address, asked, count }
    }

    fn verifier<'a>(&self, detector: &'a SecretsDetector, hosts: &[&str]) -> HttpVerifier<'a> {
        let endpoints =
            hosts.iter().map(|host| ((*host).to_owned(), format!("{}/{host}", self.address))).collect();
        HttpVerifier::new(
            detector.scanner(),
            Options { timeout: Duration::from_secs(2), spacing: Duration::from_millis(1), endpoints },
        )
    }
}

fn serve(
    mut stream: TcpStream,
    answer: fn(&Asked) -> (u16, String),
    log: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut parts = line.split_whitespace();
    let method = parts.next().unwrap_or_default().to_owned();
    let target = parts.next().unwrap_or_default().trim_start_matches('/').to_owned();
    let (host, path) = target.split_once('/').unwrap_or((&target, ""));
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked = Asked {
        method,
        host: host.to_owned(),
        path: format!("/{path}"),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let (status, text) = answer(&asked);
    log.lock().unwrap().push(asked);
    if status == 0 {
        return Ok(()); // hangs up without a word
    }
    let location = if status == 302 { "Location: http://127.0.0.1:9/elsewhere\r\n" } else { "" };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{location}Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

/// As the providers answer. Only one who sends the live credential in the right place gets in.
fn providers(asked: &Asked) -> (u16, String) {
    let authorization = asked.headers.get("authorization").map(String::as_str).unwrap_or_default();
    let bearer = authorization == format!("Bearer {LIVE}");
    let header = |name: &str| asked.headers.get(name).map(String::as_str) == Some(LIVE);
    let basic = |user: &str| {
        use base64::Engine as _;
        authorization == format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(user))
    };
    let yes_no = |ok: bool, yes: &str, no: (u16, &str)| {
        if ok { (200, yes.to_owned()) } else { (no.0, no.1.to_owned()) }
    };
    match (asked.host.as_str(), asked.path.as_str()) {
        ("api.github.com", "/user") => yes_no(
            bearer || authorization == format!("token {LIVE}"),
            r#"{"login":"octo-test"}"#,
            (401, r#"{"message":"Bad credentials"}"#),
        ),
        ("gitlab.com", path) if path.starts_with("/api/v4/") => yes_no(
            bearer || header("private-token"),
            r#"{"id":1,"username":"gl-test"}"#,
            (401, r#"{"message":"401 Unauthorized"}"#),
        ),
        // Slack answers 200 to everything and says in the body what it means.
        ("slack.com", "/api/auth.test") => yes_no(
            bearer,
            r#"{"ok":true,"url":"https://t.slack.example/","team":"test team","user":"bot"}"#,
            (200, r#"{"ok":false,"error":"invalid_auth"}"#),
        ),
        ("api.stripe.com", path) if path.starts_with("/v1/") => yes_no(
            bearer || basic(&format!("{LIVE}:")),
            r#"{"id":"acct_1","object":"account"}"#,
            (401, r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}"#),
        ),
        ("registry.npmjs.org", "/-/whoami") => yes_no(bearer, r#"{"username":"npm-test"}"#, (401, "{}")),
        ("api.openai.com", "/v1/models") => {
            yes_no(bearer, r#"{"object":"list","data":[]}"#, (401, r#"{"error":{"code":"invalid_api_key"}}"#))
        }
        ("api.anthropic.com", "/v1/models") => yes_no(
            header("x-api-key"),
            r#"{"data":[]}"#,
            (401, r#"{"type":"error","error":{"type":"authentication_error"}}"#),
        ),
        ("huggingface.co", "/api/whoami-v2") => {
            yes_no(bearer, r#"{"name":"hf-test"}"#, (401, r#"{"error":"Invalid credentials"}"#))
        }
        ("api.sendgrid.com", path) if path.starts_with("/v3/") => yes_no(
            bearer,
            r#"{"scopes":["mail.send"]}"#,
            (401, r#"{"errors":[{"message":"authorization required"}]}"#),
        ),
        ("api.digitalocean.com", "/v2/account") => {
            yes_no(bearer, r#"{"account":{"email":"do@test.invalid"}}"#, (401, r#"{"id":"Unauthorized"}"#))
        }
        ("api.telegram.org", path) => yes_no(
            path == format!("/bot{LIVE}/getMe"),
            r#"{"ok":true,"result":{"username":"test_bot"}}"#,
            (401, r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#),
        ),
        ("api.cloudflare.com", "/client/v4/user/tokens/verify") => {
            yes_no(bearer, r#"{"success":true,"result":{"status":"active"}}"#, (401, r#"{"success":false}"#))
        }
        ("api.postmarkapp.com", _) => yes_no(
            header("x-postmark-server-token"),
            r#"{"Name":"test server"}"#,
            (401, r#"{"ErrorCode":10,"Message":"The Server Token is not valid"}"#),
        ),
        ("api.notion.com", "/v1/users/me") => yes_no(
            bearer && asked.headers.contains_key("notion-version"),
            r#"{"object":"user","name":"test"}"#,
            (401, r#"{"object":"error","code":"unauthorized"}"#),
        ),
        ("api.figma.com", "/v1/me") => yes_no(
            header("x-figma-token"),
            r#"{"email":"f@test.invalid"}"#,
            (403, r#"{"status":403,"err":"Invalid token"}"#),
        ),
        _ => (404, String::new()),
    }
}

/// Rules whose verification the server above speaks, with the host that the rule names.
const SPOKEN: &[(&str, &str)] = &[
    ("secrets/github/", "api.github.com"),
    ("secrets/gitlab/", "gitlab.com"),
    ("secrets/slack/", "slack.com"),
    ("secrets/stripe/", "api.stripe.com"),
    ("secrets/npm/", "registry.npmjs.org"),
    ("secrets/openai/", "api.openai.com"),
    ("secrets/anthropic/", "api.anthropic.com"),
    ("secrets/huggingface/", "huggingface.co"),
    ("secrets/sendgrid/", "api.sendgrid.com"),
    ("secrets/digitalocean/", "api.digitalocean.com"),
    ("secrets/telegram/", "api.telegram.org"),
    ("secrets/cloudflare/", "api.cloudflare.com"),
    ("secrets/postmark/", "api.postmarkapp.com"),
    ("secrets/notion/", "api.notion.com"),
    ("secrets/figma/", "api.figma.com"),
];

fn detector() -> SecretsDetector {
    SecretsDetector::new(&SecretsOptions::default()).0
}

fn ask(verifier: &HttpVerifier<'_>, rule: &str, secret: &str) -> (VerificationState, String) {
    let answer = verifier.verify(rule, &Secret::new(secret.as_bytes().to_vec()), &[]).unwrap();
    (answer.state, answer.detail)
}

#[test]
fn providers_tell_live_from_revoked() {
    let detector = detector();
    let server = Server::start(providers);
    let hosts: Vec<&str> = SPOKEN.iter().map(|(_, host)| *host).collect();
    let verifier = server.verifier(&detector, &hosts);
    let mut tested = Vec::new();
    for (prefix, _) in SPOKEN {
        let rules: Vec<&str> = verifier.rules().into_iter().filter(|rule| rule.starts_with(prefix)).collect();
        assert!(!rules.is_empty(), "no rule under {prefix} can be verified");
        let mut live = 0;
        for rule in &rules {
            let (state, detail) = ask(&verifier, rule, LIVE);
            live += usize::from(state == VerificationState::Live);
            assert!(!detail.contains(LIVE), "{rule} shows the secret: {detail}");
            let (other, detail) = ask(&verifier, rule, REVOKED);
            assert_ne!(other, VerificationState::Live, "{rule}");
            assert!(!detail.contains(REVOKED), "{rule} shows the secret: {detail}");
            if state == VerificationState::Live {
                assert_eq!(other, VerificationState::Revoked, "{rule}: {detail}");
            }
        }
        assert!(
            live > 0,
            "no rule of {rules:?} was understood by its provider: {:?}",
            ask(&verifier, rules[0], LIVE)
        );
        tested.push(*prefix);
    }
    assert_eq!(tested.len(), SPOKEN.len());
}

#[test]
fn each_secret_is_asked_about_once() {
    let detector = detector();
    let server = Server::start(providers);
    let verifier = server.verifier(&detector, &["slack.com"]);
    let rule =
        verifier.rules().into_iter().find(|rule| rule.starts_with("secrets/slack/")).unwrap().to_owned();
    for _ in 0..5 {
        ask(&verifier, &rule, LIVE);
    }
    assert_eq!(server.count.load(Ordering::SeqCst), 1);
    assert!(server.asked.lock().unwrap().iter().all(|asked| matches!(asked.method.as_str(), "GET" | "POST")));
}

#[test]
fn trouble_is_unknown_and_never_shows_the_secret() {
    fn rate_limited(_: &Asked) -> (u16, String) {
        (429, r#"{"message":"slow down"}"#.to_owned())
    }
    fn broken(_: &Asked) -> (u16, String) {
        (500, "<html>".to_owned())
    }
    fn garbage(_: &Asked) -> (u16, String) {
        (200, "\u{0}not json {{{".repeat(100_000))
    }
    fn hangs_up(_: &Asked) -> (u16, String) {
        (0, String::new())
    }
    fn redirects(_: &Asked) -> (u16, String) {
        (302, String::new())
    }
    let detector = detector();
    let rule = "secrets/slack/";
    for answer in [rate_limited, broken, garbage, hangs_up, redirects] {
        let server = Server::start(answer);
        let verifier = server.verifier(&detector, &["slack.com"]);
        let rule = verifier.rules().into_iter().find(|id| id.starts_with(rule)).unwrap().to_owned();
        let (state, detail) = ask(&verifier, &rule, LIVE);
        assert_eq!(state, VerificationState::Unknown, "{detail}");
        assert!(!detail.contains(LIVE), "{detail}");
        let asked = server.count.load(Ordering::SeqCst);
        assert!(asked <= 2, "a redirect or error is not followed: {asked}");
    }
}

#[test]
fn a_secret_that_would_change_the_request_is_not_sent() {
    let detector = detector();
    let server = Server::start(providers);
    let verifier = server.verifier(&detector, &["slack.com"]);
    let rule =
        verifier.rules().into_iter().find(|rule| rule.starts_with("secrets/slack/")).unwrap().to_owned();
    let (state, _) = ask(&verifier, &rule, "x\r\nHost: elsewhere");
    assert_eq!(state, VerificationState::Unknown);
    assert_eq!(server.count.load(Ordering::SeqCst), 0);
}

#[test]
fn aws_keys_are_asked_about_with_a_signed_request() {
    fn sts(asked: &Asked) -> (u16, String) {
        let authorization = asked.headers.get("authorization").map(String::as_str).unwrap_or_default();
        let signed = authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIA")
            && authorization.contains("SignedHeaders=content-type;host;x-amz-date")
            && asked.body.starts_with("Action=GetCallerIdentity");
        if !signed {
            return (400, "<Code>IncompleteSignature</Code>".to_owned());
        }
        if authorization.contains("AKIAREFUSED") {
            (
                403,
                "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>".to_owned(),
            )
        } else {
            (
                200,
                "<GetCallerIdentityResponse><Arn>arn:aws:iam::1:user/t</Arn></GetCallerIdentityResponse>"
                    .to_owned(),
            )
        }
    }
    let detector = detector();
    let server = Server::start(sts);
    let verifier = server.verifier(&detector, &["sts.amazonaws.com"]);
    let secret = |text: &str| Secret::new(text.as_bytes().to_vec());
    let value = secret("secret-access-key-of-the-test");
    let rule = "secrets/aws/secret-access-key";
    let live_id = secret(&["AKIA", "LIVELIVELIVELIVE"].concat());
    let live = verifier.verify(rule, &value, &[("secrets/aws/access-key-id", &live_id)]).unwrap();
    assert_eq!(live.state, VerificationState::Live, "{}", live.detail);
    let other = secret("another-secret-access-key-of-the-test");
    let refused_id = secret(&["AKIA", "REFUSEDREFUSED00"].concat());
    let refused = verifier.verify(rule, &other, &[("secrets/aws/access-key-id", &refused_id)]).unwrap();
    assert_eq!(refused.state, VerificationState::Revoked, "{}", refused.detail);
    let alone = verifier.verify(rule, &secret("third"), &[]).unwrap();
    assert_eq!(alone.state, VerificationState::Unknown);
}

#[test]
fn plain_http_is_spoken_with_this_machine_only() {
    let client = bartizan_http::Client::new(Options::default());
    let request = bartizan_http::Request {
        method: "GET".to_owned(),
        url: "http://provider.example/".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    assert!(matches!(client.send(&request), Err(bartizan_http::HttpError::NotEncrypted { .. })));
}
