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
