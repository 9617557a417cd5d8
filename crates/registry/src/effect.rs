//! What a motion brings about if it is adopted, in the one form that is signed (Protocol 6).

use cohub_record::{
    BodyError, Field, Hash, Id, List, PublicKey, Slug, Text, Value, array_of, positional, words,
};

use crate::{Charter, Matter};

/// Bytes of a resolution or a manifesto.
pub(crate) const TEXT_BYTES: usize = 65_536;

words! {
    /// What happens to a co-owner's standing.
    pub enum Change {
        /// It loses its vote for a time.
        Suspend = "suspend",
        /// It is in good standing again.
        Reinstate = "reinstate",
        /// It is a co-owner no more.
        Expel = "expel",
        /// It did not open in time, and is a co-owner no more.
        Lapse = "lapse",
    }
}

positional! {
    /// A seat of a committee to be: a hub, the key that votes for it and the fresh key of its teller.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Chair {
        /// The hub.
        pub hub: Id,
        /// The key that votes.
        pub voting: PublicKey,
        /// The key that closes and returns; it serves this one committee.
        pub teller: PublicKey,
    }
}

/// What happens if the motion is adopted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// An application reaches a stage; reaching the last one is the admission.
    Advance {
        /// The application.
        application: Id,
        /// The stage.
        stage: Slug,
        /// Until when the next step has to be made, in milliseconds since the Unix epoch; 0 for no end.
        open_by: u64,
    },
    /// The network says something.
    Resolve {
        /// What it says.
        text: Text<TEXT_BYTES>,
    },
    /// A panel has these members from now on.
    Appoint {
        /// The panel.
        panel: Slug,
        /// Keys with the role of panelist.
        members: List<PublicKey, 107>,
        /// Until when, in milliseconds since the Unix epoch; 0 for no end.
        until: u64,
    },
    /// Another charter is in force.
    Amend {
        /// All of it.
        charter: Box<Charter>,
    },
    /// Another manifesto stands.
    Manifesto {
        /// All of it.
        text: Text<TEXT_BYTES>,
    },
    /// A co-owner's standing changes.
    Standing {
        /// The hub.
        hub: Id,
        /// How.
        change: Change,
    },
    /// Another committee is in office.
    Seat {
        /// Its seats, in order.
        seats: List<Chair, 31>,
    },
    /// Another committee is in office by the fallback, and of what was decided before it these versions stand.
    Fallback {
        /// Its seats, in order.
        seats: List<Chair, 31>,
        /// Versions of slots, each once.
        stands: List<Hash, 4096>,
    },
    /// Of two rival rotations of a hub's keys one stands.
    Recover {
        /// The hub.
        hub: Id,
        /// The rotation that stands.
        rotate: Id,
    },
}

impl Effect {
    /// The word that the effect begins with.
    const fn word(&self) -> &'static str {
        match self {
            Self::Advance { .. } => "advance",
            Self::Resolve { .. } => "resolve",
            Self::Appoint { .. } => "appoint",
            Self::Amend { .. } => "amend",
            Self::Manifesto { .. } => "manifesto",
            Self::Standing { .. } => "standing",
            Self::Seat { .. } => "seat",
            Self::Fallback { .. } => "fallback",
            Self::Recover { .. } => "recover",
        }
    }

    /// The kind of motion that has this effect.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Manifesto { .. } => "amend",
            Self::Fallback { .. } => "seat",
            other => other.word(),
        }
    }

    /// What the charter has to say about such a motion; none for a stage, of which it says more.
    #[must_use]
    pub const fn matter(&self) -> Option<Matter> {
        Some(match self {
            Self::Advance { .. } => return None,
            Self::Resolve { .. } => Matter::Resolve,
            Self::Appoint { .. } => Matter::Appoint,
            Self::Amend { .. } => Matter::Amend,
            Self::Manifesto { .. } => Matter::Manifesto,
            Self::Standing { change: Change::Suspend, .. } => Matter::Suspend,
            Self::Standing { change: Change::Reinstate, .. } => Matter::Reinstate,
            Self::Standing { change: Change::Expel, .. } => Matter::Expel,
            Self::Standing { change: Change::Lapse, .. } => Matter::Lapse,
            Self::Seat { .. } | Self::Fallback { .. } => Matter::Seat,
            Self::Recover { .. } => Matter::Recover,
        })
    }
}

impl Field for Effect {
    fn to_value(&self) -> Value {
        let fields = match self {
            Self::Advance { application, stage, open_by } => {
                vec![application.to_value(), stage.to_value(), open_by.to_value()]
            }
            Self::Resolve { text } | Self::Manifesto { text } => vec![text.to_value()],
            Self::Appoint { panel, members, until } => {
                vec![panel.to_value(), members.to_value(), until.to_value()]
            }
            Self::Amend { charter } => vec![charter.to_value()],
            Self::Standing { hub, change } => vec![hub.to_value(), change.to_value()],
            Self::Seat { seats } => vec![seats.to_value()],
            Self::Fallback { seats, stands } => vec![seats.to_value(), stands.to_value()],
            Self::Recover { hub, rotate } => vec![hub.to_value(), rotate.to_value()],
        };
        let word = Value::Text(self.word().to_owned());
        Value::Array(std::iter::once(word).chain(fields).collect())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let Value::Array(items) = value else { return Err(BodyError::new("expected an effect: an array")) };
        let Some(Value::Text(word)) = items.first() else {
            return Err(BodyError::new("expected an effect: it begins with a word"));
        };
        let fields = Fields { value };
        Ok(match word.as_str() {
            "advance" => {
                let [application, stage, open_by] = fields.of(["application", "stage", "open_by"])?;
                Self::Advance {
                    application: application.read()?,
                    stage: stage.read()?,
                    open_by: open_by.read()?,
                }
            }
            "resolve" => Self::Resolve { text: fields.of(["text"])?[0].read()? },
            "appoint" => {
                let [panel, members, until] = fields.of(["panel", "members", "until"])?;
                Self::Appoint { panel: panel.read()?, members: members.read()?, until: until.read()? }
            }
            "amend" => Self::Amend { charter: Box::new(fields.of(["charter"])?[0].read()?) },
            "manifesto" => Self::Manifesto { text: fields.of(["text"])?[0].read()? },
            "standing" => {
                let [hub, change] = fields.of(["hub", "change"])?;
                Self::Standing { hub: hub.read()?, change: change.read()? }
            }
            "seat" => Self::Seat { seats: fields.of(["seats"])?[0].read()? },
            "fallback" => {
                let [seats, stands] = fields.of(["seats", "stands"])?;
                Self::Fallback { seats: seats.read()?, stands: stands.read()? }
            }
            "recover" => {
                let [hub, rotate] = fields.of(["hub", "rotate"])?;
                Self::Recover { hub: hub.read()?, rotate: rotate.read()? }
            }
            other => return Err(BodyError::new(format!("{other:?} is no effect that is known here"))),
        })
    }
}

/// The fields behind the word of an effect.
struct Fields<'a> {
    value: &'a Value,
}

/// One of them, with its name for messages.
struct Named<'a> {
    name: &'static str,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    fn of<const COUNT: usize>(&self, names: [&'static str; COUNT]) -> Result<[Named<'a>; COUNT], BodyError> {
        let fields = array_of(self.value, COUNT + 1)?;
        let mut place = 0;
        Ok(names.map(|name| {
            place += 1;
            Named { name, value: &fields[place] }
        }))
    }
}

impl Named<'_> {
    fn read<T: Field>(&self) -> Result<T, BodyError> {
        T::from_value(self.value).map_err(|error| error.inside(self.name))
    }
}
