//! Decodes a pack in memory as a whole: what the fuzz targets and the tests below drive the walk with.

use super::bits::Bits;
use super::fault::Fault;
use super::forest::Forest;
use super::oids::Oids;
use super::pack::{Kind, Pack};
use super::walk::{Sink, Walk};
use crate::Cancel;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// An object, or why it cannot be had.
pub type Outcome = Result<(Kind, Vec<u8>), Fault>;

/// All objects that `index` lists in `pack`, by id; ids have `id_length` (20 or 32) bytes.
///
/// Objects of more than `limit` bytes are faults, and no more than `memory` bytes are held at a time.
///
/// # Errors
/// When pack or index cannot be used at all.
pub fn decode_pack(
    pack: Vec<u8>,
    index: &[u8],
    id_length: usize,
    threads: usize,
    limit: u64,
    memory: u64,
) -> Result<BTreeMap<Vec<u8>, Outcome>, Fault> {
    let (pack, index) = Pack::parse(pack, index, id_length)?;
    let oids = Oids::new(index.ids.clone(), id_length);
    let entries: Vec<(u64, u32)> = index
        .ids
        .chunks_exact(id_length)
        .zip(&index.offsets)
        .filter_map(|(id, offset)| Some((*offset, oids.find(id)?)))
        .collect();
    let (forest, faults) = Forest::build(&pack, &oids, entries, threads);
    let mut wanted = Bits::new(forest.len() as usize);
    for entry in (0..forest.len()).filter(|entry| forest.kind(*entry).is_some()) {
        wanted.add(entry);
    }
    let needed = forest.needed(&wanted);
    let sink = Collect { forest: &forest, wanted, limit, all: Mutex::default() };
    let cancel = Cancel::default();
    Walk { pack: &pack, forest: &forest, needed: &needed, threads, memory, cancel: &cancel }.run(&sink);
    let mut all = sink.all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.extend(faults.into_iter().map(|(object, fault)| (object, Err(fault))));
    Ok(all.into_iter().map(|(object, outcome)| (oids.get(object).to_vec(), outcome)).collect())
}

struct Collect<'a> {
    forest: &'a Forest,
    wanted: Bits,
    limit: u64,
    all: Mutex<BTreeMap<u32, Outcome>>,
}

impl Collect<'_> {
    fn put(&self, entry: u32, outcome: Outcome) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.insert(self.forest.object(entry), outcome);
        debug_assert!(before.is_none(), "an entry was decoded twice");
    }
}

impl Sink for Collect<'_> {
    fn wants(&self, entry: u32) -> bool {
        self.wanted.has(entry)
    }

    fn limit(&self) -> u64 {
        self.limit
    }

    fn object(&self, _worker: usize, entry: u32, bytes: &[u8]) {
        if let Some(kind) = self.forest.kind(entry) {
            self.put(entry, Ok((kind, bytes.to_vec())));
        }
    }

    fn failed(&self, entry: u32, fault: Fault) {
        self.put(entry, Err(fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::apply_delta;
    use flate2::{Compression, write::ZlibEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    /// An entry of a made-up pack.
    #[derive(Clone, Debug)]
    struct Made {
        /// A whole object where nothing, else the entry it builds on, by number; forward only by id.
        base: Option<(usize, bool)>,
        /// Of a whole object the content, of a delta what comes after the base's beginning.
        text: Vec<u8>,
    }

    fn made() -> impl Strategy<Value = Vec<Made>> {
        let entry = (
            prop::option::weighted(0.8, (any::<prop::sample::Index>(), any::<bool>())),
            prop::collection::vec(any::<u8>(), 0..90),
        );
        prop::collection::vec(entry, 1..60).prop_map(|entries| {
            let count = entries.len();
            let mut all = Vec::with_capacity(count);
            for (at, (base, text)) in entries.into_iter().enumerate() {
                let base: Option<(prop::sample::Index, bool)> = base;
                let base = base.and_then(|(base, by_id)| match (by_id, at) {
                    (true, _) => Some((base.index(count), true)),
                    (false, 0) => None,
                    (false, at) => Some((base.index(at), false)),
                });
                all.push(Made { base, text });
            }
            all
        })
    }

    fn id(entry: usize) -> [u8; 20] {
        let mut id = [entry as u8; 20];
        id[1] = 7;
        id
    }

    /// What each entry must decode to, step by step from its root; nothing where bases go in a circle.
    fn expected(all: &[Made]) -> Vec<Option<Vec<u8>>> {
        (0..all.len())
            .map(|entry| {
                let mut chain = vec![entry];
                while let Some((base, _)) = all[chain[chain.len() - 1]].base {
                    if chain.contains(&base) {
                        return None;
                    }
                    chain.push(base);
                }
                let mut content = all[chain.pop()?].text.clone();
                while let Some(entry) = chain.pop() {
                    content = apply_delta(&content, &delta(&content, &all[entry].text), 1 << 20).ok()?;
                }
                Some(content)
            })
            .collect()
    }

    /// Half of the base, then the text.
    fn delta(base: &[u8], text: &[u8]) -> Vec<u8> {
        let copied = base.len() / 2;
        let mut out = Vec::new();
        for mut size in [base.len(), copied + text.len()] {
            while size >= 0x80 {
                out.push(size as u8 | 0x80);
                size >>= 7;
            }
            out.push(size as u8);
        }
        if copied > 0 {
            out.extend([0xb0, copied as u8, (copied >> 8) as u8]);
        }
        if !text.is_empty() {
            out.push(text.len() as u8);
            out.extend_from_slice(text);
        }
        out
    }

    /// Pack and index of the entries.
    fn write(all: &[Made]) -> (Vec<u8>, Vec<u8>) {
        let contents = expected(all);
        let mut pack = b"PACK\0\0\0\x02".to_vec();
        pack.extend((all.len() as u32).to_be_bytes());
        let mut offsets: Vec<usize> = Vec::new();
        for made in all {
            let start = pack.len();
            let (kind, body) = match made.base {
                None => (3, made.text.clone()),
                Some((base, by_id)) => {
                    let content = contents[base].clone().unwrap_or_default();
                    (if by_id { 7 } else { 6 }, delta(&content, &made.text))
                }
            };
            pack.push(0x80 | kind << 4 | (body.len() & 15) as u8);
            pack.push((body.len() >> 4 & 0x7f) as u8);
            match made.base {
                Some((base, true)) => pack.extend(id(base)),
                Some((base, false)) => {
                    let mut back = start - offsets[base];
                    let mut bytes = vec![(back & 0x7f) as u8];
                    while back >= 0x80 {
                        back = (back >> 7) - 1;
                        bytes.push(0x80 | (back & 0x7f) as u8);
                    }
                    pack.extend(bytes.iter().rev());
                }
                None => {}
            }
            let mut encoder = ZlibEncoder::new(&mut pack, Compression::default());
            encoder.write_all(&body).unwrap();
            encoder.finish().unwrap();
            offsets.push(start);
        }
        pack.extend([0; 20]);
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        for first in 0..256 {
            index.extend((all.len().min(first + 1) as u32).to_be_bytes());
        }
        (0..all.len()).for_each(|entry| index.extend(id(entry)));
        index.extend(vec![0; all.len() * 4]);
        offsets.iter().for_each(|offset| index.extend((*offset as u32).to_be_bytes()));
        index.extend([0; 40]);
        (pack, index)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn the_walk_agrees_with_decoding_each_by_itself(all in made(), threads in 1_usize..5, limit in 0_u64..400) {
            let (pack, index) = write(&all);
            let found = decode_pack(pack, &index, 20, threads, limit, 1 << 20).unwrap();
            prop_assert_eq!(found.len(), all.len());
            for (entry, expected) in expected(&all).into_iter().enumerate() {
                let found = &found[id(entry).as_slice()];
                match expected {
                    Some(bytes) if bytes.len() as u64 <= limit => prop_assert_eq!(found, &Ok((Kind::Blob, bytes))),
                    Some(bytes) => prop_assert_eq!(found, &Err(Fault::TooLarge { size: bytes.len() as u64 })),
                    None => prop_assert_eq!(found, &Err(Fault::NoBase)),
                }
            }
        }

        #[test]
        fn little_memory_loses_nothing_in_silence(all in made(), threads in 1_usize..3, memory in 0_u64..2000) {
            let (pack, index) = write(&all);
            let found = decode_pack(pack, &index, 20, threads, 1 << 20, memory).unwrap();
            prop_assert_eq!(found.len(), all.len());
            for (entry, expected) in expected(&all).into_iter().enumerate() {
                if let Ok((_, bytes)) = &found[id(entry).as_slice()] {
                    prop_assert_eq!(Some(bytes), expected.as_ref());
                }
            }
        }

        #[test]
        fn damage_is_an_error_and_nothing_worse(all in made(), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let (mut pack, mut index) = write(&all);
            for (at, byte) in hits {
                let at = at.index(pack.len() + index.len());
                match pack.get_mut(at) {
                    Some(slot) => *slot = byte,
                    None => index[at - pack.len()] = byte,
                }
            }
            if let Ok(found) = decode_pack(pack, &index, 20, 2, 1 << 16, 1 << 20) {
                prop_assert!(found.len() <= all.len());
            }
        }
    }
}
