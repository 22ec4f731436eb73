//! Closing a listener so that nobody is turned away who was let in. What the kernel has accepted and this process has not is
//! reset when a listener closes, with a request that may be under way already; so first no new connection is begun.

use std::net::TcpListener;

/// From now on nobody begins a new connection: whoever tries hears nothing, tries again after a second, and is refused
/// once the listener is closed, which a proxy takes as the sign to go elsewhere. What has begun is still accepted.
///
/// # Errors
/// Where the system knows no such filter: then whoever comes in the last moment is reset.
#[cfg(target_os = "linux")]
pub fn take_no_more(listener: &TcpListener) -> std::io::Result<()> {
    use libc::{BPF_ABS, BPF_ALU, BPF_AND, BPF_B, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET};
    use socket2::{SockFilter, SockRef};

    // Where the flags of a TCP header are (RFC 9293 section 3.1), and two of them.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    let step = |code: u32, then: u8, otherwise: u8, value: u32| SockFilter::new(code as u16, then, otherwise, value);
    SockRef::from(listener).attach_filter(&[
        step(BPF_LD | BPF_B | BPF_ABS, 0, 0, FLAGS),
        step(BPF_ALU | BPF_AND | BPF_K, 0, 0, SYN | ACK),
        step(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYN),
        step(BPF_RET | BPF_K, 0, 0, 0),
        step(BPF_RET | BPF_K, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
pub fn take_no_more(_: &TcpListener) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use super::take_no_more;

    #[test]
    fn who_is_in_goes_on_and_nobody_new_comes() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut waiting = TcpStream::connect(address).expect("it listens");
        take_no_more(&listener).expect("Linux knows it");
        assert!(TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_err());
        waiting.write_all(b"hello").expect("the line stands");
        let (mut accepted, _) = listener.accept().expect("it waits in the queue");
        let mut heard = [0; 5];
        accepted.read_exact(&mut heard).expect("what was sent");
        assert_eq!(&heard, b"hello");
    }
}
