use std::{fs, path::PathBuf};

use clap::{Args, FromArgMatches};
use hanlin_server::config::{Place, Serving};

/// A line of the table in `docs/admin/configuration.md`.
struct Row {
    flag: String,
    variable: String,
    key: Option<String>,
    default: String,
}

fn page(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows(page: &str) -> Vec<Row> {
    let word = |cell: &str| cell.trim().trim_matches('`').to_owned();
    let lines = page.lines().filter(|line| line.starts_with("| `--") && line.contains("`HANLIN_"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
            let [flag, variable, key, default, _meaning] = cells[..] else { panic!("five cells in: {line}") };
            Row {
                flag: word(flag).trim_start_matches('-').to_owned(),
                variable: word(variable),
                key: Some(word(key)).filter(|key| key != "–"),
                default: default.trim().to_owned(),
            }
        })
        .collect()
}

/// Every setting that the program has: name and environment variable, in the order of `--help`, and its help.
fn settings() -> Vec<(String, String, String)> {
    let command = Serving::augment_args(Place::augment_args(clap::Command::new("hanlin")));
    command
        .get_arguments()
        .map(|argument| {
            let name = argument.get_long().expect("every setting has a long flag").to_owned();
            let variable = argument.get_env().expect("every setting has a variable").to_string_lossy().into_owned();
            (name, variable, argument.get_help().map(ToString::to_string).unwrap_or_default())
        })
        .collect()
}

/// What the file takes as a value of this key.
fn sample(key: &str) -> &'static str {
    match key {
        "database-connections" | "database-writers" | "database-readers" | "database-background" => "8",
        "listen" | "metrics" => "\"127.0.0.1:9000\"",
        "trusted-proxy" => "[\"127.0.0.1\"]",
        "log-format" => "\"json\"",
        "webhook-internal" => "true",
        _ => "\"text\"",
    }
}

/// Does a file with this one key read?
fn reads(key: &str) -> bool {
    reads_as(key, sample(key))
}

fn reads_as(key: &str, value: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hanlin.toml");
    fs::write(&file, format!("{key} = {value}\n")).unwrap();
    let mut place = Place { config: Some(file), ..Place::default() };
    place.complete(Some(&mut Serving::default())).is_ok()
}

// proves: OPS-01
#[test]
fn the_table_of_settings_is_what_the_program_has() {
    let has: Vec<(String, String)> = settings().into_iter().map(|(name, variable, _)| (name, variable)).collect();
    for path in ["docs/admin/configuration.md", "docs/zh/admin/configuration.md"] {
        let said: Vec<(String, String)> = rows(&page(path)).into_iter().map(|row| (row.flag, row.variable)).collect();
        assert_eq!(said, has, "{path}");
    }
}

#[test]
fn the_file_takes_the_keys_of_the_table_and_no_others() {
    for row in rows(&page("docs/admin/configuration.md")) {
        match &row.key {
            Some(key) => assert!(reads(key), "the table says that hanlin.toml takes {key}"),
            None => assert!(!reads(&row.flag), "hanlin.toml takes {}, and the table does not say so", row.flag),
        }
    }
    assert!(!reads("listne"), "a misspelt key is an error");
}

#[test]
fn both_languages_give_the_same_keys_and_the_defaults_of_the_help() {
    let (en, zh) = (rows(&page("docs/admin/configuration.md")), rows(&page("docs/zh/admin/configuration.md")));
    for ((en, zh), (name, _, help)) in en.iter().zip(&zh).zip(settings()) {
        assert_eq!(en.key, zh.key, "{name}");
        let literal = |cell: &str| cell.split('`').nth(1).map(str::to_owned);
        assert_eq!(literal(&en.default), literal(&zh.default), "{name}");
        if let Some(default) = help.split_once("Default: ").map(|(_, default)| default) {
            let said = literal(&en.default).unwrap_or_else(|| "none".to_owned());
            assert!(default.starts_with(said.as_str()), "{name}: the help says {default}, the table {said}");
        }
    }
}

#[test]
fn without_settings_the_defaults_of_the_table_hold() {
    let default = |flag: &str| {
        let rows = rows(&page("docs/admin/configuration.md"));
        let row = rows.into_iter().find(|row| row.flag == flag).unwrap();
        row.default.split('`').nth(1).unwrap().to_owned()
    };
    let (place, serving) = (Place::default(), Serving::default());
    assert_eq!(PathBuf::from(default("data")), PathBuf::from(".").join(place.data()));
    assert_eq!(default("database-connections"), place.connections().to_string());
    assert_eq!(default("listen"), serving.listen().to_string());
    assert_eq!(place.data().join(default("trace-key")), place.trace_places().key);
    assert_eq!(place.data().join(default("seal-log")), place.trace_places().log);
}

/// What the program would open with these flags, or the words with which it refuses them.
fn opened(flags: &[&str]) -> Result<Place, String> {
    let command = Place::augment_args(clap::Command::new("hanlin"));
    let given = [&["hanlin", "--database", "postgres://hanlin@db/hanlin"], flags].concat();
    let matches = command.try_get_matches_from(given).map_err(|error| error.to_string())?;
    let place = Place::from_arg_matches(&matches).map_err(|error| error.to_string())?;
    place.check().map_err(|error| error.to_string())?;
    Ok(place)
}

// proves: OPS-09
#[test]
fn the_bounds_of_the_database_are_read_and_what_does_not_go_together_is_refused() {
    let said = ["--database-connections", "40", "--database-writers", "24", "--database-readers=12"];
    let bounds = opened(&said).expect("36 of 40").bounds();
    let places = [bounds.writers, bounds.readers, bounds.background].map(|places| places.map(usize::from));
    assert_eq!(places, [Some(24), Some(12), None]);
    assert!(opened(&[]).expect("the defaults").bounds() == hanlin_store::Bounds::default());
    for (flags, word) in [
        (&["--database-writers", "0"][..], "zero"),
        (&["--database-writers=-1"], "invalid"),
        (&["--database-readers", "many"], "invalid"),
        (&["--database-background", "99999999999999999999"], "too large"),
        (&["--database-writers", "9", "--database-readers", "7"], "together are no more"),
        (&["--database-background", "16"], "together are no more"),
        (&["--database-connections", "3"], "at least 4"),
        (&["--database-connections", "18446744073709551615"], "10000 at most"),
    ] {
        let refused = opened(flags).expect_err("it does not go together");
        assert!(refused.contains(word), "{flags:?}: {refused}");
    }
    let sqlite = |place: Place| place.check().map_err(|error| error.to_string());
    let some = std::num::NonZero::new;
    let writers = sqlite(Place { database_writers: some(4), ..Place::default() });
    assert!(writers.is_err_and(|refused| refused.contains("one writer")));
    assert!(sqlite(Place { database_readers: some(usize::MAX), ..Place::default() }).is_err());
    assert!(sqlite(Place { database_readers: some(40), ..Place::default() }).is_ok());
    assert!(!reads_as("database-writers", "0") && !reads_as("database-readers", "-4"));
}
