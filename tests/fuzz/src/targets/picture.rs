//! Pictures that are brought: what comes out holds pixels or shapes, and pixels are taken again.

use laurel_http::untrusted;

use crate::Target;
use crate::seeds;

pub(super) const TARGET: Target = Target {
    name: "picture",
    reads: "an uploaded picture: SVG, PNG, JPEG, GIF, WebP",
    run,
    seeds,
    words: &[
        "<svg",
        "</svg>",
        "<g>",
        "</g>",
        "<use href=\"#a\"/>",
        "id=\"a\"",
        "<path d=\"M0 0",
        "<text>x</text>",
        "<rect width=\"9\" height=\"9\"/>",
        "<style>",
        "<script>",
        "<image href=\"",
        "<clipPath",
        "<mask",
        "<pattern",
        "<marker",
        "<linearGradient",
        "<switch>",
        "<symbol",
        "<foreignObject>",
        "<filter",
        "url(#a)",
        "opacity=\".5\"",
        "transform=\"scale(1e9)\"",
        "stroke-dasharray=\".1\"",
        "viewBox=\"0 0 1e9 1e-9\"",
        "1e38",
        "-1e38",
        "NaN",
        "IHDR",
        "IDAT",
        "PLTE",
        "tRNS",
        "acTL",
        "GIF89a",
        "RIFF",
        "WEBPVP8X",
    ],
    tries: 400,
};

fn run(bytes: &[u8]) {
    let Some(taken) = untrusted::picture(bytes) else { return };
    if taken.starts_with(b"\x89PNG") {
        assert!(untrusted::picture(&taken).is_some(), "our own picture is taken");
        return;
    }
    let text = String::from_utf8_lossy(&taken);
    for bad in ["<script", "<style", "<image", "<foreignObject", "<a ", "<set", "<animate", "href=\"http"] {
        assert!(!text.contains(bad), "{bad} in {text}");
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = seeds::images();
    let inside = [
        r##"<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="#00f"/></linearGradient><rect width="9" height="9" fill="url(#g)"/>"##,
        r##"<clipPath id="c"><circle cx="5" cy="5" r="4"/></clipPath><g clip-path="url(#c)" opacity=".5"><path d="M0 0L9 9C1 2 3 4 5 6Z" stroke-dasharray="2 1"/></g>"##,
        r##"<style>.a { fill: red }</style><g id="a" class="a"><text x="1" y="5" font-size="3">Laurel</text></g><use href="#a" transform="rotate(20)"/>"##,
        r##"<mask id="m"><rect width="4" height="4" fill="#fff"/></mask><symbol id="s" viewBox="0 0 9 9"><ellipse rx="3" ry="2"/></symbol><use href="#s" mask="url(#m)"/>"##,
    ];
    let drawing =
        |inside| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>"#).into_bytes();
    seeds.extend(inside.map(drawing));
    for kind in [image::ImageFormat::Jpeg, image::ImageFormat::Gif, image::ImageFormat::WebP] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        if image::DynamicImage::new_rgb8(3, 2).write_to(&mut bytes, kind).is_ok() {
            seeds.push(bytes.into_inner());
        }
    }
    seeds
}
