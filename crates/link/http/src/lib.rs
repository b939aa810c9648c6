//! The one HTTP client of the programs: bounded, rate-limited, TLS by default.
//!
//! Plain `http` is spoken with this machine only. Redirects are not followed, so that a header with a credential never
//! goes to a host that nobody named. Bodies are cut at [`MAX_BODY`].

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use ureq::http;

/// Bytes of an answer that are read at most.
pub const MAX_BODY: u64 = 64 << 10;

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// `https://…`.
    pub url: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// Empty for none.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// At most [`MAX_BODY`] bytes.
    pub body: Vec<u8>,
}

/// A file that is being received. Who reads it sets a bound.
pub struct Download {
    /// Status code.
    pub status: u16,
    /// The content.
    pub body: Box<dyn std::io::Read>,
}

/// Why there is no answer. No variant carries headers, body or the URL's query: they may hold a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The URL cannot be used.
    #[error("the address is not valid: {reason}")]
    Address {
        /// What is wrong.
        reason: &'static str,
    },
    /// Plain HTTP to another machine.
    #[error("plain http is spoken with this machine only: {host}")]
    NotEncrypted {
        /// The host.
        host: String,
    },
    /// A header or body cannot be sent.
    #[error("the request cannot be formed")]
    Request,
    /// Nobody answered, or not in time. May be tried again.
    #[error("{host} did not answer: {reason}")]
    NoAnswer {
        /// The host.
        host: String,
        /// The transport's word.
        reason: String,
    },
}

/// How a [`Client`] behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// For one request in all.
    pub timeout: Duration,
    /// Least time between two requests to one host.
    pub spacing: Duration,
    /// Hosts whose requests go elsewhere: `api.example.com` to `https://proxy.internal:8443`.
    pub endpoints: HashMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            spacing: Duration::from_millis(200),
            endpoints: HashMap::new(),
        }
    }
}

/// Sends requests, one at a time per host.
pub struct Client {
    agent: ureq::Agent,
    options: Options,
    next: Mutex<HashMap<String, Instant>>,
}

impl Client {
    /// A client; opens nothing yet.
    pub fn new(options: Options) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(options.timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("bartizan/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self { agent, options, next: Mutex::new(HashMap::new()) }
    }

    /// Sends `request` and reads the answer. Waits for the host's turn.
    ///
    /// # Errors
    /// See [`HttpError`]; any status is an answer, not an error.
    pub fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let uri: http::Uri =
            request.url.parse().map_err(|_| HttpError::Address { reason: "cannot be parsed" })?;
        let named = uri.host().ok_or(HttpError::Address { reason: "has no host" })?.to_owned();
        let uri = self.redirected(uri, &named)?;
        let host = uri.host().unwrap_or_default().to_owned();
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_this_machine(&host) => {}
            Some("http") => return Err(HttpError::NotEncrypted { host }),
            _ => return Err(HttpError::Address { reason: "is neither https nor http" }),
        }
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(uri);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        self.wait_for_turn(&named);
        let answer = if request.body.is_empty() {
            self.agent.run(builder.body(()).map_err(|_| HttpError::Request)?)
        } else {
            self.agent.run(builder.body(request.body.clone()).map_err(|_| HttpError::Request)?)
        };
        let mut answer =
            answer.map_err(|error| HttpError::NoAnswer { host: named.clone(), reason: describe(&error) })?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let mut reader = std::io::Read::take(answer.body_mut().as_reader(), MAX_BODY);
        std::io::Read::read_to_end(&mut reader, &mut body)
            .map_err(|error| HttpError::NoAnswer { host: named, reason: error.kind().to_string() })?;
        Ok(Response { status, body })
    }

    /// Opens a public file. Up to five redirects are followed, to `https` only, for no credential goes along.
    ///
    /// # Errors
    /// See [`HttpError`]; any status is an answer, not an error.
    pub fn download(&self, url: &str) -> Result<Download, HttpError> {
        const HOPS: usize = 5;
        let mut url = url.to_owned();
        for hop in 0..=HOPS {
            let uri: http::Uri =
                url.parse().map_err(|_| HttpError::Address { reason: "cannot be parsed" })?;
            let host = uri.host().ok_or(HttpError::Address { reason: "has no host" })?.to_owned();
            match uri.scheme_str() {
                Some("https") => {}
                Some("http") if is_this_machine(&host) => {}
                Some("http") => return Err(HttpError::NotEncrypted { host }),
                _ => return Err(HttpError::Address { reason: "is neither https nor http" }),
            }
            self.wait_for_turn(&host);
            let request = http::Request::get(uri).body(()).map_err(|_| HttpError::Request)?;
            let answer = self
                .agent
                .run(request)
                .map_err(|error| HttpError::NoAnswer { host: host.clone(), reason: describe(&error) })?;
            let status = answer.status().as_u16();
            let next = answer.headers().get(http::header::LOCATION).and_then(|value| value.to_str().ok());
            match next {
                Some(next) if (301..=308).contains(&status) && hop < HOPS => {
                    url = match next.strip_prefix('/') {
                        Some(path) if !path.starts_with('/') => format!("https://{host}/{path}"),
                        _ => next.to_owned(),
                    };
                }
                _ => return Ok(Download { status, body: Box::new(answer.into_body().into_reader()) }),
            }
        }
        Err(HttpError::Address { reason: "leads on and on" })
    }

    fn redirected(&self, uri: http::Uri, host: &str) -> Result<http::Uri, HttpError> {
        let Some(base) = self.options.endpoints.get(host) else { return Ok(uri) };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        format!("{}{path}", base.trim_end_matches('/'))
            .parse()
            .map_err(|_| HttpError::Address { reason: "the configured endpoint cannot be parsed" })
    }

    fn wait_for_turn(&self, host: &str) {
        let now = Instant::now();
        let turn = {
            let Ok(mut next) = self.next.lock() else { return };
            let turn = next.get(host).copied().unwrap_or(now).max(now);
            next.insert(host.to_owned(), turn + self.options.spacing);
            turn
        };
        std::thread::sleep(turn.saturating_duration_since(now));
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The error's sort, without addresses or headers.
fn describe(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "timed out".to_owned(),
        ureq::Error::HostNotFound => "host not found".to_owned(),
        ureq::Error::Io(error) => error.kind().to_string(),
        ureq::Error::ConnectionFailed => "connection failed".to_owned(),
        ureq::Error::Protocol(_) => "broken answer".to_owned(),
        _ => "transport error".to_owned(),
    }
}
