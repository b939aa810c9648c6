//! Writes one JSON object into a buffer that is used again.

/// An object that grows field by field.
#[derive(Debug, Default)]
pub(crate) struct JsonWriter {
    buffer: Vec<u8>,
}

impl JsonWriter {
    /// Begins a new object; what was written before is gone.
    pub(crate) fn begin(&mut self) {
        self.buffer.clear();
        self.buffer.push(b'{');
    }

    /// Ends the object and gives its bytes.
    pub(crate) fn end(&mut self) -> &[u8] {
        self.buffer.push(b'}');
        &self.buffer
    }

    fn key(&mut self, name: &[u8]) {
        if self.buffer.len() > 1 {
            self.buffer.push(b',');
        }
        self.string(name);
        self.buffer.push(b':');
    }

    /// A field with text. What is no UTF-8 becomes the replacement character.
    pub(crate) fn text(&mut self, name: &str, value: &[u8]) {
        self.field(name.as_bytes(), value);
    }

    /// A field whose name comes from the input.
    pub(crate) fn field(&mut self, name: &[u8], value: &[u8]) {
        self.key(name);
        self.string(value);
    }

    /// A field with a whole number.
    pub(crate) fn number(&mut self, name: &str, value: i64) {
        self.key(name.as_bytes());
        self.buffer.extend_from_slice(value.to_string().as_bytes());
    }

    /// A field with a list of texts.
    pub(crate) fn list(&mut self, name: &str, values: &[&[u8]]) {
        self.key(name.as_bytes());
        self.buffer.push(b'[');
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.buffer.push(b',');
            }
            self.string(value);
        }
        self.buffer.push(b']');
    }

    fn string(&mut self, text: &[u8]) {
        self.buffer.push(b'"');
        match std::str::from_utf8(text) {
            Ok(text) => self.escaped(text.as_bytes()),
            Err(_) => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.escaped(text.as_bytes());
            }
        }
        self.buffer.push(b'"');
    }

    fn escaped(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(at) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
            let (before, behind) = rest.split_at(at);
            self.buffer.extend_from_slice(before);
            match behind.first() {
                Some(b'"') => self.buffer.extend_from_slice(b"\\\""),
                Some(b'\\') => self.buffer.extend_from_slice(b"\\\\"),
                Some(b'\n') => self.buffer.extend_from_slice(b"\\n"),
                Some(b'\r') => self.buffer.extend_from_slice(b"\\r"),
                Some(b'\t') => self.buffer.extend_from_slice(b"\\t"),
                Some(byte) => self.buffer.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                None => {}
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        self.buffer.extend_from_slice(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::JsonWriter;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in prop::collection::hash_map(".{0,8}", prop::collection::vec(any::<u8>(), 0..20), 0..6)) {
            let mut writer = JsonWriter::default();
            writer.begin();
            for (name, value) in &fields {
                writer.field(name.as_bytes(), value);
            }
            let read: serde_json::Value = serde_json::from_slice(writer.end()).unwrap();
            for (name, value) in &fields {
                prop_assert_eq!(read[name].as_str().unwrap(), String::from_utf8_lossy(value));
            }
        }
    }
}
