//! Countries by continent, for filters and counts. Codes are ISO 3166-1 alpha-2.

/// Continents, each with its countries. A country on two stands where most of its people live.
const CONTINENTS: [(&str, &str); 7] = [
    (
        "Africa",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW \
         MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW IO",
    ),
    ("Antarctica", "AQ BV GS HM TF"),
    (
        "Asia",
        "AE AF AM AZ BD BH BN BT CC CN CX CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV \
         MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    ),
    (
        "Europe",
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD \
         ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    ),
    (
        "North America",
        "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV \
         SX TC TT US VC VG VI",
    ),
    ("Oceania", "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
    ("South America", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"),
];

/// The continents' names.
pub(crate) fn continents() -> impl Iterator<Item = &'static str> {
    CONTINENTS.iter().map(|(name, _)| *name)
}

/// The continent of a country; empty for a code that is none.
pub(crate) fn continent(country: &str) -> &'static str {
    let holds = |codes: &str| country.len() == 2 && codes.split(' ').any(|code| code == country);
    CONTINENTS.iter().find(|(_, codes)| holds(codes)).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_stands_on_one_continent() {
        let all: Vec<&str> = CONTINENTS.iter().flat_map(|(_, codes)| codes.split(' ')).collect();
        let unique: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), unique.len()), (250, 250));
        assert!(all.iter().all(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
        let table = [("AT", "Europe"), ("TR", "Asia"), ("BR", "South America"), ("US", "North America")];
        for (country, expected) in table {
            assert_eq!(continent(country), expected);
        }
        for country in ["", "A", "ZZ", "AT NL"] {
            assert_eq!(continent(country), "");
        }
    }
}
