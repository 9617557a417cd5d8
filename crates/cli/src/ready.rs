//! Tells who started the node that it answers: systemd's readiness protocol, one datagram to a socket that it names.

use std::ffi::OsStr;
#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Says that the node answers, if anybody waits to hear it.
pub(crate) fn tell_manager() {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET").filter(|socket| !socket.is_empty()) else { return };
    if let Err(error) = tell(&socket) {
        // Who waits in vain ends the node after a while, so its log has to say why.
        tracing::warn!("the service manager could not be told that the node answers: {error}");
    }
}

fn tell(socket: &OsStr) -> std::io::Result<()> {
    let address = match socket.as_bytes().strip_prefix(b"@") {
        #[cfg(target_os = "linux")]
        Some(name) => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(b"READY=1\n", &address).map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    fn heard(at: &UnixDatagram) -> Vec<u8> {
        let mut bytes = [0; 64];
        let length = at.recv(&mut bytes).unwrap();
        bytes[..length].to_vec()
    }

    #[test]
    fn a_manager_hears_it_at_a_path_and_at_a_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let at_path = UnixDatagram::bind(&path).unwrap();
        tell(path.as_os_str()).unwrap();
        assert_eq!(heard(&at_path), b"READY=1\n");

        #[cfg(target_os = "linux")]
        {
            let name = format!("cohub-test-{}", std::process::id());
            let at_name = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
            tell(OsStr::new(&format!("@{name}"))).unwrap();
            assert_eq!(heard(&at_name), b"READY=1\n");
        }
        assert!(tell(OsStr::new("/nowhere/at/all")).is_err());
    }
}
