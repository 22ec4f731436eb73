//! Does the server see who its clients are? A limit by address that everybody shares stops everybody, and an address that
//! anybody can make up stops nobody.

use super::{Outside, Seen};

/// An address that nobody has (RFC 5737): whoever takes it for the client's believes anybody.
pub(super) const INVENTED: &str = "192.0.2.77";

/// Judged by what became of an invented `X-Forwarded-For`.
pub(super) fn judge(seen: &Seen, https: bool) -> Outside {
    let (peer, address) = (seen.peer.clone(), seen.address.clone());
    let hops: Vec<&str> = seen.forwarded_for.split(',').map(str::trim).filter(|hop| !hop.is_empty()).collect();
    let untouched = hops == [INVENTED];
    match (seen.peer_is_trusted, hops.last()) {
        // Encryption ends at a proxy: the server itself has none.
        (false, _) if https || !untouched => Outside::ProxyUndeclared { peer },
        (false, _) => Outside::NoProxy { address },
        (true, None) => Outside::ProxySilent { peer },
        (true, Some(&INVENTED)) => Outside::ProxyGullible { peer },
        (true, Some(_)) => Outside::ProxySound { address },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer_is_trusted: bool, forwarded_for: &str, https: bool) -> &'static str {
        let (address, peer) = ("203.0.113.9".to_owned(), "10.0.0.1".to_owned());
        let forwarded_for = forwarded_for.to_owned();
        judge(&Seen { version: String::new(), address, peer, peer_is_trusted, forwarded_for }, https).word()
    }

    #[test]
    fn each_way_of_passing_the_client_on_is_told_apart() {
        let appended = format!("{INVENTED}, 203.0.113.9");
        assert_eq!(found(true, &appended, true), "proxy.sound");
        assert_eq!(found(true, "203.0.113.9", true), "proxy.sound");
        assert_eq!(found(true, "", true), "proxy.silent");
        assert_eq!(found(true, INVENTED, true), "proxy.gullible");
        assert_eq!(found(false, &appended, false), "proxy.undeclared");
        assert_eq!(found(false, "", false), "proxy.undeclared");
        assert_eq!(found(false, INVENTED, true), "proxy.undeclared");
        assert_eq!(found(false, INVENTED, false), "proxy.none");
    }
}
