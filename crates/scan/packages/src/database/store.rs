//! Writes the index of one ecosystem. [`super::index`] reads it and describes its sections.

use super::container::{self, Kind};
use super::error::Error;
use super::index::{Meta, SECTIONS, section};
use super::timestamp::Timestamp;
use crate::Ecosystem;
use crate::advisory::Texts;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Texts for training the dictionary, in bytes; more makes it no better.
const SAMPLES: usize = 4 << 20;
const DICTIONARY: usize = 64 << 10;
/// zstd's level: above it, compiling takes longer and indexes hardly get smaller.
const LEVEL: i32 = 6;

/// What will be in the index of one ecosystem.
pub(crate) struct Builder {
    records: Vec<Record>,
    postings: Vec<Posting>,
    names: Vec<u8>,
    entries: Vec<u8>,
    /// Texts until all are known: the dictionary that they are packed with is trained on samples from everywhere.
    spool: BufWriter<File>,
    spooled: u64,
    folder: PathBuf,
}

struct Record {
    /// In the whole archive.
    number: u32,
    id: String,
    modified: Option<Timestamp>,
    withdrawn: bool,
    malicious: bool,
    superseded: bool,
    text: std::ops::Range<u64>,
}

struct Posting {
    hash: u64,
    name: std::ops::Range<usize>,
    record: usize,
    entry: std::ops::Range<usize>,
}

impl Builder {
    pub(crate) fn new(folder: &Path) -> Result<Self, Error> {
        container::prepare(folder)?;
        let spool = tempfile::tempfile_in(folder).map_err(|error| Error::io("write", folder, error))?;
        Ok(Self {
            records: Vec::new(),
            postings: Vec::new(),
            names: Vec::new(),
            entries: Vec::new(),
            spool: BufWriter::new(spool),
            spooled: 0,
            folder: folder.to_owned(),
        })
    }

    /// Announces a record; gives its number in this index.
    pub(crate) fn record(
        &mut self,
        number: u32,
        id: &str,
        modified: Option<Timestamp>,
        withdrawn: bool,
        texts: &Texts,
    ) -> Result<u32, Error> {
        let bytes = postcard::to_stdvec(texts).map_err(|error| Error::input(id, error.to_string()))?;
        self.spool.write_all(&bytes).map_err(|error| Error::io("write", &self.folder, error))?;
        let start = self.spooled;
        self.spooled += bytes.len() as u64;
        self.records.push(Record {
            number,
            id: id.to_owned(),
            modified,
            withdrawn,
            malicious: false,
            superseded: false,
            text: start..self.spooled,
        });
        u32::try_from(self.records.len() - 1)
            .map_err(|_| Error::input(id, "more records than an index can hold"))
    }

    /// Adds what a record says about a package.
    pub(crate) fn entry(
        &mut self,
        record: u32,
        name: &str,
        entry: &[u8],
        malicious: bool,
    ) -> Result<(), Error> {
        let record = record as usize;
        if let Some(record) = self.records.get_mut(record) {
            record.malicious |= malicious;
        }
        let (name_start, start) = (self.names.len(), self.entries.len());
        self.names.extend_from_slice(name.as_bytes());
        self.entries.extend_from_slice(entry);
        if u32::try_from(self.entries.len()).is_err() || u32::try_from(self.names.len()).is_err() {
            return Err(Error::input(name, "more than 4 GiB in one index"));
        }
        self.postings.push(Posting {
            hash: super::index::hash(name),
            name: name_start..self.names.len(),
            record,
            entry: start..self.entries.len(),
        });
        Ok(())
    }

    /// Takes back an earlier record of the archive; says whether it stood here.
    pub(crate) fn supersede(&mut self, number: u32) -> bool {
        // Records come in the order of their numbers.
        let Ok(at) = self.records.binary_search_by_key(&number, |record| record.number) else { return false };
        self.records.get_mut(at).is_some_and(|record| !std::mem::replace(&mut record.superseded, true))
    }

    /// Records that count.
    pub(crate) fn live(&self) -> u64 {
        self.records.iter().filter(|record| !record.superseded).count() as u64
    }

    /// Packages named, by any record that counts.
    pub(crate) fn entries(&self) -> usize {
        self.postings.iter().filter(|posting| self.lives(posting)).count()
    }

    fn lives(&self, posting: &Posting) -> bool {
        self.records.get(posting.record).is_some_and(|record| !record.superseded)
    }

    fn name(&self, posting: &Posting) -> &[u8] {
        self.names.get(posting.name.clone()).unwrap_or_default()
    }

    /// Writes the index and puts it in place.
    pub(crate) fn write(mut self, path: &Path, ecosystem: Ecosystem, now: Timestamp) -> Result<Meta, Error> {
        let mut postings = std::mem::take(&mut self.postings);
        postings.retain(|posting| self.lives(posting));
        let id = |posting: &Posting| self.records.get(posting.record).map_or("", |record| record.id.as_str());
        // By hash for the look-up, then by name and id, so that answers come in a fixed order.
        postings.sort_by(|a, b| {
            a.hash.cmp(&b.hash).then_with(|| self.name(a).cmp(self.name(b))).then_with(|| id(a).cmp(id(b)))
        });

        let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
        let mut packages = 0_u64;
        {
            let [_, buckets, table, list, names, entries, ..] = &mut sections;
            let groups: Vec<&[Posting]> =
                postings.chunk_by(|a, b| a.hash == b.hash && self.name(a) == self.name(b)).collect();
            packages += groups.len() as u64;
            let bits = bucket_bits(groups.len());
            let mut bucket = 0_u64;
            let put = |out: &mut Vec<u8>, value: usize| out.extend_from_slice(&(value as u32).to_le_bytes());
            for (index, group) in groups.iter().enumerate() {
                let Some(first) = group.first() else { continue };
                while bucket <= bucket_of(first.hash, bits) {
                    put(buckets, index);
                    bucket += 1;
                }
                let name = self.name(first);
                table.extend_from_slice(&first.hash.to_le_bytes());
                put(table, names.len());
                put(table, name.len());
                put(table, list.len() / 12);
                put(table, group.len());
                names.extend_from_slice(name);
                for posting in *group {
                    put(list, entries.len());
                    put(list, posting.entry.len());
                    put(list, posting.record);
                    entries.extend_from_slice(self.entries.get(posting.entry.clone()).unwrap_or_default());
                }
            }
            while bucket <= 1 << bits {
                put(buckets, groups.len());
                bucket += 1;
            }
        }
        self.texts(&mut sections)?;
        let live = || self.records.iter().filter(|record| !record.superseded);
        let meta = Meta {
            ecosystem: ecosystem.osv().to_owned(),
            records: self.live(),
            packages,
            withdrawn: live().filter(|record| record.withdrawn).count() as u64,
            malicious: live().filter(|record| record.malicious).count() as u64,
            newest: live().filter_map(|record| record.modified).max(),
        };
        if let Some(first) = sections.first_mut() {
            *first = postcard::to_stdvec(&meta)
                .map_err(|error| Error::input(ecosystem.osv(), error.to_string()))?;
        }
        let sections: Vec<&[u8]> = sections.iter().map(Vec::as_slice).collect();
        container::write(path, Kind::Advisories, now, &sections)?;
        Ok(meta)
    }

    /// Packs the texts of all records that count, each on its own, so that one can be read without its neighbours.
    fn texts(&mut self, sections: &mut [Vec<u8>; SECTIONS]) -> Result<(), Error> {
        let folder = self.folder.clone();
        let failed = |error| Error::io("pack texts in", &folder, error);
        self.spool.flush().map_err(failed)?;
        let dictionary = self.dictionary().map_err(failed)?;
        let mut packer = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary).map_err(failed)?;
        // The frame's own checksum and size are known from the index.
        packer.include_checksum(false).map_err(failed)?;
        packer.include_contentsize(false).map_err(failed)?;
        packer.include_dictid(false).map_err(failed)?;
        let file = self.spool.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut spool = BufReader::with_capacity(1 << 20, file);
        let mut bytes = Vec::new();
        let [.., places, texts, _] = sections;
        for record in &self.records {
            bytes.clear();
            let length = record.text.end - record.text.start;
            (&mut spool).take(length).read_to_end(&mut bytes).map_err(failed)?;
            let start = texts.len() as u64;
            if !record.superseded {
                texts.extend_from_slice(&packer.compress(&bytes).map_err(failed)?);
            }
            places.extend_from_slice(&start.to_le_bytes());
            places.extend_from_slice(&((texts.len() as u64 - start) as u32).to_le_bytes());
            places.extend_from_slice(&(length as u32).to_le_bytes());
        }
        if let Some(last) = sections.get_mut(section::DICTIONARY) {
            *last = dictionary;
        }
        Ok(())
    }

    /// What many texts have in common, from samples spread evenly. Empty where there are too few to learn from.
    fn dictionary(&mut self) -> std::io::Result<Vec<u8>> {
        let live: Vec<_> =
            self.records.iter().filter(|record| !record.superseded).map(|r| r.text.clone()).collect();
        let total: u64 = live.iter().map(|text| text.end - text.start).sum();
        if live.len() < 100 || total < (DICTIONARY as u64) * 4 {
            return Ok(Vec::new());
        }
        let step = usize::try_from(total.div_ceil(SAMPLES as u64)).unwrap_or(usize::MAX);
        let file = self.spool.get_mut();
        let (mut samples, mut sizes) = (Vec::new(), Vec::new());
        for text in live.iter().step_by(step) {
            // The beginning of a long text says as much about the others as all of it.
            let length = (text.end - text.start).min(8 << 10);
            file.seek(SeekFrom::Start(text.start))?;
            let before = samples.len();
            Read::by_ref(file).take(length).read_to_end(&mut samples)?;
            sizes.push(samples.len() - before);
        }
        // Training refuses samples that have nothing in common; texts are then packed without.
        Ok(zstd::dict::from_continuous(&samples, &sizes, DICTIONARY).unwrap_or_default())
    }
}

/// So many bits of a hash choose a bucket that there is about one package in each.
pub(crate) fn bucket_bits(packages: usize) -> u32 {
    packages.max(2).next_power_of_two().trailing_zeros().min(31)
}

/// The bucket of a hash.
pub(crate) fn bucket_of(hash: u64, bits: u32) -> u64 {
    hash >> (64 - bits)
}
