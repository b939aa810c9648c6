//! Reads the index of one ecosystem. [`super::store`] writes it.
//!
//! Sections of the container, numbers little-endian:
//!
//! | section | what |
//! |---|---|
//! | 0 | [`Meta`], postcard |
//! | 1 | buckets: for each value of the upper bits of a name's hash the first package (u32), and one behind the last |
//! | 2 | packages, by hash: hash (u64), name offset and length, first posting and count (u32 each) |
//! | 3 | postings: entry offset and length, record (u32 each) |
//! | 4 | names |
//! | 5 | entries: [`Advisory`], postcard |
//! | 6 | places of texts by record: offset (u64), length packed and unpacked (u32 each) |
//! | 7 | texts: [`Texts`], postcard, one zstd frame each |
//! | 8 | the dictionary of the frames |

use super::container::{Container, Kind, read_u32, read_u64};
use super::error::Error;
use super::store::{bucket_bits, bucket_of};
use super::timestamp::Timestamp;
use crate::Ecosystem;
use crate::advisory::{Advisory, Texts};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::DCtx;

pub(crate) const SECTIONS: usize = 9;

pub(crate) mod section {
    pub(crate) const META: usize = 0;
    pub(crate) const BUCKETS: usize = 1;
    pub(crate) const PACKAGES: usize = 2;
    pub(crate) const POSTINGS: usize = 3;
    pub(crate) const NAMES: usize = 4;
    pub(crate) const ENTRIES: usize = 5;
    pub(crate) const PLACES: usize = 6;
    pub(crate) const TEXTS: usize = 7;
    pub(crate) const DICTIONARY: usize = 8;
}

const PACKAGE: usize = 24;
const POSTING: usize = 12;
const PLACE: usize = 16;
/// Texts are cut far below this when they are compiled.
const MOST_TEXT: usize = 2 << 20;

/// What an index is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) ecosystem: String,
    pub(crate) records: u64,
    pub(crate) packages: u64,
    pub(crate) withdrawn: u64,
    pub(crate) malicious: u64,
    pub(crate) newest: Option<Timestamp>,
}

/// One ecosystem's advisories.
pub(crate) struct Index {
    container: Container,
    ecosystem: Ecosystem,
    meta: Meta,
    dictionary: OnceLock<DecoderDictionary<'static>>,
}

impl Index {
    pub(crate) fn open(path: &Path, ecosystem: Ecosystem) -> Result<Self, Error> {
        let container = Container::open(path, Kind::Advisories)?;
        let meta: Meta = postcard::from_bytes(container.section(section::META))
            .map_err(|_| container.inconsistent("its description cannot be decoded"))?;
        if meta.ecosystem != ecosystem.osv() {
            return Err(container.inconsistent("it is of another ecosystem than its name says"));
        }
        Ok(Self { container, ecosystem, meta, dictionary: OnceLock::new() })
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(crate) fn container(&self) -> &Container {
        &self.container
    }

    /// All that is said about a package, by normalised name.
    pub(crate) fn find(&self, name: &str) -> Result<Vec<Advisory<'_>>, Error> {
        let Some((first, count)) = self.postings(name)? else { return Ok(Vec::new()) };
        let postings = self.container.section(section::POSTINGS);
        let entries = self.container.section(section::ENTRIES);
        let lost = || self.container.inconsistent("an entry lies outside its section");
        if count > postings.len() / POSTING {
            return Err(lost());
        }
        let mut out = Vec::with_capacity(count);
        for posting in first..first.saturating_add(count) {
            let field = |at: usize| read_u32(postings, posting.checked_mul(POSTING)?.checked_add(at)?);
            let (Some(offset), Some(length), Some(record)) = (field(0), field(4), field(8)) else {
                return Err(lost());
            };
            let (start, length) = (offset as usize, length as usize);
            let bytes = start.checked_add(length).and_then(|end| entries.get(start..end)).ok_or_else(lost)?;
            let mut advisory: Advisory<'_> = postcard::from_bytes(bytes)
                .map_err(|_| self.container.inconsistent("an entry cannot be decoded"))?;
            advisory.home = Some(Home { index: self, record });
            out.push(advisory);
        }
        Ok(out)
    }

    /// The first posting of a package and how many there are.
    fn postings(&self, name: &str) -> Result<Option<(usize, usize)>, Error> {
        let packages = self.container.section(section::PACKAGES);
        let buckets = self.container.section(section::BUCKETS);
        let count = packages.len() / PACKAGE;
        let hash = hash(name);
        let lost = || self.container.inconsistent("a package lies outside its section");
        let bucket = bucket_of(hash, bucket_bits(count)) as usize;
        let border = |bucket: usize| Some(read_u32(buckets, bucket.checked_mul(4)?)? as usize);
        let (start, end) = border(bucket).zip(border(bucket + 1)).ok_or_else(lost)?;
        let table =
            packages.get(start.saturating_mul(PACKAGE)..end.saturating_mul(PACKAGE)).ok_or_else(lost)?;
        let (mut low, mut high) = (0, table.len() / PACKAGE);
        while low < high {
            let middle = low.midpoint(high);
            if read_u64(table, middle * PACKAGE).ok_or_else(lost)? < hash {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let names = self.container.section(section::NAMES);
        while low * PACKAGE < table.len() && read_u64(table, low * PACKAGE) == Some(hash) {
            let field = |at| read_u32(table, low * PACKAGE + at).map(|value| value as usize).ok_or_else(lost);
            let (offset, length) = (field(8)?, field(12)?);
            let stored =
                offset.checked_add(length).and_then(|end| names.get(offset..end)).ok_or_else(lost)?;
            if stored == name.as_bytes() {
                return Ok(Some((field(16)?, field(20)?)));
            }
            low += 1;
        }
        Ok(None)
    }

    /// The names of all packages, in the order of their hashes.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.container.section(section::NAMES);
        self.container.section(section::PACKAGES).chunks_exact(PACKAGE).filter_map(move |package| {
            let (offset, length) = (read_u32(package, 8)? as usize, read_u32(package, 12)? as usize);
            std::str::from_utf8(names.get(offset..offset.checked_add(length)?)?).ok()
        })
    }

    fn texts(&self, record: u32) -> Result<Texts, Error> {
        thread_local! {
            // Making a context costs more than unpacking a text.
            static UNPACKER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
        }
        let lost = || self.container.inconsistent("a text cannot be unpacked");
        let places = self.container.section(section::PLACES);
        let at = (record as usize).checked_mul(PLACE).ok_or_else(lost)?;
        let offset = read_u64(places, at).and_then(|offset| usize::try_from(offset).ok()).ok_or_else(lost)?;
        let length = read_u32(places, at + 8).ok_or_else(lost)? as usize;
        let size = read_u32(places, at + 12).ok_or_else(lost)? as usize;
        let packed = self.container.section(section::TEXTS);
        let packed = offset.checked_add(length).and_then(|end| packed.get(offset..end)).ok_or_else(lost)?;
        if size > MOST_TEXT {
            return Err(lost());
        }
        let mut bytes = Vec::with_capacity(size);
        let dictionary = self
            .dictionary
            .get_or_init(|| DecoderDictionary::copy(self.container.section(section::DICTIONARY)));
        let unpacked = UNPACKER.with(|unpacker| match unpacker.try_borrow_mut() {
            Ok(mut unpacker) => {
                unpacker.decompress_using_ddict(&mut bytes, packed, dictionary.as_ddict()).map_err(|_| lost())
            }
            Err(_) => Err(lost()),
        });
        unpacked?;
        postcard::from_bytes(&bytes).map_err(|_| lost())
    }
}

/// Where an advisory was found, to read on from there.
#[derive(Clone, Copy)]
pub(crate) struct Home<'a> {
    index: &'a Index,
    record: u32,
}

impl fmt::Debug for Home<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.record, self.index.container.path().display())
    }
}

impl Home<'_> {
    pub(crate) fn texts(self) -> Result<Texts, Error> {
        self.index.texts(self.record)
    }

    pub(crate) fn ecosystem(self) -> Ecosystem {
        self.index.ecosystem
    }

    pub(crate) fn inconsistent(self, what: &'static str) -> Error {
        self.index.container.inconsistent(what)
    }
}

/// A hash of a name that is the same on every machine and that nobody can make collide at will.
pub(crate) fn hash(name: &str) -> u64 {
    read_u64(blake3::hash(name.as_bytes()).as_bytes(), 0).unwrap_or_default()
}
