//! Who waits for whose verdict: lists through one pool, so that waiting costs no allocation of its own.

use crate::graph::Index;

/// No link: the end of a list.
const END: u32 = u32::MAX;

/// Links whose memory is kept while nobody waits.
const KEPT_LINKS: usize = 256;

/// Lists of waiting records, one for each record that is waited for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Awaiting {
    /// The latest link of each record's list, by index.
    latest: Vec<u32>,
    /// How many verdicts each record waits for, by index.
    missing: Vec<u32>,
    links: Vec<Link>,
    /// Links that were let go, as a list.
    free: u32,
    in_use: usize,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    waiter: Index,
    before: u32,
}

impl Awaiting {
    /// Notes that `waiter` waits for the verdict of `on`, each pair once.
    pub(crate) fn add(&mut self, waiter: Index, on: Index) {
        let before = std::mem::replace(slot(&mut self.latest, on, END), END);
        let link = Link { waiter, before };
        let place = if self.in_use == self.links.len() {
            self.links.push(link);
            // As many as there are indexes at the most for each of a record's 4,096 cites: memory ends before.
            u32::try_from(self.links.len() - 1).unwrap_or(END)
        } else {
            let place = self.free;
            let reused = &mut self.links[place as usize];
            self.free = reused.before;
            *reused = link;
            place
        };
        self.in_use += 1;
        *slot(&mut self.latest, on, END) = place;
        *slot(&mut self.missing, waiter, 0) += 1;
    }

    /// Whether a record waits for nothing.
    pub(crate) fn is_ready(&self, waiter: Index) -> bool {
        self.missing.get(waiter.place()).is_none_or(|missing| *missing == 0)
    }

    /// A record got its verdict: answers who waited for nothing else, in the order in which they came.
    pub(crate) fn release(&mut self, on: Index) -> Vec<Index> {
        let mut ready = Vec::new();
        let Some(latest) = self.latest.get_mut(on.place()) else { return ready };
        let mut place = std::mem::replace(latest, END);
        while place != END {
            let Link { waiter, before } = self.links[place as usize];
            self.links[place as usize].before = self.free;
            self.free = place;
            self.in_use -= 1;
            let missing = slot(&mut self.missing, waiter, 0);
            *missing = missing.saturating_sub(1);
            if *missing == 0 {
                ready.push(waiter);
            }
            place = before;
        }
        if self.in_use == 0 {
            // Nobody waits: what a long catching up needed is given back.
            self.links.clear();
            self.links.shrink_to(KEPT_LINKS);
        }
        ready.reverse();
        ready
    }

    /// Who waits for the verdict of a record, the latest first.
    pub(crate) fn on(&self, on: Index) -> impl Iterator<Item = Index> + '_ {
        let mut place = self.latest.get(on.place()).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let link = self.links.get(place as usize)?;
            place = link.before;
            Some(link.waiter)
        })
    }
}

/// The number of an index, which is `absent` until something is noted.
fn slot(numbers: &mut Vec<u32>, index: Index, absent: u32) -> &mut u32 {
    if numbers.len() <= index.place() {
        numbers.resize(index.place() + 1, absent);
    }
    &mut numbers[index.place()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_ready_once_by_the_last_verdict_and_links_are_used_again() {
        let [one, two, three, four] = [1, 2, 3, 4].map(Index::at);
        let mut awaiting = Awaiting::default();
        for _ in 0..3 {
            for (waiter, on) in [(three, one), (three, two), (four, one)] {
                awaiting.add(waiter, on);
            }
            assert_eq!(awaiting.on(one).collect::<Vec<_>>(), [four, three]);
            assert!(awaiting.is_ready(one) && !awaiting.is_ready(three));
            assert_eq!(awaiting.release(one), [four]);
            awaiting.add(four, two);
            assert_eq!((awaiting.links.len(), awaiting.in_use), (3, 2));
            assert_eq!(awaiting.release(two), [three, four], "in the order in which they came");
            assert_eq!(awaiting.release(two), [], "nobody waits twice");
            assert_eq!((awaiting.links.len(), awaiting.in_use), (0, 0));
        }
    }
}
