//! What the tests of whole processes share: stories, the binary under test, and processes that end with the test.

mod binary;
mod hosts;
mod pattern;
mod ports;
mod process;
mod story;
mod world;

pub use binary::cohub;
pub use hosts::Hosts;
pub use pattern::{Names, Pattern};
pub use ports::free_port;
pub use process::Process;
pub use story::{Story, StoryError};
pub use world::World;

/// Whether a test that lacks something of the machine must fail, where it would be skipped on a desk.
///
/// Prints why it is skipped, or panics in continuous integration, where a skipped test is no test.
///
/// # Panics
/// Where the environment has `CI=true`.
pub fn skip(why: &str) {
    let demanded = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!demanded, "this test must not be skipped in continuous integration, but {why}");
    eprintln!("skipped: {why}");
}
