//! Ports for nodes that are told beforehand where to listen.

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below those from which the system gives ports to whoever dials: one of them would be taken again by the next call.
const FIRST: u16 = 10_000;
const COUNT: u16 = 20_000;

/// A port of the loopback address that nobody listens on, and that this process names no second time.
///
/// # Errors
/// If all are taken.
pub fn free_port() -> io::Result<u16> {
    static NAMED: AtomicU16 = AtomicU16::new(0);
    // Test programs that run at the same time begin at different places.
    let begin = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap_or_default();
    for _ in 0..COUNT {
        let place = (u32::from(begin) + u32::from(NAMED.fetch_add(1, Ordering::Relaxed))) % u32::from(COUNT);
        let port = FIRST + u16::try_from(place).unwrap_or_default();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() && UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrInUse, "no port of the loopback address is free"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_named_twice_or_where_somebody_listens() {
        let first = free_port().unwrap();
        let _taken = TcpListener::bind(("127.0.0.1", first + 1)).unwrap();
        let more: Vec<u16> = (0..10).map(|_| free_port().unwrap()).collect();
        assert!(!more.contains(&first) && !more.contains(&(first + 1)), "{first}: {more:?}");
        assert!(more.iter().all(|port| (10_000..30_000).contains(port)), "{more:?}");
    }
}
