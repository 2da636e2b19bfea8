//! Tells the story while it happens.

use std::fmt::Display;

/// Speaks on standard output, or on standard error where standard output is for a machine.
#[derive(Debug)]
pub(crate) struct Narrator {
    aside: bool,
    chapter: u32,
}

impl Narrator {
    pub(crate) fn new(aside: bool) -> Self {
        Self { aside, chapter: 0 }
    }

    /// Begins a part of the story.
    pub(crate) fn chapter(&mut self, title: impl Display) {
        self.chapter += 1;
        self.line(format!("\n{}. {title}", self.chapter));
    }

    /// One thing that happened.
    pub(crate) fn say(&self, what: impl Display) {
        self.line(format!("   {what}"));
    }

    fn line(&self, line: String) {
        if self.aside {
            eprintln!("{line}");
        } else {
            println!("{line}");
        }
    }
}
