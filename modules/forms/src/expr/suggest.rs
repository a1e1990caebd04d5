/// The known name most like the one written, if one is like enough to ask "did you mean".
pub(super) fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let last = written.rsplit('.').next().unwrap_or(written);
    let allowed = (last.chars().count() / 2).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (distance_to(written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Where only the last part of a path was written (`amount` for `form.amount`), that part counts.
fn distance_to(written: &str, name: &str) -> usize {
    let last = name.rsplit('.').next().unwrap_or(name);
    let whole = distance(written, name);
    if written.contains('.') { whole } else { whole.min(distance(written, last)) }
}

/// Insertions, deletions, replacements and exchanges of neighbours that turn one text into the other.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().take(100).collect(), right.chars().take(100).collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replace = last[j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}
