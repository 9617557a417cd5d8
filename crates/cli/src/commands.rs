//! One file a noun: what its commands ask, and how the answers read.

pub(crate) mod agenda;
mod application;
mod blind;
mod certificate;
mod changes;
mod charter;
mod committee;
mod config;
mod credential;
mod doctor;
mod document;
mod evidence;
mod export;
mod hub;
mod init;
mod interview;
mod key;
mod manual;
mod minutes;
mod motion;
mod network;
mod past;
mod peer;
mod person;
mod record;
mod registry;
mod restore;
mod review;
mod sealed;
mod service;
mod sign;
mod simulate;
mod sprouts;
mod status;
mod store;
mod sync;
mod token;
mod ui;
mod up;
mod vote;

use crate::arguments::Command;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;

pub(crate) use registry::page as registry_page;

/// Runs a command.
pub(crate) async fn run(context: &Context, command: Command) -> Result<Answer, Error> {
    match command {
        Command::Demo(demo) => crate::demo::run(context, demo).await,
        Command::Init(init) => init::run(context, init),
        Command::Up(up) => up::run(context, up).await,
        Command::Status => status::run(context).await,
        Command::Doctor(doctor) => doctor::run(context, &doctor).await,
        Command::Agenda(agenda) => agenda::run(context, &agenda).await,
        Command::Token(token) => token::run(context, token),
        Command::Ui(ui) => ui::run(context, &ui).await,
        Command::Network(network) => network::run(context, network).await,
        Command::Hub(hub) => hub::run(context, hub).await,
        Command::Person(person) => person::run(context, person).await,
        Command::Key(key) => key::run(context, key).await,
        Command::Application(application) => application::run(context, application).await,
        Command::Document(document) => document::run(context, document).await,
        Command::Review(review) => review::run(context, review).await,
        Command::Interview(interview) => interview::run(context, interview).await,
        Command::Sign(sign) => sign::run(context, sign).await,
        Command::Motion(motion) => motion::run(context, motion).await,
        Command::Vote(vote) => vote::run(context, vote).await,
        Command::Committee(committee) => committee::run(context, committee).await,
        Command::Charter(charter) => charter::run(context, charter).await,
        Command::Certificate(certificate) => certificate::run(context, certificate).await,
        Command::Minutes(minutes) => minutes::run(context, minutes).await,
        Command::Registry(registry) => registry::run(context, registry).await,
        Command::Record(record) => record::run(context, record).await,
        Command::Peer(peer) => peer::run(context, peer).await,
        Command::Sync(sync) => sync::run(context, sync).await,
        Command::Evidence(evidence) => evidence::run(context, evidence).await,
        Command::Config(config) => config::run(context, config),
        Command::Service(service) => service::run(context, service).await,
        Command::Store(store) => store::run(context, store),
        Command::Completion(completion) => manual::completion(&completion),
        Command::Man(man) => manual::pages(man),
    }
}
