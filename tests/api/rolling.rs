//! Three nodes behind a real proxy are stopped and started one after the other while people come and go.

use std::time::Duration;

use crate::harness::binary::Process;
use crate::harness::database::{Copy, on_postgres};
use crate::harness::load::walk_while;
use crate::harness::nginx::{Nginx, free_port};
use crate::harness::{Home, soaks, within};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_rolling_restart_behind_nginx_loses_no_request() {
    if !on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let ports = [(); 3].map(|()| free_port());
    let serve = |port: u16| {
        let settings = [("PORT", port.to_string()), ("TRUSTED_PROXIES", "127.0.0.1".to_owned())];
        Process::serve(&home, &settings.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let mut nodes = ports.map(serve);
    let nginx = Nginx::before(&home, ports);
    let walks = walk_while(&[&nginx.url], |crowd| {
        for _ in 0..if soaks() { 20 } else { 1 } {
            for (node, port) in nodes.iter_mut().zip(ports) {
                crowd.goes_on(8);
                let anon = node.anon();
                node.signal("TERM");
                within(SECOND, "readiness says no", || anon.get("/health/ready").send().status == 503);
                let still_served = anon.get("/health").send().expect(200);
                assert_eq!(still_served.header("connection"), Some("close"), "the next request goes elsewhere");
                assert_eq!(node.ended(SECOND * 20), Some(0));
                *node = serve(port);
            }
        }
        crowd.goes_on(8);
    });
    let lost = walks.iter().any(|walk| walk.statuses.keys().any(|status| !matches!(status, 200 | 201)));
    assert!(!lost, "{walks:?}");
    // Nobody was signed out by it.
    assert!(walks.iter().all(|walk| nginx.anon().holding(walk.tokens.clone()).is_known()));
}
