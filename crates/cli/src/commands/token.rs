//! `cohub token`: what programs show to the API and the metrics of this home's pages.

use cohub_web::tokens;
use serde_json::json;

use crate::arguments::Token;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::table::Table;
use crate::when::date;

pub(crate) fn run(context: &Context, token: Token) -> Result<Answer, Error> {
    let home = context.home()?;
    match token {
        Token::Create { label, scope } => {
            let made = tokens::create(&home, &label, scope)?;
            let made = made.ok_or_else(|| {
                let why = format!("there is a token {label:?} already; `cohub token revoke` takes it back");
                Error::new(Exit::Refused, why)
            })?;
            context.say("It is shown this once. Programs send it as `Authorization: Bearer TOKEN`.");
            let fields = json!({ "label": label, "scope": scope, "token": made });
            Answer::new("token.create", &fields, made)
        }
        Token::List => {
            let known = tokens::list(&home)?;
            let mut table = Table::new(&["NAME", "OPENS", "MADE"]);
            for token in &known {
                let label = crate::prose::harmless(&token.label);
                table.row([label.into(), token.scope.as_str().into(), date(token.made_at).into()]);
            }
            let fields = known
                .iter()
                .map(|token| json!({ "label": token.label, "scope": token.scope, "made_at": token.made_at }));
            let fields = json!({ "tokens": fields.collect::<Vec<_>>() });
            Answer::new("token.list", &fields, table.or("There is no token."))
        }
        Token::Revoke { label } => {
            if !tokens::revoke(&home, &label)? {
                return Err(Error::not_found(format!("there is no token {label:?}")));
            }
            Answer::new(
                "token.revoke",
                &json!({ "label": label }),
                format!("{label} opens nothing any more."),
            )
        }
    }
}
