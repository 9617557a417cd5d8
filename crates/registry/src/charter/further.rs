//! What a charter may say beside what each must: clauses that came later, each under a word. A charter that says
//! nothing of them has the bytes that it had before there were any.

use cohub_record::{BodyError, Field, List, Value, array_of};

use super::Charter;

/// Fields of a charter without its further clauses.
const FIELDS: usize = 8;
/// The word of the clause on conflicts of interest.
const CONFLICTS: &str = "conflicts";
/// The word of the clause on stages whose reviews are blind.
const BLIND: &str = "blind";
/// The order of the clauses.
const WORDS: [&str; 2] = [CONFLICTS, BLIND];

impl Field for Charter {
    fn to_value(&self) -> Value {
        let mut fields = vec![
            self.title.to_value(),
            self.timing.to_value(),
            self.sponsorship.to_value(),
            self.signing_seats.to_value(),
            self.rules.to_value(),
            self.stages.to_value(),
            self.panels.to_value(),
            self.decisions.to_value(),
        ];
        let mut further = Vec::new();
        if !self.conflicts.is_empty() {
            further.push(clause(CONFLICTS, self.conflicts.to_value()));
        }
        if !self.blind.is_empty() {
            further.push(clause(BLIND, self.blind.to_value()));
        }
        if !further.is_empty() {
            fields.push(Value::Array(further));
        }
        Value::Array(fields)
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let further = match value {
            Value::Array(fields) if fields.len() > FIELDS => {
                let [.., further] = array_of(value, FIELDS + 1)? else {
                    return Err(BodyError::new("a field is missing"));
                };
                Some(further)
            }
            _ => None,
        };
        let fields = match value {
            Value::Array(fields) => fields.get(..FIELDS.min(fields.len())).unwrap_or_default(),
            _ => array_of(value, FIELDS)?,
        };
        let [title, timing, sponsorship, signing_seats, rules, stages, panels, decisions] = fields else {
            return Err(BodyError::new(format!("expected {FIELDS} fields, found {}", fields.len())));
        };
        let mut charter = Self {
            title: read("title", title)?,
            timing: read("timing", timing)?,
            sponsorship: read("sponsorship", sponsorship)?,
            signing_seats: read("signing_seats", signing_seats)?,
            rules: read("rules", rules)?,
            stages: read("stages", stages)?,
            panels: read("panels", panels)?,
            decisions: read("decisions", decisions)?,
            conflicts: List::default(),
            blind: List::default(),
        };
        if let Some(further) = further {
            charter.add(further).map_err(|error| error.inside("further"))?;
        }
        Ok(charter)
    }
}

impl Charter {
    /// Reads the further clauses: there is one, each stands once and in the order of this page, and none is empty.
    fn add(&mut self, further: &Value) -> Result<(), BodyError> {
        let Value::Array(clauses) = further else { return Err(BodyError::new("expected an array")) };
        let mut words = WORDS.into_iter();
        for clause in clauses {
            let [word, content] = array_of(clause, 2)? else {
                return Err(BodyError::new("a clause is a word and what it says"));
            };
            let word = words.find(|known| matches!(word, Value::Text(word) if word == known));
            let says_nothing = match word {
                Some(CONFLICTS) => {
                    self.conflicts = read(CONFLICTS, content)?;
                    self.conflicts.is_empty()
                }
                Some(_) => {
                    self.blind = read(BLIND, content)?;
                    self.blind.is_empty()
                }
                None => return Err(BodyError::new("unknown here, or not in its place")),
            };
            if says_nothing {
                return Err(BodyError::new("a clause that says nothing is left out"));
            }
        }
        if clauses.is_empty() { Err(BodyError::new("no clause: it is left out then")) } else { Ok(()) }
    }
}

fn clause(word: &str, content: Value) -> Value {
    Value::Array(vec![Value::Text(word.to_owned()), content])
}

fn read<T: Field>(name: &str, value: &Value) -> Result<T, BodyError> {
    T::from_value(value).map_err(|error| error.inside(name))
}
