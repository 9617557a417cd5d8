//! The pages and the API over a network of real nodes, as programs and as a person in a browser meet them.
//!
//! One demo is told for all of it, since founding a network and admitting a hub takes its time.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod access;
mod answers;
mod applying;
mod browser;
mod elsewhere;
mod forms;
mod http;
mod looking;
mod network;
mod reading;
mod schema;
mod tools;
mod voting;
mod world;
mod writing;

use browser::Browser;
use network::Network;

#[test]
fn a_network_is_shown_to_whom_it_lets_in() {
    let mut network = Network::told();
    // Fails where the doctor finds anything wrong with a hub of the demo.
    network.run("vienna", &["doctor"]);
    let vienna = network.open("vienna");
    let amsterdam = network.open("amsterdam");
    access::nothing_answers_without_its_permission(&network, &vienna, &amsterdam);
    world::strangers_see_what_is_the_world_s_and_nothing_else(&network, &vienna);
    elsewhere::pages_off_loopback_take_tls_and_a_login(&mut network, &vienna);
    answers::every_operation_answers_as_its_document_says(&vienna);
    answers::lists_are_whole_page_by_page(&vienna);
    answers::what_is_wrong_is_a_problem_with_a_listed_type(&vienna);
    answers::a_reader_of_events_misses_nothing(&network, &vienna);
    reading::every_page_answers(&vienna);
    voting::a_ballot_is_shown_then_signed_then_counted(&network, &vienna);
    writing::a_record_is_drafted_here_and_signed_elsewhere(&network, &vienna);
    let graz = applying::a_hub_comes_in_by_its_pages(&mut network);
    let dossier = applying::it_applies_and_hands_in(&network, &graz);
    applying::the_others_review_and_open_the_vote(&network, &graz, &vienna, &dossier);
    reading::names_from_peers_stay_text(&mut network, &vienna);
    match browser::found() {
        None => cohub_tests::skip("there is no chromium to look with"),
        Some(program) => {
            let mut browser = Browser::start(&program, &network.directory().join("browser"));
            applying::a_founder_drags_a_document_in(&mut browser, &network, &graz, &dossier);
            looking::every_page_fits_and_can_be_read(&mut browser, &network, &vienna);
            looking::axe_finds_nothing(&mut browser, &vienna);
            looking::what_another_node_writes_appears(&mut browser, &network, &vienna);
            voting::a_person_votes_and_changes_it(&mut browser, &network, &vienna, &amsterdam);
        }
    }
    tools::prometheus_takes_the_metrics(&vienna);
    tools::a_fuzzer_finds_nothing(&network, &vienna);
}
