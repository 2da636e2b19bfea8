//! The W3C test suite of RDFC-1.0, read at run time from the shared test data.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests may fail and print")]

use std::fs;
use std::path::PathBuf;

use super::canonical::canonicalize_with;
use super::canonicalize;
use super::dataset::{Dataset, Node, Quad};
use crate::Limits;
use crate::work::Work;

/// A reader for the N-Quads of the suite. Products read JSON-LD; only this test reads N-Quads.
struct NQuads<'t> {
    rest: &'t str,
    dataset: Dataset,
    labels: Vec<(String, Node)>,
}

impl NQuads<'_> {
    fn read(text: &str) -> Dataset {
        let mut reader = NQuads { rest: "", dataset: Dataset::default(), labels: Vec::new() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut inner = NQuads { rest: line, dataset: reader.dataset, labels: reader.labels };
            let (subject, predicate, object) = (inner.term(), inner.term(), inner.term());
            let graph = (!inner.rest.trim_start().starts_with('.')).then(|| inner.term());
            inner.dataset.quads.push(Quad { subject, predicate, object, graph });
            reader = NQuads { rest: "", dataset: inner.dataset, labels: inner.labels };
        }
        reader.dataset
    }

    fn term(&mut self) -> Node {
        self.rest = self.rest.trim_start();
        match self.rest.as_bytes()[0] {
            b'<' => {
                let (iri, rest) = self.rest[1..].split_once('>').unwrap();
                self.rest = rest;
                self.dataset.iri(&unescape(iri))
            }
            b'"' => self.literal(),
            _ => {
                let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
                let (label, rest) = self.rest.split_at(end);
                self.rest = rest;
                if let Some((_, node)) = self.labels.iter().find(|(known, _)| known == label) {
                    return *node;
                }
                let node = self.dataset.blank();
                self.labels.push((label.to_owned(), node));
                node
            }
        }
    }

    fn literal(&mut self) -> Node {
        let bytes = self.rest.as_bytes();
        let mut end = 1;
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let value = unescape(&self.rest[1..end]);
        self.rest = &self.rest[end + 1..];
        if let Some(tail) = self.rest.strip_prefix("^^<") {
            let (datatype, rest) = tail.split_once('>').unwrap();
            self.rest = rest;
            return self.dataset.literal(&value, &unescape(datatype));
        }
        if let Some(tail) = self.rest.strip_prefix('@') {
            let end = tail.find(char::is_whitespace).unwrap();
            let (tag, rest) = tail.split_at(end);
            self.rest = rest;
            return self.dataset.language_literal(&value, tag);
        }
        self.dataset.literal(&value, super::XSD_STRING)
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let length = match characters.next().unwrap() {
            'n' => {
                out.push('\n');
                continue;
            }
            't' => {
                out.push('\t');
                continue;
            }
            'r' => {
                out.push('\r');
                continue;
            }
            'b' => {
                out.push('\u{8}');
                continue;
            }
            'f' => {
                out.push('\u{c}');
                continue;
            }
            'u' => 4,
            'U' => 8,
            other => {
                out.push(other);
                continue;
            }
        };
        let digits: String = characters.by_ref().take(length).collect();
        out.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
    }
    out
}

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("LAUREL_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("standards/rdf-canon-tests/rdfc10");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the RDFC-1.0 suite is missing: {}", folder.display());
    println!("not run: {} is not there", folder.display());
    None
}

#[test]
fn every_vector_of_the_suite() {
    let Some(folder) = folder() else { return };
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.to_string_lossy().ends_with("-in.nq"));
    names.sort();
    let (mut run, mut wrong) = (0, Vec::new());
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().replace("-in.nq", "");
        let dataset = NQuads::read(&fs::read_to_string(&path).unwrap());
        // One vector is for another hash function.
        let canonicalize = if name == "test075" { canonicalize_with::<sha2::Sha384> } else { canonicalize };
        let result = canonicalize(&dataset, &Work::within(&Limits::default()));
        let expected = fs::read_to_string(folder.join(format!("{name}-rdfc10.nq"))).ok();
        run += 1;
        match (result, expected) {
            (Ok(text), Some(expected)) if text == expected => {}
            (Err(_), None) => {}
            (result, _) => wrong.push(format!("{name}: {result:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(run >= 64, "only {run} vectors found");
}
