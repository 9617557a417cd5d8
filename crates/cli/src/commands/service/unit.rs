//! The unit file by which systemd runs a home's node, and where it stands.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use cohub_node::Home;

use crate::exit::Error;

/// The first line of every unit that is written here; what does not begin with it is left alone.
const WRITTEN_BY: &str = "# Written by `cohub service install`; `cohub service uninstall` removes it.";
const SYSTEM_UNITS: &str = "/etc/systemd/system";
/// So much longer than a node with a large store needs to come up.
const START_LIMIT: &str = "10min";

/// Whose services are meant: those of the machine, or of one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manager {
    /// Units of the machine, which root installs. The node runs as the owner of its home.
    System,
    /// Units of the user who asks.
    User,
}

/// One home's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) manager: Manager,
    /// With its ending, as systemd names it.
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    home: PathBuf,
}

impl Manager {
    /// Root manages the machine's services, everybody else their own.
    pub(crate) fn of_this_user() -> Result<Self, Error> {
        let own = std::fs::metadata("/proc/self").map_err(|error| {
            Error::failed(format!("/proc/self: {error}; services are managed on Linux with systemd only"))
        })?;
        Ok(if own.uid() == 0 { Self::System } else { Self::User })
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }

    /// What has systemd's commands speak to this manager.
    pub(crate) const fn flag(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::User => Some("--user"),
        }
    }

    fn directory(self) -> Result<PathBuf, Error> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let user =
            || variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")));
        match self {
            Self::System => Ok(SYSTEM_UNITS.into()),
            Self::User => user().map(|config| config.join("systemd/user")).ok_or_else(|| {
                Error::failed("neither XDG_CONFIG_HOME nor HOME is set, so this user has no place for units")
            }),
        }
    }
}

impl Unit {
    /// The unit of a hub's home. The hub's slug names it, so that one machine can run several hubs.
    pub(crate) fn of(manager: Manager, slug: &str, home: &Home) -> Result<Self, Error> {
        let name = format!("cohub-{slug}.service");
        let file = manager.directory()?.join(&name);
        Ok(Self { manager, name, file, home: home.dir().to_owned() })
    }

    /// Whether the file there is this home's; none if there is none.
    ///
    /// # Errors
    /// If it cannot be read, or is not what this command writes for this home.
    pub(crate) fn is_installed(&self) -> Result<bool, Error> {
        let file = self.file.display();
        let found = match std::fs::read_to_string(&self.file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            found => found.map_err(|error| Error::failed(format!("{file} cannot be read: {error}")))?,
        };
        if !found.starts_with(WRITTEN_BY) {
            let why = format!("{file} was not written by `cohub service install`; it is left as it is");
            return Err(Error::failed(why));
        }
        if found.lines().any(|line| line == home_line(&self.home)) {
            Ok(true)
        } else {
            let why = format!("{file} runs another home than {}; it is left as it is", self.home.display());
            Err(Error::failed(why))
        }
    }

    /// What stands in the file. `pages` has the node serve them too.
    pub(crate) fn text(&self, program: &Path, pages: bool) -> Result<String, Error> {
        let home = self.home.display();
        let owner = std::fs::metadata(&self.home)
            .map_err(|error| Error::failed(format!("{home} cannot be read: {error}")))?
            .uid();
        let (user, wanted_by) = match self.manager {
            // A node needs nothing of the machine but its home and the network.
            Manager::System => (
                format!(
                    "User={owner}\nNoNewPrivileges=true\nProtectSystem=strict\nReadWritePaths={}\n\
                     PrivateTmp=true\nPrivateDevices=true\nProtectKernelTunables=true\n\
                     RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK\n",
                    quoted(&home.to_string()),
                ),
                "multi-user.target",
            ),
            Manager::User => (String::new(), "default.target"),
        };
        let program = quoted(&program.display().to_string()).replace('$', "$$");
        Ok(format!(
            "{WRITTEN_BY}\n\
             [Unit]\nDescription=cohub node in {}\nWants=network-online.target\nAfter=network-online.target\n\n\
             [Service]\nType=notify\nNotifyAccess=main\n{}\nExecStart={program} up{}\n\
             Restart=on-failure\nRestartSec=5\nTimeoutStartSec={START_LIMIT}\n{user}\n\
             [Install]\nWantedBy={wanted_by}\n",
            doubled(&home.to_string()),
            home_line(&self.home),
            if pages { " --ui" } else { "" },
        ))
    }
}

fn home_line(home: &Path) -> String {
    format!("Environment={}", quoted(&format!("COHUB_HOME={}", home.display())))
}

/// A word as systemd reads it: in quotes, with nothing in it that it would replace.
fn quoted(text: &str) -> String {
    format!("\"{}\"", doubled(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Text in which systemd replaces nothing.
fn doubled(text: &str) -> String {
    text.replace('%', "%%")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    fn unit(manager: Manager, dir: &Path) -> Unit {
        let home = Home::at(&dir.join("the \"hub\" of 100% $us")).unwrap();
        Unit { file: dir.join("x.service"), ..Unit::of(manager, "vienna", &home).unwrap() }
    }

    #[test]
    fn a_unit_quotes_what_a_path_may_hold() {
        let dir = tempfile::tempdir().unwrap();
        let unit = unit(Manager::System, dir.path());
        let text = unit.text(Path::new("/opt/my $apps/cohub"), true).unwrap();
        assert!(text.contains("\nExecStart=\"/opt/my $$apps/cohub\" up --ui\n"), "{text}");
        assert!(text.contains("/the \\\"hub\\\" of 100%% $us\"\n"), "{text}");
        assert!(text.contains("\nUser=") && text.contains("WantedBy=multi-user.target"), "{text}");
        assert!(text.is_ascii());
    }

    #[test]
    fn a_user_s_unit_names_no_user_and_nothing_that_only_root_may_ask_for() {
        let dir = tempfile::tempdir().unwrap();
        let text = unit(Manager::User, dir.path()).text(Path::new("/usr/bin/cohub"), false).unwrap();
        assert!(!text.contains("User=") && text.contains("WantedBy=default.target"), "{text}");
        assert!(text.contains("\nExecStart=\"/usr/bin/cohub\" up\n"), "{text}");
    }

    #[test]
    fn a_file_of_somebody_else_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let unit = unit(Manager::User, dir.path());
        assert_eq!(unit.is_installed(), Ok(false));
        std::fs::write(&unit.file, unit.text(Path::new("/usr/bin/cohub"), false).unwrap()).unwrap();
        assert_eq!(unit.is_installed(), Ok(true));
        let other = Unit { home: dir.path().join("other"), ..unit.clone() };
        assert!(other.is_installed().unwrap_err().message.contains("another home"));
        std::fs::write(&unit.file, "[Service]\nExecStart=/bin/true\n").unwrap();
        assert!(unit.is_installed().unwrap_err().message.contains("left as it is"));
    }
}
