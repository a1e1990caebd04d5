//! What must not stand in any file, whoever wrote it.

use super::Finding;
use crate::root::root;
use crate::sources::Source;

/// The longest file of code, in lines: beyond it, two subjects share a file.
const LONGEST: usize = 600;

/// Code that says "not yet", or hides a test. Written in two halves, so that this file is not its own first finding.
const FORBIDDEN: [(&str, &str); 9] = [
    (concat!("to", "do!("), "finish it or leave it out"),
    (concat!("unimple", "mented!("), "finish it or leave it out"),
    (concat!("db", "g!("), "log it or remove it"),
    (concat!("#[ig", "nore"), "a test that does not run proves nothing"),
    (concat!(".sk", "ip(\""), "a test that does not run proves nothing"),
    (concat!(".on", "ly(\""), "it hides every other test"),
    (concat!("// TO", "DO"), "finish it or leave it out"),
    (concat!("// FIX", "ME"), "finish it or leave it out"),
    (concat!("debug", "ger;"), "log it or remove it"),
];

/// Code and text of ours, by the end of its name.
const CODE: [&str; 7] = ["rs", "ts", "tsx", "mjs", "js", "sql", "css"];
const WRITTEN: [&str; 15] =
    ["rs", "ts", "tsx", "mjs", "js", "sql", "css", "md", "toml", "json", "yaml", "yml", "html", "txt", "sh"];

pub(crate) fn plain(source: &Source) -> Vec<Finding> {
    if !source.has_extension(&WRITTEN) {
        return Vec::new();
    }
    let mut findings = machine_paths(source);
    if !source.is_generated() {
        findings.extend(forbidden(source));
        findings.extend(layout(source));
    }
    findings
}

fn forbidden(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.has_extension(&CODE) {
        for (number, line) in source.text.lines().enumerate() {
            for (code, why) in FORBIDDEN.iter().filter(|(code, _)| line.contains(code)) {
                findings.push(Finding::new(&source.path, number + 1, format!("has {code} — {why}")));
            }
        }
    }
    findings
}

fn layout(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if source.has_extension(&["rs", "ts", "tsx"]) && lines > LONGEST {
        findings.push(Finding::new(
            &source.path,
            0,
            format!("has {lines} lines, more than {LONGEST}: split it by noun"),
        ));
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        findings.push(Finding::new(&source.path, lines, "ends without a newline"));
    }
    findings
}

/// No file names the folder that this very tree lies in, or someone's home.
fn machine_paths(source: &Source) -> Vec<Finding> {
    let here = root().to_string_lossy().into_owned();
    let homes = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), here.as_str()];
    let mut findings = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for path in homes.iter().filter(|path| line.contains(*path)) {
            findings.push(Finding::new(&source.path, number + 1, format!("names a path of one machine: {path}")));
        }
    }
    findings
}
