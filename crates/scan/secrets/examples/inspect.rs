//! Prints what the detector finds in a file: `cargo run --example inspect FILE`.
#![allow(clippy::print_stdout)]
use bartizan_model::{Blob, Detector, Language, Origin};
fn main() {
    let (d, p) = bartizan_secrets::SecretsDetector::new(&Default::default());
    for p in p { println!("{p}"); }
    for path in std::env::args().skip(1) {
        let b = std::fs::read(&path).unwrap();
        let o = Origin::file(&path);
        for f in d.inspect(&Blob{bytes:&b, origin:&o, language: Language::guess(&path,&b)}) {
            println!("{path}: {:?} {} {} {:?} {}", f.span, f.rule, f.confidence.get(), String::from_utf8_lossy(f.secret.as_ref().unwrap().expose()), f.reason);
        }
    }
}
