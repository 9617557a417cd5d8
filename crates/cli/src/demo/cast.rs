//! Who plays: founding hubs of real cities, and the one that wants to join.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::cities::{self, City};
use crate::exit::Error;

/// The founders that every demo has, in the order of their seats.
const FOUNDERS: [&str; 4] = ["vienna", "amsterdam", "sao-paulo", "istanbul"];
/// Who joins.
const APPLICANT: &str = "ankara";
/// Sizes of a committee that bear a lying or absent teller in three, the largest first.
const COMMITTEES: [usize; 4] = [13, 10, 7, 4];

/// One hub of the demo.
#[derive(Debug, Clone)]
pub(super) struct Player {
    /// Its city.
    pub(super) city: City,
    /// Its node's directory.
    pub(super) home: PathBuf,
    /// The file with its keystore's passphrase.
    pub(super) passphrase: PathBuf,
    /// The loopback port that its node listens on.
    pub(super) port: u16,
}

/// All hubs of the demo.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    /// The founders, in the order of the founding record.
    pub(super) founders: Vec<Player>,
    /// The hub that joins.
    pub(super) applicant: Player,
}

impl Cast {
    /// So many hubs with homes below `dir`, on ports from `first_port` or on free ones.
    pub(super) fn new(dir: &Path, hubs: usize, first_port: Option<u16>) -> Result<Self, Error> {
        let cities = cities::all();
        let named = |slug: &str| cities.iter().find(|city| city.slug == slug).cloned();
        let others =
            cities.iter().filter(|city| city.slug != APPLICANT && !FOUNDERS.contains(&city.slug.as_str()));
        let founding = FOUNDERS.iter().filter_map(|slug| named(slug)).chain(others.cloned()).take(hubs - 1);
        let ports = ports(hubs, first_port)?;
        let mut players = founding.chain(named(APPLICANT)).zip(ports).map(|(city, port)| Player {
            home: dir.join(&city.slug),
            passphrase: dir.join("passphrases").join(&city.slug),
            city,
            port,
        });
        let founders: Vec<Player> = players.by_ref().take(hubs - 1).collect();
        let applicant =
            players.next().ok_or_else(|| Error::failed("the list of cities lacks the applicant"))?;
        Ok(Self { founders, applicant })
    }

    /// The founders with a seat in the committee: the largest sensible committee below the number of hubs.
    pub(super) fn seats(&self) -> &[Player] {
        let founders = self.founders.len();
        let size = COMMITTEES.into_iter().find(|size| *size <= founders).unwrap_or(founders);
        self.founders.get(..size).unwrap_or(&self.founders)
    }

    /// Everybody, the applicant last.
    pub(super) fn all(&self) -> impl Iterator<Item = &Player> {
        self.founders.iter().chain([&self.applicant])
    }

    /// A founder by its place.
    pub(super) fn founder(&self, place: usize) -> &Player {
        &self.founders[place % self.founders.len()]
    }
}

impl Player {
    /// What commands call it.
    pub(super) fn slug(&self) -> &str {
        &self.city.slug
    }
}

/// Free ports are looked for here: below those from which systems give ports to whoever dials, any of which would
/// take the port of a node that is down for a moment.
const PORTS: Range<u16> = 20_000..32_000;

/// Ports from the first on, or free ones.
fn ports(count: usize, first: Option<u16>) -> Result<Vec<u16>, Error> {
    if let Some(first) = first {
        let last = u16::try_from(count).ok().and_then(|count| first.checked_add(count));
        let last =
            last.ok_or_else(|| Error::usage(format!("there are not {count} ports from {first} on")))?;
        return Ok((first..last).collect());
    }
    let is_free = |port: &u16| {
        let at = (Ipv4Addr::LOCALHOST, *port);
        TcpListener::bind(at).is_ok() && UdpSocket::bind(at).is_ok()
    };
    // Demos that begin at the same time look at different places first.
    let begin = std::process::id() as usize * 128 % PORTS.len();
    let found: Vec<u16> = PORTS.cycle().skip(begin).take(PORTS.len()).filter(is_free).take(count).collect();
    if found.len() == count {
        return Ok(found);
    }
    Err(Error::failed(format!(
        "the loopback address has not {count} free ports in {PORTS:?}; name the first by --port"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_its_founders_committee_and_applicant() {
        for (hubs, seats) in [(5, 4), (7, 4), (8, 7), (12, 10), (14, 13), (107, 13)] {
            let cast = Cast::new(Path::new("d"), hubs, Some(20_000)).unwrap();
            assert_eq!(cast.all().count(), hubs);
            assert_eq!(cast.seats().len(), seats, "{hubs} hubs");
            assert_eq!(cast.applicant.slug(), "ankara");
            assert_eq!(cast.founder(0).slug(), "vienna");
            let mut slugs: Vec<&str> = cast.all().map(Player::slug).collect();
            slugs.sort_unstable();
            slugs.dedup();
            assert_eq!(slugs.len(), hubs);
        }
    }

    #[test]
    fn free_ports_differ() {
        let mut found = ports(20, None).unwrap();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 20);
        assert!(found.iter().all(|port| PORTS.contains(port)), "{found:?}");
        assert!(ports(10, Some(65_530)).is_err());
    }
}
