//! What a drawing would cost once references are followed, letters drawn and lines dashed: reckoned before it is done.

use resvg::usvg;
use resvg::usvg::roxmltree::{Document, Node};
use std::collections::HashMap;

use super::NotTaken;

/// Layers that are painted apart and laid over the rest: groups with an opacity, masks, clipping paths.
const LAYERS: usize = 64;
/// Shapes and groups, counted as often as they are drawn.
const SHAPES: usize = 5_000;
/// Bytes of their attributes, counted as often.
const BYTES: usize = 2 * 1024 * 1024;
/// Letters, counted as often.
const LETTERS: usize = 500;
/// Elements within elements.
const DEPTH: usize = 64;
/// Dashes of all lines.
const DASHES: f32 = 20_000.0;

/// Checks a document before it is unfolded.
pub(super) fn check(document: &Document<'_>) -> Result<(), NotTaken> {
    let mut budget = Budget { shapes: SHAPES, bytes: BYTES, letters: LETTERS, named: HashMap::new() };
    for element in document.descendants().filter(Node::is_element) {
        if let Some(id) = element.attribute("id") {
            budget.named.entry(id).or_default().push(element);
        }
    }
    budget.spend(document.root_element(), DEPTH)
}

/// What is left to spend.
struct Budget<'a, 'd> {
    shapes: usize,
    bytes: usize,
    letters: usize,
    /// Which of several elements of one name is meant is not asked: all of them are paid for.
    named: HashMap<&'a str, Vec<Node<'a, 'd>>>,
}

impl<'a, 'd> Budget<'a, 'd> {
    fn spend(&mut self, element: Node<'a, 'd>, depth: usize) -> Result<(), NotTaken> {
        let name = element.tag_name().name();
        match name {
            "image" | "feImage" => return Err(NotTaken::NotPlain("holds pictures: only shapes and text are taken")),
            "filter" | "pattern" | "marker" => {
                return Err(NotTaken::NotPlain("uses filters, patterns or markers: only shapes and text are taken"));
            }
            // Never drawn.
            "style" | "script" | "metadata" | "title" | "desc" => return Ok(()),
            _ => {}
        }
        let depth = depth.checked_sub(1).ok_or(NotTaken::NotPlain("has more than 64 elements within one another"))?;
        let bytes = element.attributes().map(|attribute| attribute.value().len()).sum();
        let letters = element.children().filter(Node::is_text).filter_map(|text| text.text());
        let letters = letters.flat_map(str::chars).filter(|letter| !letter.is_whitespace()).count();
        let too_many = NotTaken::NotPlain("has more than 5000 shapes, counted as often as they are drawn");
        self.shapes = self.shapes.checked_sub(1).ok_or(too_many)?;
        self.bytes =
            self.bytes.checked_sub(bytes).ok_or(NotTaken::NotPlain("draws the same large shapes too often"))?;
        self.letters = self.letters.checked_sub(letters).ok_or(NotTaken::NotPlain("has more than 500 letters"))?;
        for child in element.children().filter(Node::is_element) {
            self.spend(child, depth)?;
        }
        if name == "use" {
            let place = element.attribute(("http://www.w3.org/1999/xlink", "href")).or(element.attribute("href"));
            let drawn = place.and_then(|place| self.named.get(place.strip_prefix('#')?));
            for again in drawn.cloned().unwrap_or_default() {
                self.spend(again, depth)?;
            }
        }
        Ok(())
    }
}

/// Checks what it was unfolded to.
pub(super) fn check_shapes(tree: &usvg::Tree) -> Result<(), NotTaken> {
    if !tree.filters().is_empty() || !tree.patterns().is_empty() {
        return Err(NotTaken::NotPlain("uses filters or patterns: only shapes and text are taken"));
    }
    let mut drawn = Drawn { layers: tree.clip_paths().len() + tree.masks().len(), dashes: 0.0 };
    drawn.group(tree.root());
    for mask in tree.masks() {
        drawn.group(mask.root());
    }
    if drawn.layers > LAYERS {
        return Err(NotTaken::NotPlain("has more than 64 masks, clipping paths and half transparent groups"));
    }
    if drawn.dashes <= DASHES { Ok(()) } else { Err(NotTaken::NotPlain("has lines of more than 20000 dashes")) }
}

/// What is drawn.
struct Drawn {
    layers: usize,
    dashes: f32,
}

impl Drawn {
    fn group(&mut self, group: &usvg::Group) {
        self.layers += usize::from(group.should_isolate());
        for node in group.children() {
            match node {
                usvg::Node::Group(inner) => self.group(inner),
                usvg::Node::Path(path) => self.dashes += dashes(path),
                usvg::Node::Text(text) => self.group(text.flattened()),
                usvg::Node::Image(_) => {}
            }
        }
    }
}

/// Dashes of a line, rather too many than too few: a curve is shorter than the lines between its points.
#[allow(clippy::cast_precision_loss, reason = "an estimate")]
fn dashes(path: &usvg::Path) -> f32 {
    let Some(pattern) = path.stroke().and_then(usvg::Stroke::dasharray) else { return 0.0 };
    let points = path.data().points().windows(2);
    let length: f32 = points.map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum();
    let dashes = length / pattern.iter().sum::<f32>() * pattern.len() as f32;
    if dashes.is_nan() { f32::INFINITY } else { dashes }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::re_encode;
    use super::*;

    fn refused(inside: &str) -> String {
        let text = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{inside}</svg>"#);
        re_encode(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn bombs_are_refused_before_they_go_off() {
        let doubled: String =
            (1..40).map(|n| format!("<g id='a{n}'><use href='#a{0}'/><use href='#a{0}'/></g>", n - 1)).collect();
        let long = "<path id='p' d='M0 0".to_owned() + &"L9 9".repeat(50_000) + "'/>";
        for (inside, words) in [
            ("<rect width='1' height='1'/>".repeat(SHAPES + 1), "5000"),
            (format!("<rect id='a0' width='1' height='1'/>{doubled}<use href='#a39'/>"), "5000"),
            ("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g><use href='#a'/>".to_owned(), "64 elements"),
            (format!("{long}{}", "<use href='#p'/>".repeat(100)), "too often"),
            (format!("{}<rect/>{}", "<g>".repeat(100), "</g>".repeat(100)), "64 elements"),
            ("<g>".repeat(9_000) + &"</g>".repeat(9_000), "64 elements"),
            (format!("<text>{}</text>", "x".repeat(LETTERS + 1)), "500 letters"),
            ("<g opacity='.5'><rect width='9' height='9'/><rect width='5' height='5'/></g>".repeat(65), "transparent"),
            ("<path d='M0 0H100' stroke='#000' stroke-dasharray='.001'/>".to_owned(), "dashes"),
        ] {
            let why = refused(&inside);
            assert!(why.contains(words), "{words}: {why}");
        }
    }
}
