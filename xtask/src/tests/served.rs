//! A server says where it listens.

use crate::served::port_in;

#[test]
fn the_port_is_read_once_its_line_is_whole() {
    let log = "INFO ready address=127.0.0.1:41733\n\n  Hanlin 翰林  http://127.0.0.1:41733\n\n";
    assert_eq!(port_in(log), Some(41733));
    for end in 0..log.len() - 2 {
        let begun = String::from_utf8_lossy(&log.as_bytes()[..end]);
        assert_eq!(port_in(&begun), None, "{begun}");
    }
}
