//! Lists of a JSON file that are kept up to a length.

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The first `N` elements of a list. `null` counts as an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bounded<T, const N: usize> {
    pub(crate) items: Vec<T>,
    /// How many elements there were beyond; read, not kept.
    pub(crate) dropped: usize,
}

impl<T, const N: usize> Default for Bounded<T, N> {
    fn default() -> Self {
        Self { items: Vec::new(), dropped: 0 }
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Bounded<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T, const N: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for List<T, N> {
            type Value = Bounded<T, N>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Bounded::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut out = Bounded::default();
                while out.items.len() < N {
                    match list.next_element()? {
                        Some(item) => out.items.push(item),
                        None => return Ok(out),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    out.dropped += 1;
                }
                Ok(out)
            }
        }
        deserializer.deserialize_any(List(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::Bounded;

    #[test]
    fn keeps_the_first_and_counts_the_rest() {
        let list: Bounded<u32, 2> = serde_json::from_str("[1,2,3,\"x\"]").unwrap();
        assert_eq!(list, Bounded { items: vec![1, 2], dropped: 2 });
        let list: Bounded<u32, 2> = serde_json::from_str("null").unwrap();
        assert_eq!(list, Bounded::default());
        assert!(serde_json::from_str::<Bounded<u32, 2>>("7").is_err());
    }
}
