use super::*;

fn face(kind: BadgeKind, shape: Shape, level: Level) -> EmblemFace {
    EmblemFace {
        kind,
        shape,
        level,
        title: "Certified Support Engineer".into(),
        issuer: "Northwind Academy".into(),
        program: Some("Customer Education".into()),
        family: Some("Support".into()),
        role: Some("Support engineer".into()),
        validity: Some("valid to March 2027".into()),
    }
}

/// Compares with the file beside this one; `UPDATE=1` writes it.
fn snapshot(name: &str, svg: &str) {
    let path = format!("{}/src/pages/emblem/snapshots/{name}.svg", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, svg).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == svg,
        "{name} looks different now; if that is meant, run the test with UPDATE=1 and look at {path}"
    );
}

#[test]
fn six_shapes_four_levels_two_kinds() {
    let shapes = [Shape::Circle, Shape::Hexagon, Shape::Shield, Shape::Star, Shape::Diamond, Shape::Ribbon];
    let levels = [Level::Foundation, Level::Intermediate, Level::Advanced, Level::Expert];
    for (shape, level) in shapes.into_iter().zip(levels.into_iter().cycle()) {
        for (kind, word) in [(BadgeKind::Credential, "credential"), (BadgeKind::Engagement, "engagement")] {
            snapshot(&format!("{word}-{}", outline::word(shape)), &svg(&face(kind, shape, level)));
        }
    }
}

#[test]
fn the_two_kinds_cannot_be_confused() {
    let credential = svg(&face(BadgeKind::Credential, Shape::Circle, Level::Expert));
    let engagement = svg(&face(BadgeKind::Engagement, Shape::Circle, Level::Expert));
    assert!(credential.contains("<ellipse") && !credential.contains("stroke-dasharray"));
    assert!(engagement.contains("stroke-dasharray") && !engagement.contains("<ellipse"));
}

#[test]
fn hostile_words_stay_words() {
    let hostile = r#""><script>alert(1)</script><image href="https://evil.example/"/> & ' ]]> &amp;"#;
    for kind in [BadgeKind::Credential, BadgeKind::Engagement] {
        let face = EmblemFace {
            title: hostile.into(),
            issuer: hostile.into(),
            program: Some(hostile.into()),
            family: Some("\u{0}\u{FFFE}\u{202E}x".into()),
            role: Some("w".repeat(300)),
            validity: Some(hostile.into()),
            ..face(kind, Shape::Ribbon, Level::Advanced)
        };
        let svg = svg(&face);
        for bad in ["<script", "<image", "href=\"", "\u{0}", "\u{202E}"] {
            assert!(!svg.contains(bad), "{bad:?} in {svg}");
        }
        resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
    }
}
