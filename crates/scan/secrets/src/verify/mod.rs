//! Asks providers whether secrets work. Off unless the user wants it: it tells the provider that somebody has the
//! secret, and from where.
//!
//! What is asked is data in the rule; requests only read. The secret goes into the request and nowhere else: details name
//! the method, the host and the status, and no error of the transport carries headers.

mod aws;
mod spec;

use crate::rule::Rule;
use crate::scanner::Scanner;
use bartizan_http::{Client, Options};
use bartizan_model::{Secret, Verification, VerificationState, Verifier};
use spec::Spec;
use std::collections::HashMap;
use std::sync::Mutex;

/// Verifies over HTTP, once per secret, spaced per host.
pub struct HttpVerifier<'a> {
    client: Client,
    scanner: &'a Scanner,
    /// By rule id: the rule's index and how to ask.
    specs: HashMap<String, (usize, Spec)>,
    known: Mutex<HashMap<[u8; 32], Verification>>,
}

impl<'a> HttpVerifier<'a> {
    /// For the rules of `scanner` that say how.
    pub fn new(scanner: &'a Scanner, options: Options) -> Self {
        let specs = scanner
            .rules()
            .iter()
            .enumerate()
            .filter_map(|(index, rule): (usize, &Rule)| {
                let text = rule.verify.as_ref()?;
                Some((rule.info.id.clone(), (index, Spec::new(text))))
            })
            .collect();
        Self { client: Client::new(options), scanner, specs, known: Mutex::new(HashMap::new()) }
    }

    /// Ids of the rules whose secrets can be verified, sorted.
    pub fn rules(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.specs.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    fn ask(
        &self,
        index: usize,
        spec: &Spec,
        secret: &Secret,
        companions: &[(&str, &Secret)],
    ) -> Verification {
        let unknown = |detail: String| Verification { state: VerificationState::Unknown, detail };
        let request = if spec.is_aws() {
            let Some(key_id) =
                companions.iter().map(|(_, other)| other.expose()).find(|value| aws::is_key_id(value))
            else {
                return unknown("no access key id stands near by".to_owned());
            };
            aws::caller_identity(key_id, secret.expose(), aws::now())
        } else {
            spec.request(secret.expose(), &self.scanner.groups(index, secret.expose()))
        };
        let Some(request) = request else {
            return unknown("the secret cannot be put into a request".to_owned());
        };
        let what = format!("{} {}", request.method, spec.shown_url());
        match self.client.send(&request) {
            Ok(answer) => {
                let (state, identity) = spec.judge(&answer);
                let whose = identity.map(|name| format!(" for `{name}`")).unwrap_or_default();
                Verification { state, detail: format!("{what} answered {}{whose}", answer.status) }
            }
            Err(error) => unknown(format!("{what}: {error}")),
        }
    }
}

impl Verifier for HttpVerifier<'_> {
    fn verify(&self, rule: &str, secret: &Secret, companions: &[(&str, &Secret)]) -> Option<Verification> {
        let (index, spec) = self.specs.get(rule)?;
        let digest = secret.digest();
        if let Ok(known) = self.known.lock()
            && let Some(verification) = known.get(&digest)
        {
            return Some(verification.clone());
        }
        let verification = self.ask(*index, spec, secret, companions);
        if let Ok(mut known) = self.known.lock() {
            known.insert(digest, verification.clone());
        }
        Some(verification)
    }
}
