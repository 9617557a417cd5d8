//! Several hosts: each hub in a network namespace of its own, for what only a real network shows.

use std::path::Path;

use cohub_tests::{Hosts, Story, World};

#[test]
fn hosts_reach_each_other_until_one_is_cut_off() {
    if let Some(why) = Hosts::missing() {
        return cohub_tests::skip(&why);
    }
    let hosts = Hosts::new(&["vienna", "amsterdam"]).unwrap();
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts/link.md");
    Story::read(&story).unwrap().play(&mut World::new(None).unwrap().on(hosts)).unwrap();
}
