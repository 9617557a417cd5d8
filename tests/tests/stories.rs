//! Plays every page of `tests/stories`, side by side: each in a world of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use cohub_tests::{Story, StoryError, World, cohub};

/// Names a single page to be played, as in `refusals`.
const ONE: &str = "COHUB_STORY";

/// The pages, in order of their names.
fn pages() -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let entries = std::fs::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    let mut pages = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    pages.retain(|page| !page.ends_with("README.md"));
    pages.sort();
    if let Some(one) = std::env::var_os(ONE) {
        pages.retain(|page| page.file_stem() == Some(&one));
    }
    Ok(pages)
}

fn play(page: &Path, binary: &Path) -> Result<(), StoryError> {
    let mut world = World::new(Some(binary)).map_err(|error| StoryError(error.to_string()))?;
    Story::read(page)?.play(&mut world)
}

#[test]
fn every_story_happens_as_it_is_told() {
    let binary = cohub().unwrap();
    let pages = pages().unwrap();
    assert!(!pages.is_empty(), "there are no stories");
    let failed: Vec<String> = thread::scope(|scope| {
        let playing: Vec<_> = pages.iter().map(|page| scope.spawn(|| play(page, &binary))).collect();
        let played = playing.into_iter().map(|story| story.join().expect("a story's thread ends"));
        played.filter_map(Result::err).map(|error| error.to_string()).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
