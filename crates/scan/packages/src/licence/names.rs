//! What people write for SPDX identifiers: names in full, old forms, trove classifiers, addresses.

use spdx::{Expression, ParseMode};

/// Words longer than this are a licence's text rather than its name.
const MAX_LENGTH: usize = 400;

/// The expression that a text stands for; `None`: nobody can tell.
pub fn expression(text: &str) -> Option<Expression> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    if let Ok(expression) = Expression::parse(text) {
        return Some(expression);
    }
    if let Some(id) = known(text) {
        return Expression::parse(id).ok();
    }
    // `MIT/Apache-2.0` of old crates, `(MIT)`, `GPL-3.0`, lower case.
    if Expression::parse_mode(text, ParseMode::LAX).is_ok()
        && let Ok(canonical) = Expression::canonicalize(text)
        && let Ok(expression) = Expression::parse(canonical.as_deref().unwrap_or(text))
    {
        return Some(expression);
    }
    // Alternatives and lists of names that each are known.
    for (separator, operator) in
        [(" or ", " OR "), ("/", " OR "), (";", " AND "), (",", " AND "), (" and ", " AND ")]
    {
        let lower = text.to_lowercase();
        if !lower.contains(separator) {
            continue;
        }
        let parts: Option<Vec<String>> = lower
            .split(separator)
            .map(|part| {
                let part = part.trim().trim_matches(['(', ')']);
                known(part).map(str::to_owned).or_else(|| identifier(part).map(str::to_owned))
            })
            .collect();
        if let Some(expression) = parts.and_then(|parts| Expression::parse(&parts.join(operator)).ok()) {
            return Some(expression);
        }
    }
    None
}

/// The identifier of that name, whatever its case.
fn identifier(name: &str) -> Option<&'static str> {
    spdx::identifiers::LICENSES.iter().map(|licence| licence.name).find(|id| id.eq_ignore_ascii_case(name))
}

/// The expression for a name that is known.
fn known(text: &str) -> Option<&'static str> {
    let key = key(text);
    NAMES.iter().find(|(names, _)| names.split('|').any(|name| name == key)).map(|(_, id)| *id)
}

/// A name without what varies: classifier prefix, address scheme, "the", "licence", "version", punctuation, case.
fn key(text: &str) -> String {
    let text = text.rsplit(" :: ").next().unwrap_or(text).to_lowercase();
    let text = text.replace("https://", "").replace("http://", "").replace("www.", "");
    let text =
        [".txt", ".html", ".php", ".md"].iter().fold(text, |text, end| text.trim_end_matches(end).to_owned());
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '+'));
    let kept = words.map(|word| word.trim_matches('.')).filter(|word| {
        !matches!(
            *word,
            "" | "the"
                | "license"
                | "licence"
                | "licensed"
                | "licenses"
                | "under"
                | "version"
                | "v"
                | "of"
                | "approved"
                | "osi"
                | "software"
                | "html"
                | "txt"
                | "php"
        )
    });
    kept.map(|word| {
        word.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(word)
    })
    .collect::<Vec<_>>()
    .join(" ")
}

/// Keys as [`key`] makes them, and the expression.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("apache|apache 2|apache 2.0|apache2|apache2.0|asl 2.0|asl2|apache.org 2.0|al 2.0", "Apache-2.0"),
    ("apache 1.1", "Apache-1.1"),
    ("mit|expat|mit expat|opensource.org mit|mit x11|mit mit", "MIT"),
    ("mit 0|mit no attribution", "MIT-0"),
    ("x11", "X11"),
    ("bsd|bsd 3|bsd 3 clause|3 clause bsd|new bsd|modified bsd|revised bsd|bsd new|opensource.org bsd 3 clause|bsd style", "BSD-3-Clause"),
    ("bsd 2|bsd 2 clause|2 clause bsd|simplified bsd|freebsd|opensource.org bsd 2 clause", "BSD-2-Clause"),
    ("bsd 4 clause|original bsd", "BSD-4-Clause"),
    ("0bsd|bsd zero clause|zero clause bsd", "0BSD"),
    ("isc|iscl|isc iscl|opensource.org isc", "ISC"),
    ("zlib|zlib libpng", "Zlib"),
    ("boost|boost 1.0|bsl 1.0|boost bsl 1.0", "BSL-1.0"),
    ("unlicense|this is free and unencumbered", "Unlicense"),
    ("cc0|cc0 1.0|cc0 1.0 universal|cc0 1.0 universal cc0 1.0 public domain dedication|creativecommons.org publicdomain zero 1.0", "CC0-1.0"),
    ("wtfpl|do what f ck you want to public", "WTFPL"),
    ("psf|psf 2|psf 2.0|python foundation|psfl|python", "PSF-2.0"),
    ("mpl|mpl 2|mpl 2.0|mpl2|mozilla public 2.0|mozilla public 2.0 mpl 2.0|mozilla.org mpl 2.0|mozilla.org en us mpl 2.0", "MPL-2.0"),
    ("mpl 1.1|mozilla public 1.1|mozilla public 1.1 mpl 1.1", "MPL-1.1"),
    ("gpl 2|gpl2|gnu gpl 2|gnu general public 2|gnu general public 2 gplv2|gplv2|gpl 2.0", "GPL-2.0-only"),
    ("gplv2+|gpl2+|gpl 2+|gnu general public 2 or later gplv2+", "GPL-2.0-or-later"),
    ("gpl 3|gpl3|gnu gpl 3|gnu general public 3|gnu general public 3 gplv3|gplv3|gpl 3.0", "GPL-3.0-only"),
    ("gplv3+|gpl3+|gpl 3+|gnu general public 3 or later gplv3+", "GPL-3.0-or-later"),
    ("gpl|gnu gpl|gnu general public|gnu general public gpl", "GPL-1.0-or-later"),
    ("lgpl 2.1|lgplv2.1|gnu lesser general public 2.1|gnu lgpl 2.1|lgpl2.1", "LGPL-2.1-only"),
    ("lgplv2+|lgpl 2.1+|gnu lesser general public 2 or later lgplv2+", "LGPL-2.1-or-later"),
    ("lgpl 3|lgpl3|lgplv3|gnu lesser general public 3 lgplv3|gnu lesser general public 3|lgpl 3.0", "LGPL-3.0-only"),
    ("lgplv3+|gnu lesser general public 3 or later lgplv3+", "LGPL-3.0-or-later"),
    ("lgpl|gnu lgpl|gnu lesser general public|gnu library or lesser general public lgpl|gnu library or lesser general public", "LGPL-2.0-or-later"),
    ("agpl 3|agpl3|agplv3|gnu affero general public 3|gnu agplv3", "AGPL-3.0-only"),
    ("agplv3+|gnu affero general public 3 or later agplv3+", "AGPL-3.0-or-later"),
    ("epl|epl 1.0|eclipse public 1.0|eclipse.org legal epl 10|eclipse public 1.0 epl 1.0", "EPL-1.0"),
    ("epl 2|epl 2.0|eclipse public 2.0|eclipse.org legal epl 2.0|eclipse public 2.0 epl 2.0", "EPL-2.0"),
    ("edl 1.0|eclipse distribution 1.0|eclipse.org org documents edl 10", "BSD-3-Clause"),
    ("cddl|cddl 1.0|common development and distribution cddl 1.0|common development and distribution 1.0", "CDDL-1.0"),
    ("cddl 1.1|common development and distribution 1.1", "CDDL-1.1"),
    ("cddl + gplv2 with classpath exception|cddl gplv2 with classpath exception|cddl gplv2+ce", "CDDL-1.1 OR GPL-2.0-only WITH Classpath-exception-2.0"),
    ("gpl2 w cpe|gplv2+ce|gpl 2 with classpath exception|gnu general public 2 with classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("artistic|artistic 2.0", "Artistic-2.0"),
    ("ruby", "Ruby"),
    ("hpnd|historical permission notice and disclaimer hpnd", "HPND"),
    ("zpl 2.1|zope public", "ZPL-2.1"),
    ("afl 2.1", "AFL-2.1"),
    ("eupl 1.2|european union public 1.2 eupl 1.2", "EUPL-1.2"),
    ("cc by 4.0|creative commons attribution 4.0", "CC-BY-4.0"),
    ("cc by 3.0|creative commons attribution 3.0", "CC-BY-3.0"),
    ("openssl", "OpenSSL"),
    ("unicode 3.0|unicode", "Unicode-3.0"),
    ("bouncy castle", "MIT"),
    ("go|golang", "BSD-3-Clause"),
    ("json", "JSON"),
    ("blueoak 1.0.0|blue oak model 1.0.0", "BlueOak-1.0.0"),
];

#[cfg(test)]
mod tests {
    use super::{NAMES, expression};
    use proptest::prelude::*;

    #[test]
    fn every_known_name_leads_to_an_expression() {
        for (names, id) in NAMES {
            assert!(spdx::Expression::parse(id).is_ok(), "{id}");
            for name in names.split('|') {
                assert_eq!(super::key(name), name, "not in the form of a key");
            }
        }
    }

    #[test]
    fn what_people_write() {
        for (text, id) in [
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("The Apache Software License, Version 2.0", "Apache-2.0"),
            ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
            ("License :: OSI Approved :: MIT License", "MIT"),
            (
                "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
                "GPL-3.0-or-later",
            ),
            ("BSD", "BSD-3-Clause"),
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
            ("GPLv2+", "GPL-2.0-or-later"),
            ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
            ("MIT or Apache License 2.0", "MIT OR Apache-2.0"),
        ] {
            assert_eq!(expression(text).map(|it| it.to_string()).as_deref(), Some(id), "{text}");
        }
        for text in ["", "see LICENSE", "proprietary", "UNLICENSED", "Copyright (c) somebody"] {
            assert!(expression(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,300}") {
            let _ = expression(&text);
        }
    }
}
