//! The golden vectors as a second implementation sees them: `tests/vectors/verify.py`, which shares no code
//! with the product.

use std::path::Path;
use std::process::Command;

#[test]
fn a_second_implementation_agrees_with_every_vector() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/verify.py");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        return cohub_tests::skip("python3 is not installed");
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let checked = text(&output.stdout).lines().filter(|line| line.ends_with(" hold")).count();
    assert_eq!(checked, 9, "one line a file: {}", text(&output.stdout));
}

/// The recommendation's own example, and a credential as the product signs it (its tests compare it byte by byte).
#[test]
fn a_second_implementation_verifies_credentials() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let verify = |path: &Path| Command::new("python3").arg(vectors.join("credential.py")).arg(path).output();
    let own = vectors.join("credentials/membership.json");
    for path in [&own, &vectors.join("credentials/w3c.json")] {
        let Ok(output) = verify(path) else { return cohub_tests::skip("python3 is not installed") };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let text = std::fs::read_to_string(&own).unwrap();
    let directory = tempfile::tempdir().unwrap();
    for (one, other) in [("\"BR\"", "\"BS\""), ("2026-01-31", "2027-01-31"), ("co-owner", "co-ownel")] {
        let changed = directory.path().join("changed.json");
        std::fs::write(&changed, text.replacen(one, other, 1)).unwrap();
        let output = verify(&changed).unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!output.status.success() && said.contains("the signature does not hold"), "{one}: {said}");
    }
}
