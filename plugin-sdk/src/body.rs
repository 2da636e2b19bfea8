//! The canonical event body: what every connector writes and every criteria plugin reads.

use crate::json::{Value, Writer};

/// Builds `data` of an event: `object {type, id, name}`, `score {raw, max, scaled}`, `success`, `completion`, `attributes`,
/// `original`.
///
/// ```
/// use laurel_plugin::Body;
/// let mut body = Body::new("course", "https://lms.example/courses/7");
/// body.name(Some("Safety")).completion(true).attribute("term", "2026");
/// assert_eq!(
///     body.finish(),
///     concat!(
///         r#"{"object":{"type":"course","id":"https://lms.example/courses/7","name":"Safety"},"#,
///         r#""completion":true,"attributes":{"term":"2026"}}"#
///     )
/// );
/// ```
#[derive(Debug, Default)]
pub struct Body {
    object: Writer,
    score: Writer,
    success: Option<bool>,
    completion: Option<bool>,
    attributes: Writer,
    original: Option<String>,
}

impl Body {
    /// A body about an object. `id` is a URL below the instance's address wherever there is one, `kind` its type: `course`,
    /// `post`, `deal`.
    pub fn new(kind: &str, id: &str) -> Self {
        let mut object = Writer::new();
        object.text("type", kind).text("id", id);
        Self { object, ..Self::default() }
    }

    /// The object's name, if the sender told it.
    pub fn name(&mut self, name: Option<&str>) -> &mut Self {
        self.object.text_if("name", name);
        self
    }

    /// Any other member of the object.
    pub fn object(&mut self, key: &str, value: &Value<'_>) -> &mut Self {
        self.object.value(key, value);
        self
    }

    /// The score as the sender wrote it: `raw`, of at most `max`. Nothing is clamped and nothing computed: criteria divide
    /// one by the other where they want a scaled score.
    pub fn score(&mut self, raw: &Value<'_>, max: &Value<'_>) -> &mut Self {
        self.score.value("raw", raw).value("max", max);
        self
    }

    /// Whether the attempt was a success.
    pub fn success(&mut self, success: bool) -> &mut Self {
        self.success = Some(success);
        self
    }

    /// Whether the object is completed with this.
    pub fn completion(&mut self, completion: bool) -> &mut Self {
        self.completion = Some(completion);
        self
    }

    /// One attribute. Criteria match and measure attributes.
    pub fn attribute(&mut self, key: &str, value: &str) -> &mut Self {
        self.attributes.text(key, value);
        self
    }

    /// One attribute as the sender wrote it; left out if it is `null`.
    pub fn attribute_value(&mut self, key: &str, value: &Value<'_>) -> &mut Self {
        self.attributes.value(key, value);
        self
    }

    /// What the sender said, for those who have to understand a decision later. Leave out texts that people wrote.
    pub fn original(&mut self, original: &Value<'_>) -> &mut Self {
        self.original = Some(original.to_string());
        self
    }

    /// The JSON text.
    #[must_use]
    pub fn finish(self) -> String {
        let mut body = Writer::new();
        body.raw("object", &self.object.finish());
        if !self.score.is_empty() {
            body.raw("score", &self.score.finish());
        }
        body.bool_if("success", self.success).bool_if("completion", self.completion);
        if !self.attributes.is_empty() {
            body.raw("attributes", &self.attributes.finish());
        }
        if let Some(original) = &self.original {
            body.raw("original", original);
        }
        body.finish()
    }
}
