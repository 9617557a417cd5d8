//! Plays every page of `tests/stories`.

use std::io;
use std::path::{Path, PathBuf};

use cohub_tests::{Story, World, cohub};

/// The pages, in order of their names.
fn pages() -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let entries = std::fs::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    let mut pages = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    pages.retain(|page| !page.ends_with("README.md"));
    pages.sort();
    Ok(pages)
}

#[test]
fn every_story_happens_as_it_is_told() {
    let binary = cohub().unwrap();
    let pages = pages().unwrap();
    assert!(!pages.is_empty(), "there are no stories");
    for page in pages {
        let story = Story::read(&page).unwrap_or_else(|error| panic!("{error}"));
        let mut world = World::new(Some(&binary)).unwrap();
        story.play(&mut world).unwrap_or_else(|error| panic!("{error}"));
    }
}
