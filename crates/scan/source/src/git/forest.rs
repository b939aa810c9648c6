//! The entries of one pack as a forest: each whole object is a root, each delta a child of what it builds on.

use super::bits::Bits;
use super::fault::Fault;
use super::oids::Oids;
use super::pack::{Kind, MAX_HEADER, Pack, Stored, parse_entry_header};
use std::collections::HashMap;

/// No entry.
pub(super) const NONE: u32 = u32::MAX;

/// What is known of a pack's entries without inflating any. Entries are numbered by offset.
pub(super) struct Forest {
    /// Where each entry begins; one more for the end of the last.
    offsets: Vec<u64>,
    /// Position in the table of ids.
    objects: Vec<u32>,
    /// [`Kind`] as a number, 0 for entries that have none because they are broken.
    kinds: Vec<u8>,
    bases: Vec<u32>,
    /// Where each entry's children begin in `children`; one more for the end.
    child_starts: Vec<u32>,
    children: Vec<u32>,
}

impl Forest {
    /// Reads the headers of all entries. `entries`: offset and object. The second result: entries that are of no use,
    /// and why.
    pub(super) fn build(
        pack: &Pack,
        oids: &Oids,
        mut entries: Vec<(u64, u32)>,
        threads: usize,
    ) -> (Self, Vec<(u32, Fault)>) {
        entries.sort_unstable();
        let mut faults = Vec::new();
        entries.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                faults.push((next.1, Fault::Malformed("two objects claim one entry of the pack")));
            }
            same
        });
        let mut offsets: Vec<u64> = entries.iter().map(|entry| entry.0).collect();
        offsets.push(pack.end());
        let objects: Vec<u32> = entries.iter().map(|entry| entry.1).collect();
        drop(entries);

        let (mut kinds, bases) = read_headers(pack, oids, &offsets, &objects, threads, &mut faults);
        let (child_starts, mut children, order) = link(&mut kinds, &bases);
        for (entry, &object) in objects.iter().enumerate() {
            if kinds[entry] == DELTA {
                kinds[entry] = 0;
                faults.push((object, Fault::NoBase));
            }
        }
        heaviest_last(&child_starts, &mut children, &bases, &order);
        faults.sort_by_key(|fault| fault.0);
        (Self { offsets, objects, kinds, bases, child_starts, children }, faults)
    }

    /// How many entries.
    pub(super) fn len(&self) -> u32 {
        self.objects.len() as u32
    }

    /// The object of an entry.
    pub(super) fn object(&self, entry: u32) -> u32 {
        self.objects[entry as usize]
    }

    /// The sort of an entry, which is that of the root it builds on; nothing for broken ones.
    pub(super) fn kind(&self, entry: u32) -> Option<Kind> {
        kind(self.kinds[entry as usize])
    }

    /// Where an entry lies.
    pub(super) fn span(&self, entry: u32) -> (u64, u64) {
        (self.offsets[entry as usize], self.offsets[entry as usize + 1])
    }

    /// Where the entries that build on this one stand, for [`Self::child`].
    pub(super) fn children(&self, entry: u32) -> std::ops::Range<u32> {
        self.child_starts[entry as usize]..self.child_starts[entry as usize + 1]
    }

    /// An entry that builds on another.
    pub(super) fn child(&self, position: u32) -> u32 {
        self.children[position as usize]
    }

    /// Whether an entry is a whole object.
    pub(super) fn is_root(&self, entry: u32) -> bool {
        self.bases[entry as usize] == NONE
    }

    /// The given entries and all that they build on.
    pub(super) fn needed(&self, wanted: &Bits) -> Bits {
        let mut needed = Bits::new(self.objects.len());
        for entry in (0..self.len()).filter(|entry| wanted.has(*entry) && self.kinds[*entry as usize] != 0) {
            let mut at = entry;
            while at != NONE && needed.add(at) {
                at = self.bases[at as usize];
            }
        }
        needed
    }
}

/// The sort behind a number.
pub(super) fn kind(number: u8) -> Option<Kind> {
    [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag].into_iter().find(|kind| *kind as u8 == number)
}

/// In `kinds` while building: a delta whose root is not known yet.
const DELTA: u8 = 6;

fn read_headers(
    pack: &Pack,
    oids: &Oids,
    offsets: &[u64],
    objects: &[u32],
    threads: usize,
    faults: &mut Vec<(u32, Fault)>,
) -> (Vec<u8>, Vec<u32>) {
    let mut kinds = vec![0; objects.len()];
    let mut bases = vec![NONE; objects.len()];
    let share = objects.len().div_ceil(threads.max(1)).max(4096);
    // Deltas that name their base by id. Usual packs have none, so that the reverse table is made only when needed.
    let mut by_id = Vec::new();
    let mut parts: Vec<_> = kinds.chunks_mut(share).zip(bases.chunks_mut(share)).enumerate().collect();
    // The last part, which is the only one of most packs, is this thread's.
    let last = parts.pop();
    std::thread::scope(|scope| {
        let read = |(part, (kinds, bases)): (usize, (&mut [u8], &mut [u32]))| {
            read_part(pack, oids, offsets, objects, part * share, kinds, bases)
        };
        let others: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || read(part))).collect();
        let own = last.map(read);
        let others = others
            .into_iter()
            .map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        for (part_by_id, part_faults) in others.chain(own) {
            by_id.extend(part_by_id);
            faults.extend(part_faults);
        }
    });
    if !by_id.is_empty() {
        let entries: HashMap<u32, u32> =
            objects.iter().enumerate().map(|(e, object)| (*object, e as u32)).collect();
        for (entry, base) in by_id {
            match entries.get(&base) {
                Some(base) => bases[entry as usize] = *base,
                None => {
                    kinds[entry as usize] = 0;
                    faults.push((objects[entry as usize], Fault::NoBase));
                }
            }
        }
    }
    (kinds, bases)
}

/// Deltas by entry and base object; entries that are of no use.
type Part = (Vec<(u32, u32)>, Vec<(u32, Fault)>);

fn read_part(
    pack: &Pack,
    oids: &Oids,
    offsets: &[u64],
    objects: &[u32],
    first: usize,
    kinds: &mut [u8],
    bases: &mut [u32],
) -> Part {
    const WINDOW: u64 = 64 << 10;
    let (mut by_id, mut faults) = (Vec::new(), Vec::new());
    let (mut window, mut window_start) = (Vec::new(), 0_u64);
    for (i, (kind, base)) in kinds.iter_mut().zip(bases).enumerate() {
        let entry = first + i;
        let start = offsets[entry];
        let end = offsets[entry + 1].min(start.saturating_add(MAX_HEADER as u64));
        let mut header = || {
            // An index may say that an entry begins behind the end of the pack.
            if end <= start {
                return Err(Fault::Truncated);
            }
            if start < window_start || end > window_start + window.len() as u64 {
                window_start = start;
                pack.read(start, pack.end().min(start.saturating_add(WINDOW)), &mut window).inspect_err(
                    |_| {
                        window.clear();
                    },
                )?;
            }
            let bytes = window.get((start - window_start) as usize..(end - window_start) as usize);
            parse_entry_header(bytes.ok_or(Fault::Truncated)?, pack.id_length())
        };
        let outcome = header().and_then(|header| match header.stored {
            Stored::Whole(whole) => {
                *kind = whole as u8;
                Ok(())
            }
            Stored::OffsetDelta(back) => {
                let at = start.checked_sub(back).filter(|_| back > 0).ok_or(Fault::NoBase)?;
                *base = find_back(&offsets[..entry], at).ok_or(Fault::NoBase)?;
                *kind = DELTA;
                Ok(())
            }
            Stored::RefDelta(id) => {
                by_id.push((entry as u32, oids.find(&id).ok_or(Fault::NoBase)?));
                *kind = DELTA;
                Ok(())
            }
        });
        if let Err(fault) = outcome {
            faults.push((objects[entry], fault));
        }
    }
    (by_id, faults)
}

/// The position of `at` in the sorted `offsets`, looked for from the end: bases lie shortly before their deltas.
fn find_back(offsets: &[u64], at: u64) -> Option<u32> {
    let mut step = 1;
    let mut high = offsets.len();
    while high > 0 {
        let low = high.saturating_sub(step);
        if offsets[low] <= at {
            return offsets[low..high].binary_search(&at).ok().map(|i| (low + i) as u32);
        }
        high = low;
        step *= 2;
    }
    None
}

/// Lists children by parent, and gives every entry that a root leads to that root's kind. Third result: these entries,
/// each after what it builds on.
fn link(kinds: &mut [u8], bases: &[u32]) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; kinds.len() + 1];
    let is_child = |entry: usize, kinds: &[u8]| kinds[entry] == DELTA && bases[entry] != NONE;
    for entry in (0..kinds.len()).filter(|entry| is_child(*entry, kinds)) {
        starts[bases[entry] as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut next = starts.clone();
    let mut children = vec![0_u32; starts.last().map_or(0, |end| *end as usize)];
    for entry in (0..kinds.len()).filter(|entry| is_child(*entry, kinds)) {
        let slot = &mut next[bases[entry] as usize];
        children[*slot as usize] = entry as u32;
        *slot += 1;
    }
    let mut order: Vec<u32> =
        (0..kinds.len() as u32).filter(|e| bases[*e as usize] == NONE && kinds[*e as usize] != 0).collect();
    let mut done = 0;
    while let Some(&entry) = order.get(done) {
        done += 1;
        let range = starts[entry as usize] as usize..starts[entry as usize + 1] as usize;
        for &child in &children[range] {
            kinds[child as usize] = kinds[entry as usize];
            order.push(child);
        }
    }
    (starts, children, order)
}

/// Sorts the children of each entry by how much builds on them. Whoever goes down the forest can let go of a base when
/// it turns to the last child; so at most as many bases are held at a time as the logarithm of the number of entries.
fn heaviest_last(starts: &[u32], children: &mut [u32], bases: &[u32], order: &[u32]) {
    let mut weights = vec![1_u32; bases.len()];
    for &entry in order.iter().rev() {
        if let Some(weight) = bases.get(entry as usize).and_then(|base| weights.get(*base as usize)).copied()
        {
            weights[bases[entry as usize] as usize] = weight.saturating_add(weights[entry as usize]);
        }
    }
    for pair in starts.windows(2).filter(|pair| pair[1] - pair[0] > 1) {
        children[pair[0] as usize..pair[1] as usize].sort_by_key(|child| weights[*child as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_found_from_the_end() {
        let offsets: Vec<u64> = (0..1000).map(|i| 12 + i * 3).collect();
        for (i, at) in offsets.iter().enumerate() {
            assert_eq!(find_back(&offsets, *at), Some(i as u32));
            assert_eq!(find_back(&offsets, at + 1), None);
        }
        assert_eq!(find_back(&offsets, 0), None);
        assert_eq!(find_back(&[], 12), None);
    }

    #[test]
    fn circles_and_orphans_get_no_kind() {
        // 0 tree, 1 on 0, 2 on 1, 3 and 4 on each other, 5 on 4, 6 on itself.
        let mut kinds = [Kind::Tree as u8, DELTA, DELTA, DELTA, DELTA, DELTA, DELTA];
        let bases = [NONE, 0, 1, 4, 3, 4, 6];
        let (starts, children, order) = link(&mut kinds, &bases);
        assert_eq!(kinds, [2, 2, 2, DELTA, DELTA, DELTA, DELTA]);
        assert_eq!(order, [0, 1, 2]);
        assert_eq!((starts[0], starts[1], children[0]), (0, 1, 1));
    }
}
