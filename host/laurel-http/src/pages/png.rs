//! SVG to PNG, off the async runtime, remembered by content. The font is embedded: a server has none.

use resvg::{tiny_skia, usvg};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Pictures remembered: about 40 kB each.
const REMEMBERED: usize = 256;

/// The longer side of a picture, in pixels: a drawing that says it is larger is drawn smaller.
const LONGEST: f32 = 1200.0;

/// Pictures drawn at once; the others wait.
const AT_ONCE: usize = 2;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrawError {
    /// Our drawing is not what the renderer takes.
    #[error("the drawing cannot be read: {0}")]
    Svg(#[from] usvg::Error),
    /// No memory for it, or the encoder failed.
    #[error("the picture cannot be written: {0}")]
    Png(String),
    /// The worker thread broke off.
    #[error("drawing broke off")]
    Broken,
}

type Remembered = VecDeque<([u8; 32], Arc<[u8]>)>;

/// Draws pictures.
#[derive(Debug)]
pub(crate) struct Painter {
    remembered: Mutex<Remembered>,
    gate: Semaphore,
}

impl Default for Painter {
    fn default() -> Self {
        Self { remembered: Mutex::default(), gate: Semaphore::new(AT_ONCE) }
    }
}

impl Painter {
    /// The picture of a drawing of 1200 by 630.
    pub(crate) async fn paint(&self, svg: String) -> Result<Arc<[u8]>, DrawError> {
        let digest: [u8; 32] = Sha256::digest(svg.as_bytes()).into();
        if let Some(known) = self.recall(digest) {
            return Ok(known);
        }
        let _turn = self.gate.acquire().await.map_err(|_| DrawError::Broken)?;
        // Somebody may have drawn it while we waited.
        if let Some(known) = self.recall(digest) {
            return Ok(known);
        }
        let drawn = tokio::task::spawn_blocking(move || draw(&svg)).await.map_err(|_| DrawError::Broken)??;
        let picture: Arc<[u8]> = drawn.into();
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.pop_front();
        }
        remembered.push_back((digest, picture.clone()));
        Ok(picture)
    }

    fn recall(&self, digest: [u8; 32]) -> Option<Arc<[u8]>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.iter().find(|(known, _)| *known == digest).map(|(_, picture)| picture.clone())
    }
}

/// Noto Sans for Latin, Greek and Cyrillic, `DejaVu` Sans for what it lacks.
pub(crate) static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    for face in [notosans::REGULAR_TTF, notosans::BOLD_TTF, dejavu::sans::regular()] {
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(face)));
    }
    fonts.set_sans_serif_family("Noto Sans");
    Arc::new(fonts)
});

/// Draws now, on this thread.
fn draw(svg: &str) -> Result<Vec<u8>, DrawError> {
    let options =
        usvg::Options { fontdb: FONTS.clone(), font_family: "Noto Sans".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options)?;
    let scale = (LONGEST / tree.size().width().max(tree.size().height())).min(1.0);
    let size = tree.size().to_int_size().scale_by(scale).ok_or_else(|| DrawError::Png("no size".to_owned()))?;
    let picture = tiny_skia::Pixmap::new(size.width(), size.height());
    let mut picture = picture.ok_or_else(|| DrawError::Png("no memory".to_owned()))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|error| DrawError::Png(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_are_drawn_without_any_font_installed() {
        let painter = Painter::default();
        let svg = |text: &str| {
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 63"><text x="5" y="40" font-size="30" font-family="Segoe UI, sans-serif">{text}</text></svg>"#
            )
        };
        let empty = painter.paint(svg("")).await.unwrap();
        for words in ["Laurel", "Ελλάδα", "Привет", "سلام"] {
            let drawn = painter.paint(svg(words)).await.unwrap();
            assert!(drawn.starts_with(b"\x89PNG") && drawn.len() > empty.len() + 100, "{words}");
        }
        let again = painter.paint(svg("Laurel")).await.unwrap();
        assert!(Arc::ptr_eq(&again, &painter.paint(svg("Laurel")).await.unwrap()));
    }

    #[tokio::test]
    async fn a_drawing_that_is_none_is_an_error() {
        assert!(matches!(Painter::default().paint("<p>".to_owned()).await, Err(DrawError::Svg(_))));
    }
}
