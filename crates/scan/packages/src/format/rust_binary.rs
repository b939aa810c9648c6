//! Rust programs built with `cargo auditable`: the packages they were built from, as compressed JSON in a section of their own.
//!
//! Nothing is run. Source: the format description of `cargo-auditable`, `.dep-v0`.

use super::collect::Collector;
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, Relation, Scope, SourceKind};
use flate2::read::ZlibDecoder;
use serde::Deserialize;
use std::io::Read;
use std::ops::Range;

/// Where the list is.
pub(super) const SECTION: &str = ".dep-v0";
/// A list larger than this, unpacked, is none: the format's own limit for readers.
const MAX_LIST: u64 = 8 << 20;

#[derive(Deserialize)]
struct List {
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    version: String,
    source: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    dependencies: Vec<u32>,
    #[serde(default)]
    root: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Runtime,
    Build,
}

/// The packages of a program whose list is at `section`. The span of each is that of the list, which is compressed.
pub(super) fn parse(bytes: &[u8], section: Range<usize>) -> Manifest {
    let mut out = Collector::resolved();
    match read(bytes.get(section.clone()).unwrap_or_default()) {
        Ok(list) => fill(list, &section, &mut out),
        Err(reason) => out.problem(section.start, reason),
    }
    out.finish()
}

fn read(section: &[u8]) -> Result<List, String> {
    let mut text = Vec::new();
    let size = ZlibDecoder::new(section).take(MAX_LIST + 1).read_to_end(&mut text);
    match size {
        Ok(size) if size as u64 > MAX_LIST => {
            Err("the list of packages in this program is too large".to_owned())
        }
        Ok(_) => serde_json::from_slice(&text)
            .map_err(|error| format!("the list of packages in this program is broken: {error}")),
        Err(error) => Err(format!("the list of packages in this program cannot be unpacked: {error}")),
    }
}

fn fill(list: List, section: &Range<usize>, out: &mut Collector) {
    let count = list.packages.len();
    let of_root: Vec<u32> =
        list.packages.iter().filter(|it| it.root).flat_map(|it| it.dependencies.iter().copied()).collect();
    let mut direct = vec![false; count];
    for index in of_root {
        if let Some(slot) = direct.get_mut(index as usize) {
            *slot = true;
        }
    }
    for (entry, direct) in list.packages.into_iter().zip(direct) {
        // A name must stay, so that indices hold.
        let name = if entry.name.is_empty() { "?" } else { entry.name.as_str() };
        let mut package = Package::new(Ecosystem::CratesIo, name, section.clone());
        package.version = Some(entry.version.clone());
        package.relation = if direct || entry.root { Relation::Direct } else { Relation::Transitive };
        package.scope = match entry.kind {
            Kind::Runtime => Scope::Runtime,
            Kind::Build => Scope::Build,
        };
        package.source = match entry.source.as_str() {
            "crates.io" => SourceKind::Registry,
            "local" => SourceKind::Path,
            // The format keeps addresses out; only the kind is known.
            other => SourceKind::Url(other.chars().take(200).collect()),
        };
        package.dependencies = entry.dependencies.into_iter().filter(|it| (*it as usize) < count).collect();
        if entry.root {
            out.manifest.root =
                Some(Root { name: Some(entry.name), version: Some(entry.version), licences: Vec::new() });
        }
        out.push(package);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Relation, Scope, SourceKind, format};
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;
    use std::io::Write;

    const LIST: &str = r#"{"packages":[
        {"name":"app","version":"0.1.0","source":"local","dependencies":[1,2],"root":true},
        {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
        {"name":"log","version":"0.4.20","source":"crates.io","dependencies":[3]},
        {"name":"fork","version":"1.0.0","source":"git"}]}"#;

    /// A 64-bit ELF with two sections: names, and the list.
    fn program(list: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(list).unwrap();
        let packed = encoder.finish().unwrap();
        let mut out = vec![0; 64];
        out[..6].copy_from_slice(b"\x7fELF\x02\x01");
        out[40..48].copy_from_slice(&64u64.to_le_bytes());
        out[58..60].copy_from_slice(&64u16.to_le_bytes());
        out[60..62].copy_from_slice(&2u16.to_le_bytes());
        let names = b"\0.shstrtab\0.dep-v0\0";
        let start = 64 + 128u64;
        for (name, at, size) in [(1u32, start, names.len()), (11, start + names.len() as u64, packed.len())] {
            let mut header = [0; 64];
            header[..4].copy_from_slice(&name.to_le_bytes());
            header[24..32].copy_from_slice(&at.to_le_bytes());
            header[32..40].copy_from_slice(&(size as u64).to_le_bytes());
            out.extend_from_slice(&header);
        }
        out.extend_from_slice(names);
        out.extend_from_slice(&packed);
        out
    }

    fn read(bytes: &[u8]) -> crate::Manifest {
        let [format] = format::of_head(bytes) else { panic!("no executable") };
        (format.parse)("app", bytes).unwrap()
    }

    #[test]
    fn packages_are_listed_with_their_kind_and_edges() {
        let manifest = read(&program(LIST.as_bytes()));
        assert_eq!(manifest.problems, []);
        assert_eq!(manifest.root.as_ref().unwrap().name.as_deref(), Some("app"));
        let all: Vec<_> =
            manifest.packages.iter().map(|it| (it.name.as_str(), it.scope, it.relation)).collect();
        use Relation::{Direct, Transitive};
        assert_eq!(
            all,
            [
                ("app", Scope::Runtime, Direct),
                ("cc", Scope::Build, Direct),
                ("log", Scope::Runtime, Direct),
                ("fork", Scope::Runtime, Transitive),
            ]
        );
        assert_eq!(manifest.packages[2].dependencies, [3]);
        assert_eq!(manifest.packages[0].source, SourceKind::Path);
    }

    #[test]
    fn a_list_that_unpacks_to_too_much_is_told() {
        let manifest = read(&program(&vec![b' '; 9 << 20]));
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (0, 1));
        assert!(manifest.problems[0].reason.contains("too large"));
        assert!(read(&program(b"{")).problems[0].reason.contains("broken"));
    }

    proptest! {
        #[test]
        fn mutated_programs_are_read_without_panic(
            changes in proptest::collection::vec((0usize..400, any::<u8>()), 1..10),
        ) {
            let mut bytes = program(LIST.as_bytes());
            for (at, byte) in changes {
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = byte;
                }
            }
            if let Some(format) = format::of_head(&bytes).first() {
                let _ = (format.parse)("app", &bytes);
            }
        }
    }
}
