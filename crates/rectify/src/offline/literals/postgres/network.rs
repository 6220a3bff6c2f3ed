//! PostgreSQL's addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::sized;

/// `inet` and `cidr`: the family, how long the network is, which of the two types it is, the length, and the address.
pub(super) fn address(bytes: &[u8]) -> Option<String> {
    let [_family, network, _is_cidr, _length, address @ ..] = bytes else { return None };
    match address.len() {
        4 => sized::<4>(address).map(|address| format!("{}/{network}", Ipv4Addr::from(address))),
        16 => sized::<16>(address).map(|address| format!("{}/{network}", Ipv6Addr::from(address))),
        _ => None,
    }
}

/// `macaddr` and `macaddr8`.
pub(super) fn mac(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

/// A place in the log: two numbers of 32 bits.
pub(super) fn lsn(bytes: [u8; 8]) -> String {
    let place = u64::from_be_bytes(bytes);
    format!("{:X}/{:X}", place >> 32, place & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::super::literal;

    #[test]
    fn addresses() {
        let check = |oid: u32, bytes: &[u8], expected: &str| assert_eq!(literal(oid, bytes).unwrap(), expected);
        check(869, &[2, 24, 0, 4, 10, 0, 0, 1], "'10.0.0.1/24'::inet");
        check(650, &[2, 8, 1, 4, 10, 0, 0, 0], "'10.0.0.0/8'::cidr");
        let mut wide = vec![3, 128, 0, 16];
        wide.extend(std::net::Ipv6Addr::LOCALHOST.octets());
        check(869, &wide, "'::1/128'::inet");
        check(829, &[8, 0, 0x2b, 1, 2, 3], "'08:00:2b:01:02:03'::macaddr");
        check(3220, &0x16_b374_d848_u64.to_be_bytes(), "'16/B374D848'::pg_lsn");
        assert!(literal(869, &[2, 24, 0]).is_err());
    }
}
