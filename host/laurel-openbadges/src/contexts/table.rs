//! Our own notation for a context: one line a term, scopes indented in braces.
//!
//! ```text
//! let ob = https://purl.imsglobal.org/spec/vc/ob/vocab.html#     an abbreviation of this file, written ob~name
//! protected                                                       the terms of this scope resist redefinition
//! vocab https://…                                                 @vocab
//! id = @id                                                        an alias of a keyword
//! cred := https://www.w3.org/2018/credentials#                    a term that may be a prefix
//! criteria = ob~Criteria ^@id                                     ^ is followed by the type
//! tag = https://schema.org/keywords @set                          @set, @list, @graph: the container
//! Achievement = ob~Achievement {                                  a scope opens; } alone on a line closes it
//! verifiableCredential = cred~verifiableCredential ^@id @graph {null}
//! ```

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Lines;
use std::sync::Arc;

use super::model::{Coercion, Container, Context, Iri, Keyword, Scoped, Setting, Term};

/// Reads a table. The tables are part of this crate and tested; a line that does not parse is skipped
/// by yielding no term, which the comparison with the published context would show.
pub(super) fn read(text: &str) -> Context {
    let mut names = HashMap::new();
    scope(&mut text.lines().peekable(), &mut names)
}

fn scope<'t>(lines: &mut Peekable<Lines<'t>>, names: &mut HashMap<&'t str, &'t str>) -> Context {
    let mut context = Context::default();
    let mut protected = false;
    while let Some(line) = lines.next() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["}"] => break,
            ["protected"] => protected = true,
            ["vocab", iri] => context.vocab = Setting::Is((*iri).into()),
            ["let", name, "=", iri] => {
                names.insert(name, iri);
            }
            [name, sign @ ("=" | ":="), iri, rest @ ..] => {
                let mut term = Term {
                    name: (*name).into(),
                    iri: read_iri(iri, names),
                    coercion: Coercion::None,
                    container: Container::default(),
                    language: Setting::Unsaid,
                    protected,
                    prefix: *sign == ":=",
                    scoped: None,
                };
                for word in rest {
                    attribute(&mut term, word, lines, names);
                }
                context.push(term);
            }
            _ => {}
        }
    }
    context.sealed()
}

fn attribute<'t>(term: &mut Term, word: &str, lines: &mut Peekable<Lines<'t>>, names: &mut HashMap<&'t str, &'t str>) {
    match word {
        "@set" => term.container.set = true,
        "@list" => term.container.list = true,
        "@graph" => term.container.graph = true,
        "^@id" => term.coercion = Coercion::Id,
        "^@vocab" => term.coercion = Coercion::Vocab,
        "^@json" => term.coercion = Coercion::Json,
        "{null}" => term.scoped = Some(Scoped::Null),
        "{" => term.scoped = Some(Scoped::Context(Arc::new(scope(lines, names)))),
        _ => {
            if let Some(datatype) = word.strip_prefix('^') {
                term.coercion = Coercion::Datatype(read_iri(datatype, names));
            }
        }
    }
}

fn read_iri(text: &str, names: &HashMap<&str, &str>) -> Iri {
    if let Some(keyword) = Keyword::parse(text) {
        return Iri::Keyword(keyword);
    }
    if let Some((name, suffix)) = text.split_once('~')
        && let Some(base) = names.get(name)
    {
        return Iri::Absolute(format!("{base}{suffix}").into());
    }
    match text.split_once(':') {
        Some((_, suffix)) if suffix.starts_with("//") => Iri::Absolute(text.into()),
        Some(_) => Iri::Compact(text.into()),
        None => Iri::Word(text.into()),
    }
}
