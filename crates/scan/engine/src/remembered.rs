//! What a slow detector said of a blob, as bytes for the cache.

use bartizan_model::{Blob, Confidence, Detection, Inspection, NotDone, NotDoneKind, Note};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Of compression: the fastest.
const LEVEL: i32 = 1;
/// Bytes of what one detector said of one blob.
const MAX_BYTES: usize = 64 << 20;

/// The first bytes of the matched text name a detection; they are in the blob, so only their number is kept.
#[derive(Serialize, Deserialize)]
struct Hit {
    rule: String,
    span: Range<usize>,
    confidence: f64,
    reason: String,
    context: usize,
    properties: Vec<(String, String)>,
    flow: Vec<(Range<usize>, String)>,
    fix: Vec<(Range<usize>, String)>,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    hits: Vec<Hit>,
    note: Option<(Vec<u8>, Vec<Range<usize>>)>,
    not_done: Vec<(NotDoneKind, String)>,
}

/// `None`: holds something that must not lie on disk, or that cannot be made again from the blob.
pub(crate) fn encode(inspection: &Inspection, blob: &Blob<'_>) -> Option<Vec<u8>> {
    let path = blob.origin.display_path();
    let hit = |detection: &Detection| {
        let text = blob.bytes.get(detection.span.clone())?;
        let whole = detection.secret.is_none() && text.starts_with(&detection.context);
        whole.then(|| Hit {
            rule: detection.rule.clone(),
            span: detection.span.clone(),
            confidence: detection.confidence.get(),
            reason: detection.reason.clone(),
            context: detection.context.len(),
            properties: detection.properties.clone(),
            flow: detection.flow.clone(),
            fix: detection.fix.clone(),
        })
    };
    let not_done = inspection.not_done.iter().map(|entry| {
        let same = entry.path == path;
        same.then(|| (entry.kind, entry.reason.clone()))
    });
    let remembered = Remembered {
        hits: inspection.detections.iter().map(hit).collect::<Option<_>>()?,
        note: inspection.note.as_ref().map(|note| (note.bytes.clone(), note.anchors.clone())),
        not_done: not_done.collect::<Option<_>>()?,
    };
    zstd::bulk::compress(&postcard::to_stdvec(&remembered).ok()?, LEVEL).ok()
}

/// The inverse of [`encode`], for the same blob.
pub(crate) fn decode(bytes: &[u8], blob: &Blob<'_>) -> Option<Inspection> {
    let bytes = zstd::bulk::decompress(bytes, MAX_BYTES).ok()?;
    let Remembered { hits, note, not_done } = postcard::from_bytes(&bytes).ok()?;
    let detection = |hit: Hit| {
        let text = blob.bytes.get(hit.span.clone())?;
        Some(Detection {
            rule: hit.rule,
            context: text.get(..hit.context)?.to_vec(),
            span: hit.span,
            secret: None,
            confidence: Confidence::new(hit.confidence),
            reason: hit.reason,
            properties: hit.properties,
            flow: hit.flow,
            fix: hit.fix,
        })
    };
    let path = blob.origin.display_path();
    Some(Inspection {
        detections: hits.into_iter().map(detection).collect::<Option<_>>()?,
        note: note.map(|(bytes, anchors)| Note { bytes, anchors }),
        not_done: not_done
            .into_iter()
            .map(|(kind, reason)| NotDone { kind, path: path.clone(), reason })
            .collect(),
        fleeting: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Language, Origin, Secret};

    #[test]
    fn an_inspection_survives_and_a_secret_is_not_kept() {
        let origin = Origin::file("a.py");
        let blob = Blob { bytes: b"x = eval(y)", origin: &origin, language: Language::guess("a.py", b"") };
        let detection = Detection {
            rule: "code/python/eval".to_owned(),
            span: 4..11,
            secret: None,
            confidence: Confidence::new(0.7),
            reason: "runs text".to_owned(),
            context: b"eval(y)".to_vec(),
            properties: Vec::new(),
            flow: vec![(0..1, "from here".to_owned())],
            fix: vec![(4..8, "int".to_owned())],
        };
        let not_done =
            NotDone { kind: NotDoneKind::Unparsed, path: "a.py".to_owned(), reason: "half".to_owned() };
        let inspection = Inspection {
            detections: vec![detection.clone()],
            note: Some(Note { bytes: vec![1, 2], anchors: vec![0..1, 2..3] }),
            not_done: vec![not_done],
            fleeting: false,
        };
        let bytes = encode(&inspection, &blob).unwrap();
        assert_eq!(format!("{:?}", decode(&bytes, &blob).unwrap()), format!("{inspection:?}"));
        assert!(decode(&bytes[..bytes.len() - 1], &blob).is_none());
        assert!(decode(&bytes, &Blob { bytes: b"x", ..blob }).is_none());
        let secret = Detection { secret: Some(Secret::new(b"eval(y)".to_vec())), ..detection };
        assert!(encode(&Inspection::from(vec![secret]), &blob).is_none());
    }
}
