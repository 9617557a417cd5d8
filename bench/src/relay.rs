//! Between two nodes on the loopback: hands on what they say, and counts the bytes of it.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::Failed;
use crate::site::Way;

/// Bytes in both directions; without the headers of IP, TCP and UDP.
pub(crate) type Counter = Arc<AtomicU64>;

/// Takes connections at a port of its own and hands them on to `target`, until the process ends.
pub(crate) fn relay(way: Way, target: u16) -> Result<(u16, Counter), Failed> {
    let counter = Counter::default();
    let target = SocketAddr::from(([127, 0, 0, 1], target));
    let port = match way {
        Way::Tcp => relay_tcp(target, &counter)?,
        Way::Quic => relay_udp(target, &counter)?,
    };
    Ok((port, counter))
}

fn relay_tcp(target: SocketAddr, counter: &Counter) -> Result<u16, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let counter = Arc::clone(counter);
    std::thread::spawn(move || {
        for one in listener.incoming().flatten() {
            let Ok(other) = TcpStream::connect(target) else { continue };
            for stream in [&one, &other] {
                let _ = stream.set_nodelay(true);
            }
            let (Ok(one_again), Ok(other_again)) = (one.try_clone(), other.try_clone()) else { continue };
            spawn_copy(one, other_again, &counter);
            spawn_copy(other, one_again, &counter);
        }
    });
    Ok(port)
}

fn spawn_copy(mut from: TcpStream, mut to: TcpStream, counter: &Counter) {
    let counter = Arc::clone(counter);
    std::thread::spawn(move || {
        let mut buffer = vec![0; 256 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            counter.fetch_add(read as u64, Ordering::Relaxed);
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}

fn relay_udp(target: SocketAddr, counter: &Counter) -> Result<u16, Failed> {
    let near = Arc::new(UdpSocket::bind("127.0.0.1:0")?);
    let port = near.local_addr()?.port();
    let counter = Arc::clone(counter);
    std::thread::spawn(move || {
        let mut far: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let Ok((read, caller)) = near.recv_from(&mut buffer) else { continue };
            let socket = match far.get(&caller) {
                Some(socket) => Arc::clone(socket),
                None => {
                    let Ok(socket) = answering(caller, target, &near, &counter) else { continue };
                    far.insert(caller, Arc::clone(&socket));
                    socket
                }
            };
            counter.fetch_add(read as u64, Ordering::Relaxed);
            let _ = socket.send(&buffer[..read]);
        }
    });
    Ok(port)
}

/// A socket that speaks to the target for one caller, and a thread that brings the answers back.
fn answering(
    caller: SocketAddr,
    target: SocketAddr,
    near: &Arc<UdpSocket>,
    counter: &Counter,
) -> std::io::Result<Arc<UdpSocket>> {
    let far = Arc::new(UdpSocket::bind("127.0.0.1:0")?);
    far.connect(target)?;
    far.set_read_timeout(Some(Duration::from_secs(60)))?;
    let (near, counter, ear) = (Arc::clone(near), Arc::clone(counter), Arc::clone(&far));
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match ear.recv(&mut buffer) {
                Ok(read) => {
                    counter.fetch_add(read as u64, Ordering::Relaxed);
                    let _ = near.send_to(&buffer[..read], caller);
                }
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
                Err(_) => return,
            }
        }
    });
    Ok(far)
}
