//! `cohub ui`: the pages of this home's node, served to a browser of this machine.

use std::process::{Command, Stdio};

use cohub_node::Settings;
use cohub_web::{Server, login};
use serde_json::json;

use crate::arguments::Ui;
use crate::context::Context;
use crate::exit::Error;
use crate::output::{self, Answer};
use crate::prose::{CYAN, styled};

/// Programs that open an address on a desktop.
const OPENERS: [&str; 2] = ["xdg-open", "open"];

pub(crate) async fn run(context: &Context, ui: &Ui) -> Result<Answer, Error> {
    let home = context.home()?;
    if ui.new_login {
        let login = login::make(&home)?;
        context.say("It is shown this once. Browsers that an earlier one let in are out.");
        return Answer::new("ui.login", &json!({ "login": login }), login);
    }
    if let Some(address) = cohub_web::running(&home)? {
        open(ui, &address);
        return Answer::new("ui", &json!({ "address": address, "serving": false }), address);
    }
    let settings = Settings::load(&home, &toml::Table::new())?;
    let pages = Server::open(&home, &ui.listen, &settings).await?;
    let address = pages.invitation()?;
    let fields = json!({ "address": address, "serving": true });
    output::line(context, "ui", &fields, &styled(CYAN, &address))?;
    context.say(
        "It opens once, within an hour. Another: `cohub ui --print`. Interrupt (Ctrl-C) to end the pages.",
    );
    open(ui, &address);
    pages.serve().await?;
    Ok(Answer::printed())
}

/// Opens a browser where there is a desktop. Where there is none the printed address is enough.
fn open(ui: &Ui, address: &str) {
    let desktop = std::env::var_os("DISPLAY").or(std::env::var_os("WAYLAND_DISPLAY")).is_some();
    if ui.print || !(desktop || cfg!(target_os = "macos")) {
        return;
    }
    let start = |program: &&str| {
        let mut command = Command::new(program);
        command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().is_ok()
    };
    let _ = OPENERS.iter().find(|program| start(program));
}
