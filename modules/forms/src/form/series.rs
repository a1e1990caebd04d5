//! 流水号: how serial numbers are written. A series is read from a line like `BX-{yyyy}-{seq:4}`; who counts is the caller.

use jiff::civil::Date;

use super::Initiator;

/// Longest line.
const MAX_LENGTH: usize = 60;

/// How the numbers of one field are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Year,
    ShortYear,
    Month,
    Day,
    Unit,
    Department,
    /// The count, with zeros in front up to this many digits.
    Count(usize),
}

impl Series {
    /// Nothing where the line cannot be read: an unknown word in braces, no count or two, too long.
    pub fn read(line: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = line;
        while let Some((words, behind)) = rest.split_once('{') {
            let (word, behind) = behind.split_once('}')?;
            parts.push(Part::Words(words.to_owned()));
            parts.push(Part::named(word)?);
            rest = behind;
        }
        parts.push(Part::Words(rest.to_owned()));
        let counts = parts.iter().filter(|part| matches!(part, Part::Count(_))).count();
        let stray = parts.iter().any(|part| matches!(part, Part::Words(words) if words.contains('}')));
        (counts == 1 && !stray && line.chars().count() <= MAX_LENGTH).then_some(Self { parts })
    }

    /// What is counted together: the number without its count. Where it changes, the count begins anew.
    pub fn of(&self, day: Date, initiator: &Initiator) -> String {
        self.write(day, initiator, |_| "{seq}".to_owned())
    }

    pub fn number(&self, day: Date, initiator: &Initiator, count: u64) -> String {
        self.write(day, initiator, |digits| format!("{count:0digits$}"))
    }

    fn write(&self, day: Date, initiator: &Initiator, count: impl Fn(usize) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Year => format!("{:04}", day.year()),
            Part::ShortYear => format!("{:02}", day.year() % 100),
            Part::Month => format!("{:02}", day.month()),
            Part::Day => format!("{:02}", day.day()),
            Part::Unit => initiator.unit.clone(),
            Part::Department => initiator.department.clone(),
            Part::Count(digits) => count(*digits),
        };
        self.parts.iter().map(part).collect()
    }
}

impl Part {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "yyyy" => Self::Year,
            "yy" => Self::ShortYear,
            "mm" => Self::Month,
            "dd" => Self::Day,
            "unit" => Self::Unit,
            "department" => Self::Department,
            _ => match word.strip_prefix("seq:")?.parse() {
                Ok(digits @ 1..=9) => Self::Count(digits),
                _ => return None,
            },
        })
    }
}
