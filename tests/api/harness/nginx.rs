//! A real nginx before several nodes, with the configuration that operators are given.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use vestibule::platform::time::Clock;

use super::people::Person;
use super::{Home, within};

const GIVEN: &str = include_str!("../../../deploy/nginx/vestibule.conf");

/// Ended with the test.
pub struct Nginx {
    child: Child,
    pub url: String,
}

impl Nginx {
    /// Before nodes on these ports.
    pub fn before(home: &Home, ports: [u16; 3]) -> Self {
        let (folder, port) = (home.path().join("nginx"), free_port());
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("vestibule.conf"), given(port, ports)).expect("a file");
        // As root it would give up its rights, and lose the folder with them.
        let main = "user root; daemon off; pid nginx.pid; error_log error.log warn; events {} http { access_log off; \
                    client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e; \
                    include vestibule.conf; }";
        std::fs::write(folder.join("nginx.conf"), main).expect("a file");
        let child = nginx().args(["-c", "nginx.conf", "-e", "error.log", "-p"]).arg(&folder).spawn();
        let nginx = Self { child: child.expect("nginx runs"), url: format!("http://127.0.0.1:{port}") };
        within(Duration::from_secs(5), "nginx listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        nginx
    }

    pub fn anon(&self) -> Person {
        Person::at(&self.url, Clock::System)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Debian has it where only root looks.
fn nginx() -> Command {
    let place = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|place| Path::new(place).exists());
    Command::new(place.expect("nginx: tests/prepare installs it"))
}

/// What operators are given, with these addresses and without TLS.
fn given(port: u16, nodes: [u16; 3]) -> String {
    let mut text: String =
        GIVEN.lines().filter(|line| !line.contains("ssl_certificate")).map(|line| line.to_owned() + "\n").collect();
    let mut put = |given: &str, own: &str| {
        assert!(text.contains(given), "{given}");
        text = text.replace(given, own);
    };
    put("listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"));
    for (n, node) in nodes.iter().enumerate() {
        put(&format!("10.0.0.{}:8000", n + 1), &format!("127.0.0.1:{node}"));
    }
    text
}

/// Nobody listens there now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}
