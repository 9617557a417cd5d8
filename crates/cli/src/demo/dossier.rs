//! The applicant's dossier: real files of the kinds that people hand in.

use super::picture;
use super::spreadsheet::{Cell, xlsx};
use super::typeset::pdf;

/// A document of the dossier.
#[derive(Debug)]
pub(super) struct Paper {
    /// The type, as the charter names it.
    pub(super) document_type: &'static str,
    /// The file's name.
    pub(super) file: &'static str,
    /// Its content.
    pub(super) content: Vec<u8>,
}

const IDEA: &str = "\
# A hub in Ankara: what we have in mind

Five of us have worked in the hub in Istanbul for two years, and take the night train home. In Ankara there are
three universities, a ministry for everything, and nowhere to work on something that nobody has asked for yet.

We want a house for about 120 people, open from the first day to those who cannot pay.

## What we have

- a landlord in Ulus who likes the idea, and a building of 1,400 square metres that stands empty
- 64 people who signed that they would be members
- no money yet, and a plan for how to find it

## What we ask

To be allowed to try, and the name of somebody in each panel whom we may telephone.
";

const COMMUNITY: &str = "\
# Community strategy

Members first, rooms second. We begin with one evening a week, in borrowed rooms, for a year before we open.

| quarter | what happens | members |
| --- | --- | --- |
| 1 | evenings in the university library | 40 |
| 2 | a workshop for repairing things | 70 |
| 3 | the first programme for founders, with Istanbul | 95 |
| 4 | the house opens | 120 |

Every fifth membership is paid for by the others. Disputes go to three members drawn by lot.
";

const STUDY: [(&str, &str); 4] = [
    (
        "The place",
        "The building stands in Ulus, four minutes from the metro. It was a printing house until 2009. The frame is \
         concrete and sound; the roof and the windows are not. The city's monument office wants the facade kept and \
         leaves the inside to us.",
    ),
    (
        "Who would come",
        "We spoke with 211 people in five districts. A third work alone at home, a quarter in offices that they would \
         leave, the others study. 64 signed that they would become members in the first year if the house opens. The \
         three coworking places of the city are full on weekdays and empty in the evening.",
    ),
    (
        "What could go wrong",
        "The lira can lose a third of its value in a year, so rents are agreed in lira and loans avoided. An earthquake \
         is likely within the life of the building, so the frame is strengthened before anything else. If the landlord \
         sells, we have the right to buy at the price that was offered.",
    ),
    (
        "What we conclude",
        "It can be done with 80 paying members from the eighth month on. Below 60 we would have to leave the upper \
         floor. We looked for the number at which we would stop, and it is 45.",
    ),
];

const PLAN: [(&str, &str); 2] = [
    (
        "Five years",
        "Year one: open. Year two: pay wages that people can live on. Year three: the workshop in the yard. Year four: \
         help a second hub in the east, if people there ask. Year five: own the building, together with the members.",
    ),
    (
        "What we give to the network",
        "The drawings, the accounts and the mistakes, every quarter, for everybody to read. Two of us will sit on panels. \
         We will sponsor newcomers, and say no where we would not stand up for them.",
    ),
];

/// The papers that the stages of the demo's charter ask for.
pub(super) fn papers() -> Vec<Paper> {
    let paper = |document_type, file, content| Paper { document_type, file, content };
    vec![
        paper("preliminary-report", "what-we-have-in-mind.md", IDEA.as_bytes().to_vec()),
        paper(
            "feasibility-study",
            "feasibility-study.pdf",
            pdf("A hub in Ankara: feasibility study", &STUDY),
        ),
        paper("financial-projection", "financial-projection.xlsx", projection()),
        paper("community-strategy", "community-strategy.md", COMMUNITY.as_bytes().to_vec()),
        paper("space-design", "the-house.png", picture::png()),
        paper("future-plan", "future-plan.pdf", pdf("Five years and beyond", &PLAN)),
    ]
}

/// Three years, month by month, in thousands of lira.
fn projection() -> Vec<u8> {
    let mut rows = vec![vec![
        Cell::Text("month"),
        Cell::Text("members"),
        Cell::Text("income"),
        Cell::Text("costs"),
        Cell::Text("result"),
    ]];
    let months: Vec<(String, String)> =
        (1..=36).map(|month| (format!("month {month}"), format!("C{0}-D{0}", month + 1))).collect();
    for (month, (name, formula)) in (1..).zip(&months) {
        let members = 40 + 80 * month / 36;
        let (income, costs) = (members * 9, 620 + 2 * month);
        rows.push(vec![
            Cell::Text(name),
            Cell::Number(members),
            Cell::Number(income),
            Cell::Number(costs),
            Cell::Formula(formula, income - costs),
        ]);
    }
    xlsx(&rows)
}

#[cfg(test)]
mod tests {
    use cohub_registry::Charter;

    use super::*;
    use crate::demo::story::CHARTER;

    #[test]
    fn the_dossier_is_what_the_demos_charter_asks_for() {
        let charter = Charter::from_toml(CHARTER).unwrap();
        let asked: Vec<&str> =
            charter.stages.iter().flat_map(|s| s.documents.iter()).map(cohub_record::Slug::as_str).collect();
        let papers = papers();
        let handed_in: Vec<&str> = papers.iter().map(|paper| paper.document_type).collect();
        assert_eq!(asked, handed_in);
        let size: usize = papers.iter().map(|paper| paper.content.len()).sum();
        assert!((3_000_000..6_000_000).contains(&size), "{size} bytes");
    }
}
