//! A map of which a changed copy shares most: one state of the organisation differs little from the next.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, Hash, Hasher},
    sync::Arc,
};

/// A copy costs so many counted references, a change in it the copying of one part in so many.
const SHARDS: usize = 64;

type Shard<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

#[derive(Debug)]
pub(super) struct Map<K, V> {
    shards: Vec<Arc<Shard<K, V>>>,
}

impl<K: Eq + Hash + Clone, V: Clone> Map<K, V> {
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.shards[shard(key)].get(key)
    }

    pub(super) fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.shards[shard(key)].contains_key(key)
    }

    pub(super) fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let shard = &mut self.shards[shard(key)];
        // Looked at first: what is not there is no reason to copy.
        if shard.contains_key(key) { Arc::make_mut(shard).get_mut(key) } else { None }
    }

    /// The value under the key; an empty one is put there if there is none.
    pub(super) fn under(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        Arc::make_mut(&mut self.shards[shard(&key)]).entry(key).or_default()
    }

    /// The value under the key; it is made if there is none.
    pub(super) fn entry(&mut self, key: &K, make: impl FnOnce() -> V) -> &mut V {
        Arc::make_mut(&mut self.shards[shard(key)]).entry(key.clone()).or_insert_with(make)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        Arc::make_mut(&mut self.shards[shard(&key)]).insert(key, value);
    }

    pub(super) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let shard = &mut self.shards[shard(key)];
        if shard.contains_key(key) { Arc::make_mut(shard).remove(key) } else { None }
    }

    /// In no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }
}

impl<K: Eq + Hash + Clone, T: Clone + PartialEq> Map<K, Vec<T>> {
    /// Takes one out of a list; a list that is empty then goes.
    pub(super) fn take_out<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, out: impl Fn(&T) -> bool)
    where
        K: Borrow<Q>,
    {
        let Some(list) = self.get_mut(key) else { return };
        list.retain(|item| !out(item));
        if list.is_empty() {
            self.remove(key);
        }
    }

    pub(super) fn add(&mut self, key: K, item: T) {
        let list = self.under(key);
        if !list.contains(&item) {
            list.push(item);
        }
    }

    pub(super) fn list<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> &[T]
    where
        K: Borrow<Q>,
    {
        self.get(key).map_or(&[], Vec::as_slice)
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { shards: vec![Arc::default(); SHARDS] }
    }
}

impl<K, V> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Self { shards: self.shards.clone() }
    }
}

impl<K: Eq + Hash, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.shards == other.shards
    }
}

fn shard<Q: Hash + ?Sized>(key: &Q) -> usize {
    // Other bits than those by which the map of a shard sorts its keys.
    (BuildHasherDefault::<Mixer>::default().hash_one(key) >> 40) as usize % SHARDS
}

/// Quicker than the hasher of the standard library, which also withstands keys that are chosen to collide: here they are
/// ids and codes from the database.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        self.write_u64((number >> 64) as u64);
    }

    fn write_isize(&mut self, variant: isize) {
        self.write_u64(variant as u64);
    }

    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}
