//! JSON pointers (RFC 6901), for naming the place an error is about.

/// One segment, escaped.
pub(crate) fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// `parent` extended by one segment.
pub(crate) fn join(parent: &str, segment: &str) -> String {
    format!("{parent}/{}", escape(segment))
}
