//! What the words of a search mean in this organisation: posts and places, beside what people are found by themselves.

use jiff::Timestamp;

use crate::{names, snapshot::Snapshot, store::Meant};

/// More posts or places than this a word does not mean: it says too little.
const MOST: usize = 300;

/// Each word of the search with the posts and places it means then.
pub(crate) fn meant(q: &str, snapshot: &Snapshot, at: Timestamp) -> Vec<Meant> {
    q.split_whitespace().map(names::fold).filter(|word| !word.is_empty()).map(|word| of(word, snapshot, at)).collect()
}

fn of(word: String, snapshot: &Snapshot, at: Timestamp) -> Meant {
    let posts = snapshot.posts(at).into_iter().filter(|post| names::means(&post.name, &word));
    let mut posts: Vec<_> = posts.map(|post| post.id).take(MOST).collect();
    posts.sort();
    let named = |place: &_| snapshot.name_of(*place, at).is_some_and(|name| names::means(name, &word));
    let mut places: Vec<_> = snapshot.places(at).filter(named).take(MOST).collect();
    places.sort();
    Meant { word, posts, places }
}
