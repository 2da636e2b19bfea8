//! JSON text, written member by member.

use super::Value;

/// Appends `text` as a JSON string.
pub fn quote(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                out.push_str("\\u00");
                out.push(char::from(HEX[control as usize >> 4]));
                out.push(char::from(HEX[control as usize & 15]));
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

/// Writes one JSON object. What is `None` or `Null` is left out.
///
/// ```
/// use laurel_plugin::json::Writer;
/// let mut object = Writer::new();
/// object.text("name", "Ada").text_if("nick", None).raw("id", "21070000000000123");
/// assert_eq!(object.finish(), r#"{"name":"Ada","id":21070000000000123}"#);
/// ```
#[derive(Debug)]
pub struct Writer {
    out: String,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An object without members.
    pub fn new() -> Self {
        Self { out: String::from("{") }
    }

    fn key(&mut self, key: &str) -> &mut String {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        quote(&mut self.out, key);
        self.out.push(':');
        &mut self.out
    }

    /// A string member.
    pub fn text(&mut self, key: &str, text: &str) -> &mut Self {
        quote(self.key(key), text);
        self
    }

    /// A string member, if there is one.
    pub fn text_if(&mut self, key: &str, text: Option<&str>) -> &mut Self {
        if let Some(text) = text {
            self.text(key, text);
        }
        self
    }

    /// A member whose value is JSON text already.
    pub fn raw(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key).push_str(json);
        self
    }

    /// `true` or `false`, if there is one.
    pub fn bool_if(&mut self, key: &str, value: Option<bool>) -> &mut Self {
        if let Some(value) = value {
            self.raw(key, if value { "true" } else { "false" });
        }
        self
    }

    /// Any value that was read before; numbers exactly as they were written.
    pub fn value(&mut self, key: &str, value: &Value<'_>) -> &mut Self {
        if !value.is_null() {
            write_value(self.key(key), value);
        }
        self
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.out.len() == 1
    }

    /// The object's text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }
}

fn write_value(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number),
        Value::String(text) => quote(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(out, key);
                out.push(':');
                write_value(out, value);
            }
            out.push('}');
        }
    }
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        write_value(&mut out, self);
        f.write_str(&out)
    }
}
