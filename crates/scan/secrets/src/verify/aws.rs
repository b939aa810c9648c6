//! AWS: `sts:GetCallerIdentity`, which every key may call and which changes nothing, signed with Signature Version 4
//! ("Create a signed AWS API request", AWS Identity and Access Management User Guide).

use bartizan_http::{Request, Response};
use bartizan_model::VerificationState;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

const HOST: &str = "sts.amazonaws.com";
const REGION: &str = "us-east-1";
const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// Whether `value` has the form of a long-lived access key id. Temporary ones need a session token besides.
pub fn is_key_id(value: &[u8]) -> bool {
    value.len() == 20 && value.starts_with(b"AKIA") && value.iter().all(u8::is_ascii_alphanumeric)
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The signed request. `None` when key id or secret is no text.
pub fn caller_identity(key_id: &[u8], secret: &[u8], seconds: u64) -> Option<Request> {
    let key_id = std::str::from_utf8(key_id).ok()?;
    let stamp = timestamp(seconds);
    let day = &stamp[..8];
    let scope = format!("{day}/{REGION}/sts/aws4_request");
    let signed = "content-type;host;x-amz-date";
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/x-www-form-urlencoded\nhost:{HOST}\nx-amz-date:{stamp}\n\n{signed}\n{}",
        hex(&Sha256::digest(BODY))
    );
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = hmac(&[b"AWS4", secret].concat(), day.as_bytes())?;
    for part in [REGION, "sts", "aws4_request"] {
        key = hmac(&key, part.as_bytes())?;
    }
    let signature = hex(&hmac(&key, to_sign.as_bytes())?);
    Some(Request {
        method: "POST".to_owned(),
        url: format!("https://{HOST}/"),
        headers: vec![
            ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("X-Amz-Date".to_owned(), stamp),
            (
                "Authorization".to_owned(),
                format!(
                    "AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
                ),
            ),
        ],
        body: BODY.as_bytes().to_vec(),
    })
}

/// Reads the answer: 200 with an ARN, or 403 with `InvalidClientTokenId` or `SignatureDoesNotMatch`.
pub fn judge(answer: &Response) -> (VerificationState, Option<String>) {
    let body = String::from_utf8_lossy(&answer.body);
    let refused = ["InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidAccessKeyId"];
    match answer.status {
        200 => {
            let arn = body.split("<Arn>").nth(1).and_then(|rest| rest.split("</Arn>").next());
            (VerificationState::Live, arn.map(|arn| arn.chars().take(120).collect()))
        }
        403 if refused.iter().any(|code| body.contains(code)) => (VerificationState::Revoked, None),
        _ => (VerificationState::Unknown, None),
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `YYYYMMDDTHHMMSSZ`. Days to date after Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn timestamp(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let time = seconds % 86_400;
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", time / 3600, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_calendar_dates() {
        assert_eq!(timestamp(0), "19700101T000000Z");
        assert_eq!(timestamp(951_827_696), "20000229T123456Z");
        assert_eq!(timestamp(1_440_938_160), "20150830T123600Z");
    }

    #[test]
    fn signing_keys_are_derived_as_documented() {
        // The worked case in the User Guide, "Derive a signing key".
        let documented = ["wJalrXUtnFEMI", "/K7MDENG+bPxRfiCY", "EXAMPLEKEY"].concat();
        let mut key = hmac(format!("AWS4{documented}").as_bytes(), b"20150830").unwrap();
        for part in ["us-east-1", "iam", "aws4_request"] {
            key = hmac(&key, part.as_bytes()).unwrap();
        }
        assert_eq!(hex(&key), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
    }
}
