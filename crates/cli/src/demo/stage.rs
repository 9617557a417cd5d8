//! Where the demo plays: its directory, the nodes that are up, and the steps told so far.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use super::cast::{Cast, Player};
use super::crowd::together;
use super::nodes::{Node, Typed};
use super::private_dir;
use crate::context::Context;
use crate::exit::Error;
use crate::prose::{BOLD, DIM, harmless, styled, wrapped};

/// Columns of a paragraph.
const PARAGRAPH: usize = 100;

/// The stage.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    context: &'a Context,
    dir: PathBuf,
    pub(super) cast: Cast,
    nodes: BTreeMap<String, Node>,
    /// Whether each node serves its pages: somebody stays to look at them.
    pages: bool,
    steps: Vec<Step>,
    began: Instant,
}

/// One step of the story.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Step {
    /// What happens.
    pub(super) title: String,
    /// How long it took, in milliseconds.
    pub(super) ms: u64,
}

impl<'a> Stage<'a> {
    pub(super) fn new(context: &'a Context, dir: PathBuf, cast: Cast, pages: bool) -> Self {
        let (nodes, steps) = (BTreeMap::new(), Vec::new());
        Self { context, dir, cast, nodes, pages, steps, began: Instant::now() }
    }

    /// Whether each node serves its pages.
    pub(super) const fn has_pages(&self) -> bool {
        self.pages
    }

    /// The directory of everything.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A path in it, as text for a command.
    pub(super) fn path(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }

    /// Writes a file of the story.
    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<String, Error> {
        let path = self.dir.join(name);
        let parent = path.parent().map_or(Ok(()), private_dir);
        let written = parent.and_then(|()| std::fs::write(&path, content));
        written.map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
        Ok(path.display().to_string())
    }

    /// Begins a step: its title appears.
    pub(super) fn step(&mut self, title: impl Into<String>) {
        self.finish_step();
        let title = title.into();
        let number = self.steps.len() + 1;
        self.context.say(&format!("{} {}", styled(DIM, format!("{number:>2}")), styled(BOLD, &title)));
        self.steps.push(Step { title, ms: 0 });
        self.began = Instant::now();
    }

    /// Tells something within a step.
    pub(super) fn tell(&self, text: &str) {
        self.context.say(&format!("   {text}"));
    }

    /// Shows a command that is about to be run.
    pub(super) fn show(&self, player: &Player, typed: &Typed) {
        self.tell(&styled(DIM, format!("{}$ {}", player.slug(), typed.words())));
    }

    /// Shows a command of somebody who has no node.
    pub(super) fn show_anybody(&self, typed: &Typed) {
        self.tell(&styled(DIM, format!("anybody$ {}", typed.words())));
    }

    /// Tells a paragraph.
    pub(super) fn tell_paragraph(&self, text: &str) {
        for line in wrapped(&harmless(text), PARAGRAPH) {
            self.tell(&line);
        }
    }

    /// All steps, the last one finished.
    pub(super) fn steps(&mut self) -> Vec<Step> {
        self.finish_step();
        self.steps.clone()
    }

    fn finish_step(&mut self) {
        let took = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Some(step) = self.steps.last_mut().filter(|step| step.ms == 0) {
            step.ms = took.max(1);
        }
    }

    /// Starts nodes, several at a time.
    pub(super) async fn start(&mut self, players: &[Player]) -> Result<(), Error> {
        let pages = self.pages;
        let nodes = together(players, |player| Node::start(player, pages)).await?;
        self.nodes.extend(players.iter().map(|player| player.slug().to_owned()).zip(nodes));
        Ok(())
    }

    /// Kills a node as a power cut does.
    pub(super) async fn kill(&mut self, player: &Player) -> Result<(), Error> {
        match self.nodes.remove(player.slug()) {
            Some(node) => node.kill().await,
            None => Ok(()),
        }
    }

    /// Ends every node.
    pub(super) async fn end(self) {
        let ending = self.nodes.into_values().map(Node::end);
        futures::future::join_all(ending).await;
    }
}
