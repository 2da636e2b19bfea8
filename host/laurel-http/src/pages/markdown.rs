//! Markdown written by others, as HTML that can do no harm.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// HTML that is safe to put into a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SafeHtml(String);

impl SafeHtml {
    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for SafeHtml {}

/// Text longer than this is cut: a page is no book.
const MAX_CHARS: usize = 20_000;

/// Paragraphs, emphasis, lists, quotes, code, tables and links. Raw HTML is shown as text; pictures are shown as their words; links
/// go to http, https and mailto only; headings start below those of the page.
pub(crate) fn render(text: &str) -> SafeHtml {
    let text: String = text
        .chars()
        .filter(|each| !matches!(each, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .take(MAX_CHARS)
        .collect();
    let events = Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).filter_map(harmless);
    let mut out = String::new();
    html::push_html(&mut out, events);
    SafeHtml(out.replace("<a href=", r#"<a rel="nofollow noopener ugc" href="#).trim_end().to_owned())
}

fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. }) | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let dest_url = if is_harmless(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Some(Event::Start(Tag::Link { link_type, dest_url, title: CowStr::Borrowed(""), id }))
        }
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(heading())),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(heading().to_end())),
        // The alignment of columns would be written as style attributes, which the policy of our pages forbids.
        Event::Start(Tag::Table(_)) => Some(Event::Start(Tag::Table(Vec::new()))),
        other => Some(other),
    }
}

/// Every heading in a text of others is of the fourth level, without attributes.
fn heading() -> Tag<'static> {
    Tag::Heading { level: pulldown_cmark::HeadingLevel::H4, id: None, classes: Vec::new(), attrs: Vec::new() }
}

/// Whether a link of others may be followed from a page of ours.
pub(crate) fn is_harmless(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    known && !url.contains(|each: char| each.is_control() || each.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn ordinary_text() {
        let html =
            render("# Big\n\nPass the *exam* with **80 %**:\n\n- one\n- two\n\n[rules](https://example.org/a?b=c&d)")
                .to_string();
        assert!(html.starts_with("<h4>Big</h4>"), "{html}");
        assert!(html.contains("<em>exam</em>") && html.contains("<li>one</li>"), "{html}");
        assert!(
            html.contains(r#"<a rel="nofollow noopener ugc" href="https://example.org/a?b=c&amp;d">rules</a>"#),
            "{html}"
        );
    }

    #[test]
    fn nothing_runs() {
        let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) \
            [y](<data:text/html,<script>alert(1)</script>>) ![p](https://evil.example/track.png) \
            <a href='javascript:alert(1)'>z</a> `<b>` [q](JaVaScRiPt:alert(1)) <javascript:alert(1)>\n\n<style>*{}</style>";
        let html = render(hostile).to_string();
        for bad in ["<script", "<img", "<style", "href=\"javascript", "href=\"data", "href=\"JaVa", "<a href='"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    #[test]
    fn attributes_cannot_be_left() {
        let html = render("[x](https://e.example/\"onmouseover=\"alert(1) 'a\"b')").to_string();
        assert!(!html.contains("onmouseover=\"alert"), "{html}");
    }
}
