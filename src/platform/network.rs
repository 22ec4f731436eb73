//! Which addresses are one and the same neighbour.

use std::net::{IpAddr, Ipv6Addr};

/// What counts as one address: who has one of version 6 has 2^64 of them (RFC 6177).
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
    }
}
