//! The time of a new file, in the zone that the configuration names.

use chrono::{DateTime, FixedOffset, Local, Utc};
use tz::TimeZone;

use crate::error::Error;

/// What time it is: `local`, `utc`, an offset such as `+02:00`, or a zone of the system such as `Europe/Berlin`.
pub(crate) fn now(zone: &str) -> Result<DateTime<FixedOffset>, Error> {
    let now = Utc::now();
    match zone.to_ascii_lowercase().as_str() {
        "local" => return Ok(Local::now().fixed_offset()),
        "utc" => return Ok(now.fixed_offset()),
        _ => {}
    }
    let offset = if zone.starts_with(['+', '-']) { zone.parse().ok() } else { offset_of(zone, now.timestamp()) };
    match offset {
        Some(offset) => Ok(now.with_timezone(&offset)),
        None => Err(Error::usage(format!("cannot find the time zone `{zone}`"))
            .hint("set `timezone` in rectify.toml to \"local\", \"utc\", an offset such as \"+02:00\", or a name such as \"Europe/Berlin\"")),
    }
}

/// The offset of a zone of the system. As in Alembic, a name in lower case such as `est5edt` is found too.
fn offset_of(zone: &str, at: i64) -> Option<FixedOffset> {
    // A path would be read as one.
    let is_name = zone.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c)) && !zone.starts_with('/');
    let names = [zone.to_owned(), zone.to_ascii_uppercase()];
    let found = names.iter().filter(|_| is_name).find_map(|name| TimeZone::from_posix_tz(name).ok())?;
    FixedOffset::east_opt(found.find_local_time_type(at).ok()?.ut_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_names_or_offsets() {
        for (zone, wanted) in [("utc", 0), ("UTC", 0), ("+02:00", 7200), ("-05:30", -19_800), ("Asia/Tokyo", 32_400)] {
            assert_eq!(now(zone).unwrap().offset().local_minus_utc(), wanted, "{zone}");
        }
        assert!(now("local").is_ok());
        // Summer and winter.
        assert_eq!(offset_of("Europe/Berlin", 1_782_864_000).unwrap().local_minus_utc(), 7200);
        assert_eq!(offset_of("Europe/Berlin", 1_767_225_600).unwrap().local_minus_utc(), 3600);
        assert_eq!(offset_of("est5edt", 1_767_225_600).unwrap().local_minus_utc(), -18_000);
    }

    #[test]
    fn unknown_zones_are_named() {
        for zone in ["Europe/Atlantis", "+25:00", "+2", "", "/etc/localtime", "../zone"] {
            let error = now(zone).unwrap_err();
            assert_eq!(error.to_string(), format!("cannot find the time zone `{zone}`"));
        }
    }
}
