//! Reading what the test programs print, while passing it on.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// How it went, added up over all test programs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
    /// What tests that passed said they could not check.
    pub(crate) not_run: Vec<String>,
    /// Cargo itself failed, for example because a test program did not compile or was killed.
    broken: bool,
}

impl Tally {
    pub(crate) fn failed(&self) -> bool {
        self.failed > 0 || self.broken
    }

    /// In the form that other programs look for.
    pub(crate) fn summary(&self) -> String {
        let broken = u64::from(self.broken && self.failed == 0);
        let failed = self.failed + broken;
        match self.ignored {
            0 => format!("{} passed, {failed} failed", self.passed),
            ignored => format!("{} passed, {failed} failed, {ignored} skipped", self.passed),
        }
    }

    /// `test result: ok. 13 passed; 0 failed; 0 ignored; …`
    fn add(&mut self, result: &str) {
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(kind)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
            match kind {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

/// Runs `cargo test`, shows its output without that of tests that passed, and adds up the results.
pub(crate) fn relay(command: &mut Command) -> Result<Tally> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot run cargo test")?;
    let Some(output) = child.stdout.take() else { bail!("cargo test has no output") };
    let mut reader = Reader::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if reader.read(&line) {
            println!("{line}");
        }
    }
    reader.tally.broken = !child.wait()?.success();
    Ok(reader.tally)
}

/// Knows in which part of a test program's output we are.
#[derive(Debug, Default)]
struct Reader {
    tally: Tally,
    /// Between `successes:` and what follows it: the output of tests that passed.
    in_successes: bool,
}

impl Reader {
    /// Takes a line in; should it be shown?
    fn read(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.in_successes = true;
            return false;
        }
        if let Some(result) = line.strip_prefix("test result: ") {
            self.in_successes = false;
            self.tally.add(result);
        } else if line == "failures:" {
            self.in_successes = false;
        } else if self.in_successes
            && let Some(what) = line.strip_prefix("not run: ")
        {
            self.tally.not_run.push(what.to_owned());
        }
        !self.in_successes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 3 tests
test a ... ok
test b ... FAILED

successes:

---- a stdout ----
not run: no database
chatter

successes:
    a

failures:

---- b stdout ----
not run: this is part of a failure

failures:
    b

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";

    #[test]
    fn results_are_added_and_excuses_collected() {
        let mut reader = Reader::default();
        let shown: Vec<_> = OUTPUT.lines().filter(|line| reader.read(line)).collect();
        assert_eq!(reader.tally.summary(), "3 passed, 1 failed, 1 skipped");
        assert_eq!(reader.tally.not_run, ["no database"]);
        assert!(!shown.contains(&"chatter"));
        assert!(shown.contains(&"---- b stdout ----"));
    }

    #[test]
    fn a_broken_build_is_a_failure() {
        let tally = Tally { passed: 4, broken: true, ..Tally::default() };
        assert!(tally.failed());
        assert_eq!(tally.summary(), "4 passed, 1 failed");
    }
}
