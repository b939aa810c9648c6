//! What is to be said about packages: holes, harm, neglect, names that imitate, licences that are not wanted.

use crate::advisory::{Advisory, Kind};
use crate::database::Database;
use crate::inventory::Entry;
use crate::matching::{Doubt, Verdict};
use crate::merge::{Vulnerability, merge};
use crate::reach::{Index, Judgement, VulnerableSymbol};
use crate::upgrade::{Upgrade, advise};
use crate::{licence, typosquat, vex};
use bartizan_model::{Anchor, Concluded, Confidence, Cwe, NotDone, NotDoneKind, RuleInfo, Severity, Usage};
use std::collections::BTreeMap;

/// Mentions of one package that a finding points at; more are counted in its message.
const MAX_PLACES: usize = 200;
/// EPSS from which a hole counts as one that will be tried: one in two within thirty days.
const LIKELY: f32 = 0.5;

/// Ids of the rules that are no advisory.
pub(crate) const DEPRECATED: &str = "packages/deprecated";
pub(crate) const LOOKALIKE: &str = "packages/lookalike-name";
pub(crate) const LICENCE: &str = "packages/licence-not-allowed";
pub(crate) const UNREADABLE_VERSION: &str = "packages/unreadable-version";

/// What packages are held against.
pub(crate) struct Judge<'a> {
    pub(crate) database: Option<&'a Database>,
    pub(crate) reach: &'a Index<'a>,
    pub(crate) vex: &'a vex::Statements,
    pub(crate) licences: &'a licence::Policy,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) rules: BTreeMap<String, RuleInfo>,
    pub(crate) hits: Vec<Concluded>,
    pub(crate) not_done: Vec<NotDone>,
}

impl Judge<'_> {
    /// Everything to say about the packages.
    pub(crate) fn judge(&self, entries: &[Entry]) -> Findings {
        let mut all = Findings::default();
        for entry in entries {
            if let Some(database) = self.database.filter(|database| database.covers(entry.ecosystem)) {
                self.advisories(database, entry, &mut all);
            }
            self.others(entry, &mut all);
        }
        all
    }

    fn advisories(&self, database: &Database, entry: &Entry, all: &mut Findings) {
        let name = entry.advisory_name.as_deref().unwrap_or(&entry.component.name);
        let version = entry.advisory_version.as_deref().or(entry.component.version.as_deref());
        let judged = database.judge(entry.ecosystem, entry.release.as_deref(), name, version, &entry.source);
        let outcome = judged.and_then(|judged| {
            if judged.iter().all(|(_, verdict)| *verdict == Verdict::NotAffected) {
                return Ok(());
            }
            let symbols = symbols(&judged)?;
            let advisories: Vec<Advisory<'_>> = judged.iter().map(|(advisory, _)| advisory.clone()).collect();
            let upgrade =
                version.map(|version| advise(entry.ecosystem, version, &advisories, &[])).unwrap_or_default();
            for vulnerability in merge(entry.ecosystem, judged)? {
                self.vulnerability(database, entry, &vulnerability, &symbols, &upgrade, all)?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            let reason = format!("advisories could not be looked up: {error}");
            all.not_done.push(NotDone { kind: NotDoneKind::Broken, path: entry.words(), reason });
        }
    }

    fn vulnerability(
        &self,
        database: &Database,
        entry: &Entry,
        found: &Vulnerability,
        symbols: &BTreeMap<String, Vec<VulnerableSymbol>>,
        upgrade: &Upgrade,
        all: &mut Findings,
    ) -> Result<(), crate::database::Error> {
        let (range, confidence) = match &found.verdict {
            Verdict::Affected(affected) => {
                (affected.range.clone(), if found.disputed_by.is_empty() { 0.95 } else { 0.7 })
            }
            // Only a lock file can tell; that is said once per file.
            Verdict::NotAffected | Verdict::Unknown(Doubt::NoVersion) => return Ok(()),
            Verdict::Unknown(doubt @ Doubt::Version(_)) => {
                all.rules.entry(UNREADABLE_VERSION.to_owned()).or_insert_with(unreadable_version);
                let reason = format!(
                    "{}: {doubt}, so it is not known whether {} concerns it",
                    entry.words(),
                    found.id
                );
                all.add(entry, UNREADABLE_VERSION, Severity::Info, 0.6, reason, None, Vec::new(), None);
                return Ok(());
            }
            Verdict::Unknown(doubt) => (doubt.to_string(), 0.4),
        };
        let vulnerable: Vec<VulnerableSymbol> =
            found.ids.iter().filter_map(|id| symbols.get(id)).flatten().cloned().collect();
        let judgement = self.usage(entry, &vulnerable);
        let base = found.severity.unwrap_or(match found.kind {
            Kind::Malicious => Severity::Critical,
            Kind::Vulnerability => Severity::Medium,
            Kind::Unsound => Severity::Low,
            Kind::Unmaintained | Kind::Notice => Severity::Info,
        });
        let mut exploited = None;
        let mut epss: Option<crate::database::Epss> = None;
        for cve in found.cves() {
            exploited = exploited.or(database.known_exploited(cve)?);
            epss = match (epss, database.epss(cve)) {
                (Some(a), Some(b)) if a.probability >= b.probability => Some(a),
                (a, b) => b.or(a),
            };
        }
        let likely = epss.is_some_and(|epss| epss.probability >= LIKELY);
        let (severity, why) =
            weigh(base, exploited.is_some(), likely, judgement.usage, entry.is_development());

        let rule = format!("packages/{}", found.id.to_lowercase());
        all.rules.entry(rule.clone()).or_insert_with(|| rule_of(&rule, found, base));

        let mut message = format!("{} is affected by {} ({range})", entry.words(), found.id);
        if matches!(found.verdict, Verdict::Unknown(_)) {
            message = format!("{} may be affected by {}: {range}", entry.words(), found.id);
        }
        if !found.summary.is_empty() {
            message.push_str(&format!(": {}", found.summary));
        }
        if let Some(known) = &exploited {
            message.push_str(&format!("; known to be exploited since {}", known.added));
        }
        message.push_str(&format!("; {}", judgement.reason));
        let properties = self.properties(
            entry,
            found,
            &range,
            upgrade,
            &judgement,
            base,
            &why,
            exploited.map(|known| known.due.to_owned()),
            epss,
        );

        let ids: Vec<&str> = found.ids.iter().map(String::as_str).collect();
        let excused = self.vex.verdict(&ids, &entry.component.purl).and_then(vex::Statement::excuse);
        let remediation = Some(remediation(entry, found, upgrade));
        all.add(entry, &rule, severity, confidence, message, remediation, properties, excused);
        Ok(())
    }

    fn usage(&self, entry: &Entry, vulnerable: &[VulnerableSymbol]) -> Judgement {
        let component = &entry.component;
        let mut folders: Vec<&str> =
            entry.mentions.iter().map(|mention| mention.place.folder.as_str()).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
            .into_iter()
            .take(64)
            .map(|folder| {
                self.reach.usage(entry.ecosystem, &component.name, folder, vulnerable, component.direct)
            })
            .min_by_key(|judgement| judgement.usage)
            .unwrap_or(Judgement {
                usage: Usage::Unknown,
                reason: "use is not known".to_owned(),
                evidence: Vec::new(),
            })
    }

    #[expect(clippy::too_many_arguments, reason = "each is one line of the finding")]
    fn properties(
        &self,
        entry: &Entry,
        found: &Vulnerability,
        range: &str,
        upgrade: &Upgrade,
        judgement: &Judgement,
        base: Severity,
        why: &str,
        due: Option<String>,
        epss: Option<crate::database::Epss>,
    ) -> Vec<(String, String)> {
        let mut list: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                list.push((name.to_owned(), value));
            }
        };
        add("affected", range.to_owned());
        add(
            "aliases",
            found.ids.iter().filter(|id| **id != found.id).cloned().collect::<Vec<_>>().join(", "),
        );
        if let Some(cvss) = &found.cvss {
            add("cvss", format!("{:.1} {}", cvss.score, cvss.vector));
        }
        if let Some(due) = due {
            add("kev-due", due);
        }
        if let Some(epss) = epss {
            add("epss", format!("{:.4} (percentile {:.1})", epss.probability, epss.percentile * 100.0));
        }
        if let Verdict::Affected(affected) = &found.verdict {
            add("fixed-in", affected.fixed.join(", "));
        }
        add("purl", entry.component.purl.clone());
        if !why.is_empty() {
            add("severity-was", format!("{base}: {why}"));
        }
        let step = |step: &Option<crate::upgrade::Step>| {
            step.as_ref().map(|step| step.version.clone()).unwrap_or_default()
        };
        add("upgrade", step(&upgrade.smallest));
        add("upgrade-compatible", step(&upgrade.compatible));
        let allowed = upgrade.smallest.as_ref().and_then(|step| entry.allows(&step.version));
        add("upgrade-in-range", allowed.map(|allowed| allowed.to_string()).unwrap_or_default());
        let seen: Vec<String> = judgement
            .evidence
            .iter()
            .map(|seen| format!("{}:{} {}", seen.path, seen.line, seen.text))
            .collect();
        add("used-at", seen.join("; "));
        add("usage", usage_word(judgement.usage).to_owned());
        if entry.component.via.len() > 1 {
            add("via", entry.component.via.join(" > "));
        }
        list
    }

    /// What needs no advisory.
    fn others(&self, entry: &Entry, all: &mut Findings) {
        if let Some(words) = &entry.deprecated {
            all.rules.entry(DEPRECATED.to_owned()).or_insert_with(deprecated);
            let reason = format!("{} was withdrawn or deprecated by its publisher: {words}", entry.words());
            all.add(entry, DEPRECATED, Severity::Low, 0.9, reason, None, Vec::new(), None);
        }
        if let Some(popular) = typosquat::imitates(entry.ecosystem, &entry.component.name) {
            all.rules.entry(LOOKALIKE.to_owned()).or_insert_with(lookalike);
            let reason =
                format!("`{}` is one letter away from the well-known `{popular}`", entry.component.name);
            all.add(entry, LOOKALIKE, Severity::Medium, 0.5, reason, None, Vec::new(), None);
        }
        if let Some(reason) = self.licences.objection(&entry.component.licences) {
            all.rules.entry(LICENCE.to_owned()).or_insert_with(unwanted_licence);
            let reason = format!("{}: {reason}", entry.words());
            all.add(entry, LICENCE, Severity::Medium, 0.9, reason, None, Vec::new(), None);
        }
    }
}

impl Findings {
    #[expect(clippy::too_many_arguments, reason = "each is one field of the hit")]
    fn add(
        &mut self,
        entry: &Entry,
        rule: &str,
        severity: Severity,
        confidence: f64,
        reason: String,
        remediation: Option<String>,
        properties: Vec<(String, String)>,
        excused: Option<(String, String)>,
    ) {
        let more = entry.mentions.len().saturating_sub(MAX_PLACES);
        let reason = if more > 0 { format!("{reason}; named in {more} more places") } else { reason };
        let places = entry.mentions.iter().take(MAX_PLACES);
        self.hits.push(Concluded {
            places: places.map(|mention| Anchor { noted: mention.noted, anchor: mention.anchor }).collect(),
            rule: rule.to_owned(),
            group: entry.component.purl.clone().into_bytes(),
            severity,
            confidence: Confidence::new(confidence),
            reason,
            remediation,
            flow: Vec::new(),
            properties,
            excused,
        });
    }
}

/// The functions that each advisory names.
fn symbols(
    judged: &[(Advisory<'_>, Verdict)],
) -> Result<BTreeMap<String, Vec<VulnerableSymbol>>, crate::database::Error> {
    let mut all = BTreeMap::new();
    for (advisory, _) in judged.iter().filter(|(_, verdict)| *verdict != Verdict::NotAffected) {
        let mut list = Vec::new();
        for symbols in advisory.symbols()? {
            for name in &symbols.names {
                list.push(VulnerableSymbol { module: symbols.import.to_owned(), symbol: (*name).to_owned() });
            }
        }
        all.insert(advisory.id.to_owned(), list);
    }
    Ok(all)
}

/// How bad it is here, and why that is not what the advisory says. What is exploited or likely to be counts as worse; what
/// code does not import, or only tests need, as less bad by one step. Nothing is hidden by it.
fn weigh(
    base: Severity,
    exploited: bool,
    likely: bool,
    usage: Usage,
    development: bool,
) -> (Severity, String) {
    if exploited {
        let why = if base == Severity::Critical { "" } else { "known to be exploited" };
        return (Severity::Critical, why.to_owned());
    }
    let steps = [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let at = steps.iter().position(|step| *step == base).unwrap_or(0);
    let mut why = Vec::new();
    let mut up = 0_i32;
    if likely && usage != Usage::NotSeen {
        up += 1;
        why.push("likely to be exploited");
    }
    if usage == Usage::NotSeen {
        up -= 1;
        why.push("no code was seen to import it");
    } else if development {
        up -= 1;
        why.push("only tests and developers need it");
    }
    // Info is for what is no weakness.
    let floor = usize::from(base > Severity::Info);
    let now = (at as i32 + up).clamp(floor as i32, 4) as usize;
    let why = if now == at { String::new() } else { why.join(", ") };
    (steps[now], why)
}

fn usage_word(usage: Usage) -> &'static str {
    match usage {
        Usage::Used => "used",
        Usage::Imported => "imported",
        Usage::NotSeen => "not-seen",
        Usage::Unknown => "unknown",
    }
}

/// What to do: the smallest step out, and whom to move.
fn remediation(entry: &Entry, found: &Vulnerability, upgrade: &Upgrade) -> String {
    if found.kind == Kind::Malicious {
        return format!(
            "remove {} at once, and treat machines that installed it as compromised",
            entry.words()
        );
    }
    let name = &entry.component.name;
    let mut text = match &upgrade.smallest {
        Some(step) => {
            let mut text = format!("upgrade {name} to {}", step.version);
            if step.breaking {
                text.push_str(", which may need changes: it crosses a breaking boundary");
                if let Some(compatible) = &upgrade.compatible {
                    text.push_str(&format!(
                        "; {} does not, but leaves {}",
                        compatible.version,
                        compatible.left.join(", ")
                    ));
                }
            }
            if entry.allows(&step.version) == Some(false) {
                let asked: Vec<String> = entry.requirements.iter().map(|text| format!("`{text}`")).collect();
                text.push_str(&format!(
                    "; the manifest asks for {}, which has to change",
                    asked.join(" and ")
                ));
            }
            if !step.left.is_empty() {
                text.push_str(&format!("; still open then: {}", step.left.join(", ")));
            }
            text
        }
        None => format!(
            "no fixed version of {name} is known: replace it, or see whether the affected part is used"
        ),
    };
    if let [first, .., _] = entry.component.via.as_slice() {
        text.push_str(&format!("; it comes in through {first}"));
    }
    text
}

fn rule_of(id: &str, found: &Vulnerability, severity: Severity) -> RuleInfo {
    let title =
        if found.summary.is_empty() { found.id.clone() } else { format!("{}: {}", found.id, found.summary) };
    let kind = match found.kind {
        Kind::Vulnerability => "vulnerability",
        Kind::Malicious => "malicious",
        Kind::Unsound => "unsound",
        Kind::Unmaintained => "unmaintained",
        Kind::Notice => "notice",
    };
    RuleInfo {
        id: id.to_owned(),
        title,
        description: shortened(if found.details.is_empty() { &found.summary } else { &found.details }),
        remediation: "Upgrade to a fixed version.".to_owned(),
        severity,
        docs: Some(format!("https://osv.dev/vulnerability/{}", found.id)),
        cwe: found.cwes.iter().map(|cwe| Cwe(*cwe)).collect(),
        tags: vec!["packages".to_owned(), kind.to_owned()],
    }
}

/// An advisory's text, which may be a page of several thousand words, as far as a report wants it; the link leads to the rest.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 2000;
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    // At a line's end, where there is one not far off.
    let end = text[..end].rfind('\n').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{} […]", text[..end].trim_end())
}

fn plain_rule(
    id: &str,
    title: &str,
    description: &str,
    remediation: &str,
    severity: Severity,
    cwe: &[u32],
) -> RuleInfo {
    RuleInfo {
        id: id.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        remediation: remediation.to_owned(),
        severity,
        docs: None,
        cwe: cwe.iter().map(|cwe| Cwe(*cwe)).collect(),
        tags: vec!["packages".to_owned()],
    }
}

fn deprecated() -> RuleInfo {
    plain_rule(
        DEPRECATED,
        "Package withdrawn or deprecated by its publisher",
        "The publisher says that this version, or the whole package, is not to be used any more. Holes in it will not be mended.",
        "Move to the version or package that the publisher names.",
        Severity::Low,
        &[1104],
    )
}

fn lookalike() -> RuleInfo {
    plain_rule(
        LOOKALIKE,
        "Package name that imitates a well-known one",
        "The name differs by one letter from a package that many projects use. Such names are registered to be installed by mistake.",
        "See whether the well-known package was meant. If this one is right, suppress the finding with the reason.",
        Severity::Medium,
        &[1357],
    )
}

fn unwanted_licence() -> RuleInfo {
    plain_rule(
        LICENCE,
        "Package under a licence that the policy does not allow",
        "The licence policy of `bartizan.toml` does not allow the licence of this package.",
        "Replace the package, or allow the licence in the policy after somebody has decided so.",
        Severity::Medium,
        &[],
    )
}

fn unreadable_version() -> RuleInfo {
    plain_rule(
        UNREADABLE_VERSION,
        "Package version that cannot be compared",
        "Advisories speak of this package, but its version follows no rule of the ecosystem, so nobody can tell whether they concern it.",
        "Name a released version.",
        Severity::Info,
        &[],
    )
}

/// The rules that every scan may use, sorted by id.
pub(crate) fn rules() -> Vec<RuleInfo> {
    vec![deprecated(), unwanted_licence(), lookalike(), unreadable_version()]
}
