//! Releases of distributions, as records and as systems write them.
//!
//! Records follow the OSV schema's list of ecosystems (section "affected[].package", "Defined ecosystems"); systems write `VERSION_ID` in
//! their os-release file, or what a package URL says.

use crate::Ecosystem;

/// Whether a record's release is the one that is asked for.
///
/// | ecosystem | record | asked for |
/// |---|---|---|
/// | Debian, AlmaLinux, Rocky Linux | `12` | `12`, `12.5` |
/// | Alpine | `v3.18` | `3.18`, `v3.18`, `3.18.4` |
/// | Ubuntu | `22.04:LTS`, `Pro:18.04:LTS` | `22.04`, `18.04` |
/// | Red Hat | `enterprise_linux:9::appstream` | `9`, `9.3` |
/// | SUSE | `Linux Enterprise Server 15 SP5` | `15.5`, or as the record |
/// | openSUSE | `Leap 15.5`, `Tumbleweed` | `15.5`, or as the record |
pub(crate) fn same(ecosystem: Ecosystem, of: &str, wanted: &str) -> bool {
    if of.eq_ignore_ascii_case(wanted) {
        return true;
    }
    let wanted = number(wanted);
    match ecosystem {
        Ecosystem::Ubuntu => {
            let of = of.strip_suffix(":LTS").unwrap_or(of);
            let wanted = wanted.strip_suffix(":LTS").unwrap_or(wanted);
            of.strip_prefix("Pro:").unwrap_or(of) == wanted
        }
        Ecosystem::RedHat => {
            let mut parts = of.split(':');
            // Extended support has products of its own, whose fixes nobody else gets.
            parts.next() == Some("enterprise_linux") && parts.next().is_some_and(|of| begins_with(wanted, of))
        }
        Ecosystem::Suse => match of.rsplit_once(" SP") {
            Some((product, pack)) => {
                let major = product.rsplit(' ').next().unwrap_or_default();
                wanted.split_once('.') == Some((major, pack))
            }
            None => of.rsplit(' ').next() == Some(wanted),
        },
        Ecosystem::OpenSuse => of.rsplit(' ').next() == Some(wanted),
        _ => begins_with(wanted, number(of)),
    }
}

/// `v3.18` without its letter.
fn number(text: &str) -> &str {
    match text.strip_prefix(['v', 'V']) {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number,
        _ => text,
    }
}

/// Whether the first numbers of a version are these: `3.18.4` begins with `3.18`, and not with `3.1`.
fn begins_with(version: &str, first: &str) -> bool {
    version
        .strip_prefix(first)
        .is_some_and(|rest| !first.is_empty() && (rest.is_empty() || rest.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::Ecosystem::{Alpine, Debian, OpenSuse, RedHat, Suse, Ubuntu};

    #[test]
    fn releases_are_told_apart() {
        let yes = [
            (Debian, "12", "12"),
            (Debian, "12", "12.5"),
            (Alpine, "v3.18", "3.18"),
            (Alpine, "v3.18", "3.18.4"),
            (Alpine, "v3.18", "v3.18"),
            (Ubuntu, "22.04:LTS", "22.04"),
            (Ubuntu, "Pro:18.04:LTS", "18.04"),
            (Ubuntu, "23.10", "23.10"),
            (RedHat, "enterprise_linux:9::appstream", "9"),
            (RedHat, "enterprise_linux:9::appstream", "9.3"),
            (Suse, "Linux Enterprise Server 15 SP5", "15.5"),
            (Suse, "Linux Enterprise Server 15 SP5", "linux enterprise server 15 sp5"),
            (OpenSuse, "Leap 15.5", "15.5"),
            (OpenSuse, "Tumbleweed", "tumbleweed"),
        ];
        let no = [
            (Debian, "12", "11"),
            (Debian, "1", "12"),
            (Debian, "", "12"),
            (Alpine, "v3.1", "3.18"),
            (Ubuntu, "22.04:LTS", "22.10"),
            (RedHat, "rhel_eus:9.2::baseos", "9.2"),
            (RedHat, "enterprise_linux:8::baseos", "9"),
            (Suse, "Linux Enterprise Server 15 SP5", "15.4"),
            (Suse, "Linux Enterprise Server 15 SP5", "15"),
            (OpenSuse, "Leap 15.5", "15.4"),
        ];
        for (ecosystem, of, wanted) in yes {
            assert!(same(ecosystem, of, wanted), "{ecosystem} {of} {wanted}");
        }
        for (ecosystem, of, wanted) in no {
            assert!(!same(ecosystem, of, wanted), "{ecosystem} {of} {wanted}");
        }
    }
}
