//! Where requests may go. Pure: a name is looked up by the client, and each address that comes of it is asked about here, so
//! that a name which leads into the house from one moment to the next leads nowhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hanlin_api::http::Uri;
use serde::Serialize;

/// Longest address that is kept.
const LONGEST: usize = 500;

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// It cannot be read, or has a name and a password in it.
    BadAddress,
    /// It is not encrypted.
    NotEncrypted,
    /// It leads into the house.
    InsideAddress,
}
hanlin_kernel::refusal!("workflow", Refusal);

/// May an endpoint have this address? `inside`: the configuration lets requests go into the house, where they need not be
/// encrypted.
pub(crate) fn admit(url: &str, inside: bool) -> Result<(), Refusal> {
    let uri: Uri = url.parse().map_err(|_| Refusal::BadAddress)?;
    let host = uri.host().unwrap_or_default();
    let has_name = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if host.is_empty() || has_name || url.len() > LONGEST {
        return Err(Refusal::BadAddress);
    }
    let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let is_own = literal.is_some_and(is_inside) || host == "localhost" || host.ends_with(".localhost");
    if is_own && !inside {
        return Err(Refusal::InsideAddress);
    }
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if inside => Ok(()),
        Some("http") => Err(Refusal::NotEncrypted),
        _ => Err(Refusal::BadAddress),
    }
}

/// May a request go there now? What is not encrypted never leaves the house.
pub(crate) fn may_connect(address: IpAddr, encrypted: bool, inside: bool) -> bool {
    if is_inside(address) { inside } else { encrypted }
}

/// Is it an address of this machine, of a private network, or of none that the world has?
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_inside_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped().or_else(|| embedded(address)) {
            Some(within) => is_inside_v4(within),
            None => is_inside_v6(address),
        },
    }
}

fn is_inside_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by carriers; of protocols; to measure with.
        || a == 100 && (64..128).contains(&b)
        || (a, b, c) == (192, 0, 0)
        || a == 198 && (b == 18 || b == 19)
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        // Private, of this link, of this site, to write about.
        || first & 0xfe00 == 0xfc00
        || first & 0xffc0 == 0xfe80
        || first & 0xffc0 == 0xfec0
        || address.segments()[..2] == [0x2001, 0x0db8]
}

/// The IPv4 address that a translated (`64:ff9b::`), a tunnelled (`2002::`) or a compatible (`::`) one leads to.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) => Some(of(g, h)),
        (0x2002, _) => Some(of(b, c)),
        (0, 0) if [c, d, e, f] == [0; 4] && (g, h) != (0, 1) && (g, h) != (0, 0) => Some(of(g, h)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // proves: FLOW-40
    #[test]
    fn no_request_goes_into_the_house() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "224.0.0.1",
            "255.255.255.255",
        ];
        for text in inside {
            let address = text.parse().unwrap();
            assert!(!may_connect(address, true, false), "{text}");
            assert!(may_connect(address, false, true), "{text}");
        }
        for text in ["203.0.114.7", "8.8.8.8", "2400:3200::1"] {
            let address = text.parse().unwrap();
            assert!(may_connect(address, true, false), "{text}");
            assert!(!may_connect(address, false, true), "{text} in the clear");
        }
    }

    // proves: FLOW-40
    #[test]
    fn an_endpoint_has_an_encrypted_address_of_the_world() {
        assert_eq!(admit("https://pay.example.com/hooks?x=1", false), Ok(()));
        assert_eq!(admit("http://pay.example.com/", false), Err(Refusal::NotEncrypted));
        for url in ["https://localhost/", "https://10.0.0.8/x", "https://[::1]:8443/", "http://127.0.0.1/"] {
            assert_eq!(admit(url, false), Err(Refusal::InsideAddress), "{url}");
            assert_eq!(admit(url, true), Ok(()), "{url}");
        }
        for url in ["", "pay", "ftp://a.example.com/", "https://me:secret@a.example.com/", "file:///etc/passwd"] {
            assert_eq!(admit(url, true), Err(Refusal::BadAddress), "{url}");
        }
    }
}
