-- code: time-incomplete
-- severity: error
-- since: 1.0
-- summary: A time is given without a complete date or without a time zone, or the zone does not exist.
-- fix: Add the day and a zone of the IANA database, or leave the time and the zone empty.
-- message: A time needs a complete date and a time zone that exists, and {field} is {value}.
-- fields: meetings.start_time meetings.end_time meetings.start_date meetings.end_date meetings.time_zone
-- needs: zones

-- A day may be uncertain and is still complete.

-- part: meetings.start_date
SELECT _row FROM meetings
WHERE coalesce(start_time, CASE WHEN end_date IS NULL THEN end_time END) IS NOT NULL
  AND coalesce(NOT is_day(edtf_plain(start_date)), true);

-- part: meetings.end_date
-- given: end_time end_date
SELECT _row FROM meetings
WHERE end_time IS NOT NULL AND end_date IS NOT NULL AND NOT is_day(edtf_plain(end_date));

-- part: meetings.time_zone
SELECT _row FROM meetings WHERE coalesce(start_time, end_time) IS NOT NULL AND time_zone IS NULL;

-- part: meetings.time_zone
-- given: time_zone
SELECT _row FROM meetings WHERE time_zone IS NOT NULL AND time_zone NOT IN (SELECT name FROM zones);
