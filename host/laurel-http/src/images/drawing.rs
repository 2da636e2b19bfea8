//! Drawings: read into plain shapes, and written anew from those. Scripts, handlers, links, fonts and pictures of others have no place in
//! what is written, because it is not made from the text that came; and what is written is read once more.

use resvg::usvg;
use resvg::usvg::roxmltree::{self, Document};

use super::NotTaken;
use super::costs;
use crate::pages::png::FONTS;

/// Bytes of a drawing that comes.
const MAX_BYTES: usize = 512 * 1024;
/// Bytes of one that is kept: letters become shapes.
const MAX_WRITTEN: usize = 2 * 1024 * 1024;
/// Each side, in its own units.
const MAX_SIDE: f32 = 4096.0;
/// Elements and stretches of text between them.
const MAX_PARTS: u32 = 20_000;
/// All that a drawing of plain shapes is made of.
const PLAIN: [&str; 11] =
    ["svg", "defs", "g", "path", "clipPath", "mask", "linearGradient", "radialGradient", "stop", "title", "desc"];

/// The same shapes, as a document of ours.
pub(super) fn re_encode(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    if bytes.len() > MAX_BYTES {
        return Err(NotTaken::NotPlain("has more than 512 kB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|why| NotTaken::Unreadable(why.to_string()))?;
    if text.contains("<!ENTITY") {
        return Err(NotTaken::NotPlain("declares entities: write out what they stand for"));
    }
    // What it would cost is reckoned before anything is unfolded.
    let document = read(text)?;
    costs::check(&document)?;
    let options =
        usvg::Options { fontdb: FONTS.clone(), font_family: "Noto Sans".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_xmltree(&document, &options).map_err(|why| NotTaken::Unreadable(why.to_string()))?;
    check(&tree)?;
    let written = tree.to_string(&usvg::WriteOptions::default());
    if written.len() > MAX_WRITTEN {
        return Err(NotTaken::NotPlain("is more than 2 MB when its letters are shapes: use fewer"));
    }
    if !is_plain(&read(&written)?) {
        return Err(NotTaken::NotPlain("holds more than shapes"));
    }
    Ok(written.into_bytes())
}

fn read(text: &str) -> Result<Document<'_>, NotTaken> {
    let options =
        roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: MAX_PARTS, ..roxmltree::ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|why| NotTaken::Unreadable(why.to_string()))
}

fn check(tree: &usvg::Tree) -> Result<(), NotTaken> {
    let size = tree.size();
    if size.width() > MAX_SIDE || size.height() > MAX_SIDE {
        return Err(NotTaken::NotPlain("is larger than 4096 by 4096"));
    }
    costs::check_shapes(tree)
}

/// Nothing but shapes, and no attribute that runs, loads or leads anywhere.
fn is_plain(document: &Document<'_>) -> bool {
    let mut elements = document.descendants().filter(roxmltree::Node::is_element);
    elements.all(|element| {
        PLAIN.contains(&element.tag_name().name())
            && element.attributes().all(|attribute| {
                let (name, value) = (attribute.name(), attribute.value());
                let leads_out = value.contains("url(") && !value.starts_with("url(#");
                !name.starts_with("on") && !leads_out && (name != "href" || value.starts_with('#'))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(inside: &str) -> Result<String, NotTaken> {
        let text = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100" onload="alert(1)">{inside}</svg>"#
        );
        re_encode(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn shapes_and_text_stay_and_nothing_else() {
        let hostile = r#"<script>alert(1)</script><rect width="50" height="50" fill="red" onclick="alert(2)"/>
            <a xlink:href="javascript:alert(3)"><circle cx="50" cy="50" r="20"/></a>
            <foreignObject width="10" height="10"><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>
            <style>@import url(https://elsewhere.example/x.css); rect { fill: url(https://elsewhere.example/y) }</style>
            <set attributeName="href" to="javascript:alert(4)"/><animate attributeName="x" onbegin="alert(5)"/>
            <text x="5" y="50">Laurel</text>"#;
        let drawing = taken(hostile).unwrap();
        assert!(drawing.contains("<path"), "{drawing}");
        for bad in ["script", "alert", "onclick", "onload", "href", "foreignObject", "elsewhere", "<style", "<text"] {
            assert!(!drawing.contains(bad), "{bad} in {drawing}");
        }
    }

    #[test]
    fn names_that_would_break_out_stay_names() {
        let name =
            r#"<g id="a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" opacity=".5"><rect width="9" height="9"/></g>"#;
        if let Ok(drawing) = taken(name) {
            assert!(is_plain(&read(&drawing).unwrap()), "{drawing}");
        }
        assert!(!is_plain(&read("<svg><script>alert(1)</script></svg>").unwrap()));
        assert!(!is_plain(&read("<svg onload='alert(1)'/>").unwrap()));
        assert!(!is_plain(&read("<svg><g href='https://elsewhere.example/'/></svg>").unwrap()));
    }

    #[test]
    fn gradients_clips_and_dashes_stay() {
        let drawing = taken(
            r##"<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>
            <clipPath id="c"><circle cx="50" cy="50" r="40"/></clipPath>
            <symbol id="s" viewBox="0 0 10 10"><circle r="4"/></symbol><use xlink:href="#s" width="20" height="20"/>
            <g clip-path="url(#c)"><rect width="90" height="90" fill="url(#g)" stroke="#000" stroke-dasharray="4 2"/></g>"##,
        );
        let drawing = drawing.unwrap();
        for kept in ["linearGradient", "clipPath", "stroke-dasharray"] {
            assert!(drawing.contains(kept), "{kept} missing in {drawing}");
        }
    }

    #[test]
    fn what_reaches_out_or_is_too_much_is_refused() {
        for (inside, words) in [
            ("<image href='https://elsewhere.example/x.png'/>", "pictures"),
            ("<svg:image xmlns:svg='http://www.w3.org/2000/svg' href='data:image/png;base64,AA'/>", "pictures"),
            (
                "<filter id='f'><feGaussianBlur stdDeviation='9'/></filter><rect width='9' height='9' filter='url(#f)'/>",
                "filters",
            ),
            ("<rect width='9' height='9' style='filter: blur(3px)'/>", "filters"),
            ("<rect", "cannot be read"),
        ] {
            let why = taken(inside).unwrap_err().to_string();
            assert!(why.contains(words), "{why}");
        }
        let bomb = b"<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&b;</svg>";
        assert!(re_encode(bomb).unwrap_err().to_string().contains("entities"));
    }
}
