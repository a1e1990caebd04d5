//! Decimal arithmetic of the language, defined here and not by a library, so that the browser computes the same digits:
//! a result is exact where it has at most 28 digits; else it is rounded to 28, halves away from zero (四舍五入).
//! A result of 10^28 or more has no value (null).

use rust_decimal::{Decimal, RoundingStrategy};

/// Digits in all, and digits after the point.
const DIGITS: u32 = 28;
/// The first number that is too large.
const LIMIT: u128 = 10u128.pow(DIGITS);

/// The number as the language holds it: at most 28 digits, no zeros at the end. `None`: too large.
pub(crate) fn clean(number: Decimal) -> Option<Decimal> {
    finish(number.is_sign_negative(), Wide::of(magnitude(number)), number.scale() as i32)
}

/// A decimal as forms write it, `-1280.50`: at most 28 digits.
pub(crate) fn read(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(places.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (whole, places) = (whole.trim_start_matches('0'), places.trim_end_matches('0'));
    if whole.len() + places.len() > 28 {
        return None;
    }
    let mantissa: i128 = format!("0{whole}{places}").parse().ok()?;
    let signed = if text.starts_with('-') { -mantissa } else { mantissa };
    Some(Decimal::from_i128_with_scale(signed, places.len() as u32).normalize())
}

pub(super) fn add(left: Decimal, right: Decimal) -> Option<Decimal> {
    let scale = left.scale().max(right.scale());
    let a = Wide::of(magnitude(left)).times_ten_to(scale - left.scale());
    let b = Wide::of(magnitude(right)).times_ten_to(scale - right.scale());
    let (negative, sum) = if left.is_sign_negative() == right.is_sign_negative() {
        (left.is_sign_negative(), a.plus(&b))
    } else if a.at_least(&b) {
        (left.is_sign_negative(), a.minus(&b))
    } else {
        (right.is_sign_negative(), b.minus(&a))
    };
    finish(negative, sum, scale as i32)
}

pub(super) fn subtract(left: Decimal, right: Decimal) -> Option<Decimal> {
    add(left, -right)
}

pub(super) fn multiply(left: Decimal, right: Decimal) -> Option<Decimal> {
    let negative = left.is_sign_negative() != right.is_sign_negative();
    finish(negative, Wide::product(magnitude(left), magnitude(right)), (left.scale() + right.scale()) as i32)
}

/// `None` also where the divisor is zero.
pub(super) fn divide(left: Decimal, right: Decimal) -> Option<Decimal> {
    let divisor = magnitude(right);
    if divisor == 0 {
        return None;
    }
    let mut quotient = magnitude(left) / divisor;
    let mut rest = magnitude(left) % divisor;
    let mut scale = left.scale() as i32 - right.scale() as i32;
    // Long division, to one digit more than is kept.
    while rest != 0 && quotient < LIMIT && scale <= DIGITS as i32 {
        rest *= 10;
        quotient = quotient * 10 + rest / divisor;
        rest %= divisor;
        scale += 1;
    }
    finish(left.is_sign_negative() != right.is_sign_negative(), Wide::of(quotient), scale)
}

/// What is left of `left` after taking out `right` a whole number of times; it has the sign of `left`.
/// `None` where `right` is zero.
pub(super) fn remainder(left: Decimal, right: Decimal) -> Option<Decimal> {
    let (dividend, divisor) = (magnitude(left), magnitude(right));
    if divisor == 0 {
        return None;
    }
    let scale = left.scale().max(right.scale());
    let rest = if left.scale() >= right.scale() {
        match 10u128.checked_pow(scale - right.scale()).and_then(|power| divisor.checked_mul(power)) {
            Some(aligned) => dividend % aligned,
            None => dividend,
        }
    } else {
        (left.scale()..scale).fold(dividend % divisor, |rest, _| rest * 10 % divisor)
    };
    finish(left.is_sign_negative(), Wide::of(rest), scale as i32)
}

/// `None` where `places` is not a whole number from 0 to 28.
pub(super) fn round(number: Decimal, places: Decimal) -> Option<Decimal> {
    if !places.fract().is_zero() {
        return None;
    }
    round_to(number, u32::try_from(places).ok()?)
}

/// Halves go away from zero. `None`: more than 28 places.
pub(crate) fn round_to(number: Decimal, places: u32) -> Option<Decimal> {
    let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    if places <= DIGITS { clean(rounded) } else { None }
}

fn magnitude(number: Decimal) -> u128 {
    number.mantissa().unsigned_abs()
}

/// Rounds `value / 10^scale` to what the language holds.
fn finish(negative: bool, mut value: Wide, mut scale: i32) -> Option<Decimal> {
    while scale < 0 {
        if value.at_least(&Wide::of(LIMIT)) {
            return None;
        }
        value = value.times(10);
        scale += 1;
    }
    let mut dropped = 0;
    while value.at_least(&Wide::of(LIMIT)) || scale > DIGITS as i32 {
        if scale == 0 {
            return None;
        }
        dropped = value.divide_by_ten();
        scale -= 1;
    }
    if dropped >= 5 {
        value = value.plus(&Wide::of(1));
    }
    let mut kept = value.low();
    if kept == LIMIT {
        if scale == 0 {
            return None;
        }
        kept /= 10;
        scale -= 1;
    }
    let signed = if negative { -(kept as i128) } else { kept as i128 };
    Some(Decimal::from_i128_with_scale(signed, scale as u32).normalize())
}

/// A whole number below 2^256: room for the product of two decimals. Least significant part first.
#[derive(Clone, Copy)]
struct Wide([u64; 4]);

impl Wide {
    fn of(value: u128) -> Self {
        Self([value as u64, (value >> 64) as u64, 0, 0])
    }

    fn low(&self) -> u128 {
        u128::from(self.0[0]) | (u128::from(self.0[1]) << 64)
    }

    fn product(left: u128, right: u128) -> Self {
        let (a, b) = (Self::of(left).0, Self::of(right).0);
        let mut result = [0u64; 4];
        for i in 0..2 {
            let mut carry = 0u128;
            for j in 0..2 {
                let part = u128::from(a[i]) * u128::from(b[j]) + u128::from(result[i + j]) + carry;
                result[i + j] = part as u64;
                carry = part >> 64;
            }
            result[i + 2] = carry as u64;
        }
        Self(result)
    }

    fn times(self, by: u64) -> Self {
        let mut carry = 0u128;
        Self(self.0.map(|part| {
            let product = u128::from(part) * u128::from(by) + carry;
            carry = product >> 64;
            product as u64
        }))
    }

    fn times_ten_to(self, power: u32) -> Self {
        (0..power).fold(self, |value, _| value.times(10))
    }

    fn plus(&self, other: &Self) -> Self {
        let mut carry = 0u128;
        let mut result = [0u64; 4];
        for (index, part) in result.iter_mut().enumerate() {
            let sum = u128::from(self.0[index]) + u128::from(other.0[index]) + carry;
            *part = sum as u64;
            carry = sum >> 64;
        }
        Self(result)
    }

    /// `self` is at least `other`.
    fn minus(&self, other: &Self) -> Self {
        let mut borrow = false;
        let mut result = [0u64; 4];
        for (index, part) in result.iter_mut().enumerate() {
            let (first, under) = self.0[index].overflowing_sub(other.0[index]);
            let (second, under_again) = first.overflowing_sub(u64::from(borrow));
            *part = second;
            borrow = under || under_again;
        }
        Self(result)
    }

    fn at_least(&self, other: &Self) -> bool {
        self.0.iter().rev().ge(other.0.iter().rev())
    }

    /// Divides in place and returns the digit that fell off.
    fn divide_by_ten(&mut self) -> u64 {
        let mut rest = 0u128;
        for part in self.0.iter_mut().rev() {
            let value = (rest << 64) | u128::from(*part);
            *part = (value / 10) as u64;
            rest = value % 10;
        }
        rest as u64
    }
}
