//! What only root can set up: each hub in a network namespace of its own, cables that are cut, a disk that is full.

use std::path::Path;

use cohub_tests::{Hosts, Story, StoryError, World, cohub};

/// Plays a page of `tests/hosts` on hosts of these names.
fn play(page: &str, names: &[&str], binary: Option<&Path>) -> Result<(), StoryError> {
    let failed = |error: std::io::Error| StoryError(error.to_string());
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts").join(page);
    let mut world = World::new(binary).map_err(failed)?.on(Hosts::new(names).map_err(failed)?);
    Story::read(&page)?.play(&mut world)
}

#[test]
fn hosts_reach_each_other_until_one_is_cut_off() {
    if let Some(why) = Hosts::missing() {
        return cohub_tests::skip(&why);
    }
    play("link.md", &["vienna", "amsterdam"], None).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_vote_is_decided_without_a_host_that_is_cut_off_across_the_deadline() {
    if let Some(why) = Hosts::missing() {
        return cohub_tests::skip(&why);
    }
    let (names, binary) = (["vienna", "amsterdam", "sao-paulo", "istanbul", "ankara"], cohub().unwrap());
    play("vote.md", &names, Some(&binary)).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_full_disk_refuses_what_it_cannot_keep() {
    if let Some(why) = Hosts::missing() {
        return cohub_tests::skip(&why);
    }
    let binary = cohub().unwrap();
    play("full-disk.md", &["vienna"], Some(&binary)).unwrap_or_else(|error| panic!("{error}"));
}
