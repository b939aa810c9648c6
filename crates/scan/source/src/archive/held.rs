//! A buffer that grows with what is really there, never with what was declared, and pays for it from the budget.

use crate::budget::{Chain, Denied};
use std::io::{self, Read};

/// First allocation; doubled from there.
const FIRST: usize = 8 << 10;

/// Bytes read so far from one member.
pub(super) struct Held<'c, 'a> {
    bytes: Vec<u8>,
    chain: &'c Chain<'a>,
    reserved: u64,
}

/// How filling ended.
#[derive(Debug)]
pub(super) enum Filled {
    /// The reader is at its end.
    End,
    /// As many bytes as asked for are there, and perhaps more behind.
    Full,
    /// The reader failed; what came before is there.
    Failed(io::Error),
    /// Memory was refused; what came before is there.
    Denied(Denied),
}

impl<'c, 'a> Held<'c, 'a> {
    pub(super) fn new(chain: &'c Chain<'a>) -> Self {
        Self { bytes: Vec::new(), chain, reserved: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads until `limit` bytes are held.
    pub(super) fn fill(&mut self, reader: &mut dyn Read, limit: usize) -> Filled {
        while self.bytes.len() < limit {
            let have = self.bytes.len();
            let want = limit.min(if have == 0 { FIRST } else { have.saturating_mul(2) });
            if let Err(denied) = self.make_room(want) {
                return Filled::Denied(denied);
            }
            match self.read_up_to(reader, want) {
                Ok(()) if self.bytes.len() < want => return Filled::End,
                Ok(()) => {}
                Err(error) => return Filled::Failed(error),
            }
        }
        Filled::Full
    }

    fn read_up_to(&mut self, reader: &mut dyn Read, want: usize) -> io::Result<()> {
        let mut have = self.bytes.len();
        self.bytes.resize(want, 0);
        let mut result = Ok(());
        while have < want {
            match reader.read(&mut self.bytes[have..]) {
                Ok(0) => break,
                Ok(count) => have += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.bytes.truncate(have);
        result
    }

    fn make_room(&mut self, want: usize) -> Result<(), Denied> {
        let missing = (want as u64).saturating_sub(self.reserved);
        self.chain.reserve(missing)?;
        self.reserved += missing;
        let more = want - self.bytes.len();
        self.bytes.try_reserve_exact(more).map_err(|_| Denied::TooMuch { needed: want as u64 })
    }
}

impl Drop for Held<'_, '_> {
    fn drop(&mut self) {
        self.chain.release(self.reserved);
    }
}
