//! SVG: one element right after `<svg>` (Open Badges 3.0, section 5.3.2).

use std::borrow::Cow;

use super::tags::{Tag, TagKind, escape, next_tag, unescape};
use super::{Baked, BakedVersion, BakingError};
use crate::Limits;

const VERSIONS: [BakedVersion; 2] = [BakedVersion::V3, BakedVersion::V2];

/// Local name of the badge element, and its namespace.
fn name(version: BakedVersion) -> (&'static str, &'static str) {
    match version {
        BakedVersion::V3 => ("credential", "https://purl.imsglobal.org/ob/v3p0"),
        BakedVersion::V2 => ("assertion", "http://openbadges.org"),
    }
}

pub(super) fn text(image: &[u8]) -> Result<&str, BakingError> {
    let text = std::str::from_utf8(image).map_err(|_| BakingError::UnknownFormat)?;
    let looks_like = text.trim_start_matches('\u{feff}').trim_start().starts_with('<') && text.contains("<svg");
    looks_like.then_some(text).ok_or(BakingError::UnknownFormat)
}

/// A badge element: where it stands and what it holds.
struct Element<'t> {
    version: BakedVersion,
    start: usize,
    end: usize,
    verify: Option<&'t str>,
    content: &'t str,
}

/// The root element and the badge elements in it.
fn scan(text: &str) -> Result<(Tag<'_>, Vec<Element<'_>>), BakingError> {
    let root = root(text)?;
    let mut elements = Vec::new();
    let mut at = root.end;
    while let Some(tag) = next_tag(text, at)? {
        at = tag.end;
        let Some(version) = version(&root, &tag).filter(|_| tag.kind != TagKind::Close) else { continue };
        let verify = tag.attribute("verify");
        if tag.kind == TagKind::Empty {
            elements.push(Element { version, start: tag.start, end: tag.end, verify, content: "" });
            continue;
        }
        let close = next_tag(text, tag.end)?.filter(|close| close.kind == TagKind::Close && close.name == tag.name);
        let close = close.ok_or(BakingError::Svg("the badge element does not hold plain text"))?;
        let content = &text[tag.end..close.start];
        elements.push(Element { version, start: tag.start, end: close.end, verify, content });
        at = close.end;
    }
    Ok((root, elements))
}

/// Which kind of badge element a tag is, by its name and the namespace its prefix is bound to.
fn version(root: &Tag<'_>, tag: &Tag<'_>) -> Option<BakedVersion> {
    let (prefix, local) = tag.name.split_once(':')?;
    let binding = format!("xmlns:{prefix}");
    let namespace = tag.attribute(&binding).or_else(|| root.attribute(&binding))?;
    VERSIONS.into_iter().find(|version| name(*version) == (local, namespace))
}

pub(super) fn bake(version: BakedVersion, text: &str, credential: &str) -> Result<String, BakingError> {
    // Declared before looking for earlier badges: the declaration may turn what was nothing into one.
    let text = declared(version, text)?;
    let (root, elements) = scan(&text)?;
    if root.kind == TagKind::Empty {
        return Err(BakingError::Svg("its root element is empty"));
    }
    let mut out = String::with_capacity(text.len() + credential.len() + 200);
    // The namespace is bound on the new element itself: the root may bind the prefix to another one.
    out.push_str(&text[..root.end]);
    out.push_str(&element(version, credential));
    let mut at = root.end;
    for old in elements {
        out.push_str(&text[at..old.start]);
        at = old.end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

/// The text with the namespace declared on the root, where the specification shows it and other readers look for it.
fn declared(version: BakedVersion, text: &str) -> Result<Cow<'_, str>, BakingError> {
    let root = root(text)?;
    if root.attribute("xmlns:openbadges").is_some() {
        return Ok(Cow::Borrowed(text));
    }
    let (before, after) = text.split_at(root.start + "<svg".len());
    Ok(Cow::Owned(format!("{before} xmlns:openbadges=\"{}\"{after}", name(version).1)))
}

fn root(text: &str) -> Result<Tag<'_>, BakingError> {
    let root = next_tag(text, 0)?.filter(|tag| tag.name == "svg" && tag.kind != TagKind::Close);
    root.ok_or(BakingError::Svg("its root element is not svg"))
}

fn element(version: BakedVersion, credential: &str) -> String {
    let (local, namespace) = name(version);
    let open = format!("<openbadges:{local} xmlns:openbadges=\"{namespace}\"");
    if credential.trim_start().starts_with('{') {
        // A CDATA section cannot hold its own end; splitting it there is the usual way out.
        let content = credential.replace("]]>", "]]]]><![CDATA[>");
        return format!("{open}><![CDATA[{content}]]></openbadges:{local}>");
    }
    format!("{open} verify=\"{}\"></openbadges:{local}>", escape(credential))
}

pub(super) fn read(text: &str, limits: &Limits) -> Result<Option<Baked>, BakingError> {
    let (_, mut elements) = scan(text)?;
    elements.sort_by_key(|element| element.version == BakedVersion::V2);
    let Some(element) = elements.first() else { return Ok(None) };
    if element.content.len() > limits.bytes {
        return Err(BakingError::TooLarge(limits.bytes));
    }
    let content = content(element.content)?;
    let text = match element.verify.filter(|_| content.trim().is_empty()) {
        Some(verify) => unescape(verify).ok_or(BakingError::Svg("the badge element holds an unknown entity"))?,
        None => content.trim().to_owned(),
    };
    Ok(Some(Baked { text, version: element.version }))
}

/// Text and CDATA sections of an element, put together.
fn content(text: &str) -> Result<String, BakingError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let plain = |text: &str| unescape(text).ok_or(BakingError::Svg("the badge element holds an unknown entity"));
    while let Some((before, after)) = rest.split_once("<![CDATA[") {
        out.push_str(&plain(before)?);
        let (section, remainder) = after.split_once("]]>").ok_or(BakingError::Svg("a CDATA section does not end"))?;
        out.push_str(section);
        rest = remainder;
    }
    out.push_str(&plain(rest)?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str =
        "<?xml version=\"1.0\"?>\n<!-- <svg> -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" data-x='a>b'><rect/></svg>";

    fn baked_v3(text: &str, credential: &str) -> Result<String, BakingError> {
        bake(BakedVersion::V3, text, credential)
    }

    fn found(text: &str) -> Option<String> {
        read(text, &Limits::default()).unwrap().map(|baked| baked.text)
    }

    #[test]
    fn json_and_jws_go_in_and_out_and_are_replaced() {
        assert_eq!(found(PLAIN), None);
        let json = "{\"a\":\"x]]>y & <z>\"}";
        let baked = baked_v3(PLAIN, json).unwrap();
        assert_eq!(found(&baked).as_deref(), Some(json));
        assert!(baked.contains("data-x='a>b'><openbadges:credential"), "{baked}");
        let again = baked_v3(&baked, "eyJh.eyJi.c2ln").unwrap();
        assert_eq!(found(&again).as_deref(), Some("eyJh.eyJi.c2ln"));
        assert_eq!(again.matches("<openbadges:credential").count(), 1);
        assert_eq!(again.matches("xmlns:openbadges").count(), 2);
    }

    /// Found by fuzzing: an element of a prefix that only baking binds.
    #[test]
    fn what_becomes_a_badge_by_baking_is_replaced_too() {
        let unbound = "<svg><openbadges:credential>old</openbadges:credential></svg>";
        assert_eq!(found(unbound), None);
        let baked = baked_v3(unbound, "{}").unwrap();
        assert_eq!(found(&baked).as_deref(), Some("{}"));
        assert!(!baked.contains("old"), "{baked}");
        assert!(baked_v3("<svg><openbadges:credential><b/></openbadges:credential></svg>", "{}").is_err());
    }

    #[test]
    fn the_older_form_is_read_and_written() {
        let old =
            "<svg xmlns:ob=\"http://openbadges.org\"><ob:assertion verify=\"https://a.example/1?a&amp;b\"/></svg>";
        assert_eq!(found(old).as_deref(), Some("https://a.example/1?a&b"));
        let ours = bake(BakedVersion::V2, PLAIN, "https://a.example/1?a&b").unwrap();
        assert_eq!(found(&ours).as_deref(), Some("https://a.example/1?a&b"));
        assert!(ours.contains(r#"<openbadges:assertion xmlns:openbadges="http://openbadges.org""#), "{ours}");
    }

    #[test]
    fn what_is_not_acceptable_is_told() {
        for (text, expected) in [
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg></svg>", "defines entities"),
            ("<svg", "does not end"),
            ("<html><svg></svg></html>", "root element is not svg"),
            (
                "<svg xmlns:o=\"https://purl.imsglobal.org/ob/v3p0\"><o:credential><b/></o:credential></svg>",
                "plain text",
            ),
        ] {
            assert!(read(text, &Limits::default()).unwrap_err().to_string().contains(expected), "{text}");
        }
        assert!(baked_v3("<svg/>", "{}").is_err());
    }
}
