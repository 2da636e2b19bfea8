//! The seal of a credential: two laurel branches around a tick. Engagement badges have none.

use std::fmt::Write;

/// The seal around (0, 0), 52 units wide.
pub(crate) fn seal(colour: &str) -> String {
    let mut leaves = String::new();
    for side in [-1.0_f32, 1.0] {
        for step in 0_u8..6 {
            // From the foot of the branch (just off straight down) upwards along the circle.
            let angle = 82.0 - 27.0 * f32::from(step);
            let (sin, cos) = angle.to_radians().sin_cos();
            let (x, y) = (side * 20.0 * cos, 20.0 * sin);
            let turn = if side > 0.0 { angle - 60.0 } else { 240.0 - angle };
            let _ = write!(
                leaves,
                r#"<ellipse cx="{x:.1}" cy="{y:.1}" rx="6.6" ry="2.9" transform="rotate({turn:.0} {x:.1} {y:.1})"/>"#
            );
        }
    }
    format!(
        r#"<g fill="{colour}">{leaves}</g><path d="M-7.5 0.5L-2 6L8.5-6" fill="none" stroke="{colour}" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>"#
    )
}
