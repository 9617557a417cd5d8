//! `cohub config`: every setting, and where its value comes from.

use cohub_node::Settings;
use cohub_node::settings::Explained;
use serde_json::json;

use crate::arguments::Config;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM};
use crate::table::{Cell, Table};

pub(crate) fn run(context: &Context, config: Config) -> Result<Answer, Error> {
    let home = context.home()?;
    match config {
        Config::Show { origin } => {
            let settings = explained(context)?;
            let mut table = if origin {
                Table::new(&["SETTING", "VALUE", "FROM"])
            } else {
                Table::new(&["SETTING", "VALUE"])
            };
            for one in &settings {
                let (key, value) = (Cell::styled(BOLD, &one.key), Cell::from(one.value.to_string()));
                if origin {
                    table.row([key, value, Cell::styled(DIM, &one.origin)]);
                } else {
                    table.row([key, value]);
                }
            }
            let file = home.config_file();
            Answer::new("config.show", &json!({ "settings": settings, "file": file }), table.or(""))
        }
        Config::Get { key } => {
            let one = explained(context)?.into_iter().find(|one| one.key == key);
            let one = one.ok_or_else(|| {
                Error::not_found(format!("there is no setting {key:?}; `cohub config show`"))
            })?;
            let value = one.value.as_str().map_or_else(|| one.value.to_string(), str::to_owned);
            Answer::new("config.get", &one, value)
        }
        Config::Set { key, value } => {
            Settings::set(&home, &key, &value)?;
            let file = home.config_file();
            let text = format!(
                "{key} is set in {}. A running node takes it up when it is started again.",
                file.display()
            );
            Answer::new("config.set", &json!({ "key": key, "value": value, "file": file }), text)
        }
    }
}

fn explained(context: &Context) -> Result<Vec<Explained>, Error> {
    Ok(Settings::explain(&context.home()?, &toml::Table::new())?)
}
