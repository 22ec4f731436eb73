//! One signature, one form. An ECDSA signature (r, s) has a twin (r, n - s) that anybody can compute and that verifies too
//! (SEC 1 section 4.1.4 checks no more). We sign with the smaller s and take no other, so that no change of a token, however
//! clever, gives a second one that is accepted.

/// Half the order of P-256 (FIPS 186-4 section D.1.2.3), rounded down.
const HALF: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d,
    0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];
/// The order of P-256.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Whether an ES256 signature, r and s of 32 bytes each (RFC 7518 section 3.4), has the smaller s.
pub(super) fn is_settled(signature: &[u8]) -> bool {
    signature.len() == 64 && signature[32..] <= HALF[..]
}

/// Gives an ES256 signature the smaller s.
pub(super) fn settle(signature: &mut [u8]) {
    if is_settled(signature) || signature.len() != 64 {
        return;
    }
    let mut borrow = 0;
    for (digit, of_order) in signature[32..].iter_mut().zip(ORDER).rev() {
        let difference = i16::from(of_order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256).to_le_bytes()[0];
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    };

    use super::*;

    #[test]
    fn a_settled_signature_still_verifies_and_settling_twice_changes_nothing() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
        let mut turned = 0;
        for n in 0_u8..64 {
            let signed = pair.sign(&SystemRandom::new(), &[n]).unwrap().as_ref().to_vec();
            let mut settled = signed.clone();
            settle(&mut settled);
            assert!(is_settled(&settled) && public.verify(&[n], &settled).is_ok());
            let once = settled.clone();
            settle(&mut settled);
            assert_eq!(settled, once);
            turned += u8::from(settled != signed);
        }
        assert!((1..64).contains(&turned), "half of them have the larger s: {turned}");
    }
}
