//! What somebody is told of, and when: each thing once, again a day before it is due, not in quiet hours, and together
//! where a host wants a digest. No clock and no file: both are handed in.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::commands::agenda::Due;

/// Before a thing is due by less, it is told again.
const REMINDER_MS: u64 = 86_400_000;

/// When a host wants to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// From when to when nothing is told, by the clock on the wall.
    pub(crate) quiet: Option<(Time, Time)>,
    /// So much time lies between two notices.
    pub(crate) digest_ms: u64,
}

/// What was told before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// When the last notice went out.
    last_ms: u64,
    /// How often each thing was told.
    times: BTreeMap<String, u8>,
}

impl Rules {
    /// Reads `22:00-07:00`, or nothing.
    pub(crate) fn read(quiet: &str, digest_ms: u64) -> Result<Self, String> {
        let quiet = quiet.trim();
        if quiet.is_empty() {
            return Ok(Self { quiet: None, digest_ms });
        }
        let wrong = || format!("{quiet:?} are no hours, as in 22:00-07:00");
        let (from, until) = quiet.split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        Ok(Self { quiet: Some((time(from)?, time(until)?)), digest_ms })
    }

    /// When the quiet hours end in which a moment lies, milliseconds since the Unix epoch.
    fn quiet_until(&self, now: &ZonedDateTime) -> Option<u64> {
        let (from, until) = self.quiet?;
        let time = now.time();
        let inside = if from <= until { (from..until).contains(&time) } else { time >= from || time < until };
        if !inside {
            return None;
        }
        let day = if time < until { now.date() } else { now.date().tomorrow().ok()? };
        let end = day.to_datetime(until).to_zoned_datetime(now.time_zone().clone()).ok()?;
        u64::try_from(end.timestamp().as_millisecond()).ok()
    }

    /// What is to be told now, of what is due: nothing that can wait for the end of quiet hours, or for the next digest.
    pub(crate) fn now<'a>(&self, due: &'a [Due], told: &Told, now: &ZonedDateTime) -> Vec<&'a Due> {
        let now_ms = u64::try_from(now.timestamp().as_millisecond()).unwrap_or_default();
        let open: Vec<&Due> = due.iter().filter(|one| told.is_news(one, now_ms)).collect();
        let digest = told.last_ms.saturating_add(self.digest_ms);
        let digest = (told.last_ms > 0 && digest > now_ms).then_some(digest);
        let Some(later) = self.quiet_until(now).max(digest) else { return open };
        let cannot_wait = open.iter().any(|one| one.item.by.is_some_and(|by| by <= later));
        // What goes out for one thing may as well name the others.
        if cannot_wait { open } else { Vec::new() }
    }
}

impl Told {
    fn is_news(&self, due: &Due, now_ms: u64) -> bool {
        let soon = due.item.by.is_some_and(|by| by.saturating_sub(now_ms) <= REMINDER_MS);
        let times = self.times.get(&name(due)).copied().unwrap_or_default();
        times < if soon { 2 } else { 1 }
    }

    /// Notes what was told, and forgets what is no longer due.
    pub(crate) fn note(&mut self, due: &[Due], told: &[&Due], now_ms: u64) {
        let names: Vec<String> = due.iter().map(name).collect();
        self.times.retain(|name, _| names.contains(name));
        for one in told {
            let soon = one.item.by.is_some_and(|by| by.saturating_sub(now_ms) <= REMINDER_MS);
            self.times.insert(name(one), if soon { 2 } else { 1 });
        }
        if !told.is_empty() {
            self.last_ms = now_ms;
        }
    }
}

/// What tells one thing from another.
fn name(due: &Due) -> String {
    format!("{} {} {} {}", due.who, due.item.kind, due.item.id, due.item.command)
}

#[cfg(test)]
mod tests {
    use cohub_node::api::AgendaItem;
    use cohub_record::Id;

    use super::*;

    const DAY: u64 = 86_400_000;

    fn due(number: u8, by: Option<u64>) -> Due {
        let item = AgendaItem {
            kind: "ballot".to_owned(),
            subject: "a question".to_owned(),
            id: Id::from_bytes([number; 32]),
            by,
            command: "cohub vote".to_owned(),
            waits: None,
        };
        Due { who: "founder".to_owned(), item }
    }

    fn at(text: &str) -> (ZonedDateTime, u64) {
        let zoned: ZonedDateTime = text.parse().unwrap();
        let ms = u64::try_from(zoned.timestamp().as_millisecond()).unwrap();
        (zoned, ms)
    }

    #[test]
    fn each_thing_is_told_once_and_again_a_day_before() {
        let (noon, now) = at("2026-11-24T12:00+01:00[+01:00]");
        let (rules, mut told) = (Rules::default(), Told::default());
        let all = [due(1, Some(now + 3 * DAY)), due(2, Some(now + DAY / 2)), due(3, None)];
        let first = rules.now(&all, &told, &noon);
        assert_eq!(first.len(), 3);
        told.note(&all, &first, now);
        assert!(rules.now(&all, &told, &noon).is_empty());
        // A notice within the last day is the first and the last.
        let (later, later_ms) = at("2026-11-26T12:00+01:00[+01:00]");
        let again = rules.now(&all, &told, &later);
        assert_eq!(again, [&all[0]]);
        told.note(&all, &again, later_ms);
        assert!(rules.now(&all, &told, &later).is_empty());
        // What is done is forgotten, so that the like of it is told anew.
        told.note(&[], &[], later_ms);
        assert_eq!(rules.now(&all[2..], &told, &later).len(), 1);
    }

    #[test]
    fn quiet_hours_hold_back_what_can_wait() {
        let rules = Rules::read("22:00-07:00", 0).unwrap();
        let told = Told::default();
        let (night, now) = at("2026-11-24T23:30+01:00[+01:00]");
        let hours = |count: u64| Some(now + count * 3_600_000);
        assert!(rules.now(&[due(1, hours(9)), due(2, None)], &told, &night).is_empty());
        assert_eq!(rules.now(&[due(1, hours(7)), due(2, None)], &told, &night).len(), 2);
        let (morning, _) = at("2026-11-25T06:59+01:00[+01:00]");
        assert!(rules.now(&[due(2, None)], &told, &morning).is_empty());
        let (day, _) = at("2026-11-25T07:00+01:00[+01:00]");
        assert_eq!(rules.now(&[due(2, None)], &told, &day).len(), 1);
        let noon = Rules::read("12:00 - 13:00", 0).unwrap();
        let (lunch, _) = at("2026-11-25T12:30+01:00[+01:00]");
        assert!(noon.now(&[due(2, None)], &told, &lunch).is_empty());
        for wrong in ["22:00", "25:00-07:00", "night", "22-7"] {
            assert!(Rules::read(wrong, 0).unwrap_err().contains("22:00-07:00"), "{wrong}");
        }
    }

    #[test]
    fn a_digest_waits_for_its_time_unless_something_does_not() {
        let rules = Rules::read("", DAY).unwrap();
        let (noon, now) = at("2026-11-24T12:00+01:00[+01:00]");
        let mut told = Told::default();
        let first = [due(1, None)];
        told.note(&first, &rules.now(&first, &told, &noon), now);
        let (evening, evening_ms) = at("2026-11-24T18:00+01:00[+01:00]");
        let more = [due(1, None), due(2, Some(now + 10 * DAY))];
        assert!(rules.now(&more, &told, &evening).is_empty());
        let urgent = [due(1, None), due(2, Some(evening_ms + DAY / 2))];
        assert_eq!(rules.now(&urgent, &told, &evening), [&urgent[1]]);
        let (next, _) = at("2026-11-25T12:00+01:00[+01:00]");
        assert_eq!(rules.now(&more, &told, &next), [&more[1]]);
    }
}
