//! Numbers: the grammar of JSON, the range of doubles, and the two ways they are written out.

use std::fmt::Write as _;

/// Length of the JSON number literal at the start of `text` (RFC 8259, section 6).
pub(super) fn literal_length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from.min(text.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return None;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
    }
    Some(at)
}

/// The double a literal stands for; `None` if a double would change it: an overflow, a value that
/// vanishes to zero, or an integer whose digits do not survive.
pub(super) fn exact(literal: &str) -> Option<f64> {
    let value: f64 = literal.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let mantissa = literal.split(['e', 'E']).next().unwrap_or(literal);
    if value == 0.0 && mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return None;
    }
    let is_integer = literal.len() > 15 && literal.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    if is_integer && value.to_string() != literal {
        return None;
    }
    Some(value)
}

/// Appends a finite double as ECMAScript's `Number::toString` writes it (RFC 8785, section 3.2.2.3).
pub(crate) fn push_ecmascript(out: &mut String, value: f64) {
    if value == 0.0 {
        return out.push('0');
    }
    // Rust's `{:e}` gives the same shortest round-trip digits as ECMAScript demands.
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mut digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    if digits.len() >= 16 {
        even_on_tie(&mut digits, value);
    }
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    if value < 0.0 {
        out.push('-');
    }
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n('0', usize::try_from(point - count).unwrap_or(0)));
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.extend([whole, ".", fraction]);
    } else if (-5..=0).contains(&point) {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', usize::try_from(-point).unwrap_or(0)));
        out.push_str(&digits);
    } else {
        let (first, rest) = digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.extend([".", rest]);
        }
        let sign = if point > 0 { '+' } else { '-' };
        // Writing to a String cannot fail.
        let _ = write!(out, "e{sign}{}", (point - 1).abs());
    }
}

/// Of two shortest forms equally near, ECMAScript takes the even one and Rust the upper.
fn even_on_tie(digits: &mut String, value: f64) {
    let exact = format!("{:.60e}", value.abs());
    let exact: String = exact.bytes().take_while(|b| *b != b'e').filter(|b| *b != b'.').map(char::from).collect();
    let Some(lower) = exact.trim_end_matches('0').strip_suffix('5').filter(|lower| lower.len() == digits.len()) else {
        return;
    };
    if lower.ends_with(['0', '2', '4', '6', '8']) {
        lower.clone_into(digits);
    }
}

/// Appends a double in the canonical form of `xsd:double` (JSON-LD 1.1 API, section 8.6): `%1.15E` without trailing
/// zeros in the mantissa.
pub(crate) fn push_xsd_double(out: &mut String, value: f64) {
    let scientific = format!("{value:.15e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let trimmed = mantissa.trim_end_matches('0');
    out.push_str(trimmed);
    if trimmed.ends_with('.') {
        out.push('0');
    }
    out.extend(["E", exponent]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ecmascript(value: f64) -> String {
        let mut out = String::new();
        push_ecmascript(&mut out, value);
        out
    }

    #[test]
    fn the_samples_of_rfc_8785_appendix_b() {
        let samples: [(u64, &str); 22] = [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, expected) in samples {
            assert_eq!(ecmascript(f64::from_bits(bits)), expected, "{bits:x}");
        }
    }

    #[test]
    fn doubles_in_the_xsd_form() {
        for (value, expected) in [(3.5, "3.5E0"), (0.1, "1.0E-1"), (1e30, "1.0E30"), (-12.25, "-1.225E1")] {
            let mut out = String::new();
            push_xsd_double(&mut out, value);
            assert_eq!(out, expected);
        }
    }
}
