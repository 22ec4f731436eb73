//! A URL may name several servers of one cluster, as libpq has it: `postgres://user@one:5432,two:5432/name`. Each is asked in
//! turn, and the first that takes writes is the one, so that a standby that was promoted is found without a new setting.

use tokio_postgres::tls::TlsStream;
use tokio_postgres::{Client, Connection, Socket};

use super::role::Role;
use super::{Fault, tls};

/// A connection to the first that will do, and what drives it: nothing moves unless that is polled.
pub(super) async fn connect(
    url: &str,
    role: Role,
) -> Result<(Client, Connection<Socket, impl TlsStream + Unpin + Send + 'static + use<>>), Fault> {
    let mut whys = Vec::new();
    for one in each(url) {
        match tls::connect(&one, role).await {
            Ok(connected) => return Ok(connected),
            Err(fault) => whys.push(fault.why()),
        }
    }
    Err(Fault::Unavailable(whys.join("; ")))
}

/// The same URL for each of its servers, in their order.
pub fn each(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let (authority, place) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    // A password may hold commas.
    let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    hosts.split(',').map(|host| format!("{scheme}://{user}{host}{place}")).collect()
}

/// What is wrong with a PostgreSQL URL, if anything, without connecting.
///
/// # Errors
/// What it is.
pub fn check_url(url: &str) -> Result<(), String> {
    each(url).iter().try_for_each(|one| tls::check(one))
}

#[cfg(test)]
mod tests {
    use super::{check_url, each};

    #[test]
    fn each_server_has_the_user_and_the_database_of_all() {
        assert_eq!(each("postgres://u:p@h/d?x=y"), ["postgres://u:p@h/d?x=y"]);
        assert_eq!(
            each("postgres://u:p,@w@one:1,two,[::1]:3/d?x=y"),
            ["postgres://u:p,@w@one:1/d?x=y", "postgres://u:p,@w@two/d?x=y", "postgres://u:p,@w@[::1]:3/d?x=y"]
        );
        assert_eq!(each("postgresql://one,two"), ["postgresql://one", "postgresql://two"]);
        assert_eq!(each("postgres:///d?host=/run,/tmp"), ["postgres:///d?host=/run,/tmp"]);
    }

    #[test]
    fn each_of_them_has_to_be_sound() {
        assert_eq!(check_url("postgres://u@one:5432,two:5433/d?target_session_attrs=any"), Ok(()));
        assert!(check_url("postgres://u@one:5432,two:port/d").is_err());
        assert!(check_url("postgres://u@one:5432,two:5432/d?sslmode=perhaps").is_err());
    }
}
