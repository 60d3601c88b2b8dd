-- A number without the sign of zero: -0 equals 0.
CREATE MACRO abs_zero(number) AS CASE WHEN number = 0 THEN abs(number) ELSE number END;

-- Dates of the standard: a part of EDTF. A value that is marked as uncertain or approximate (? ~ %) has no
-- certain bounds, so these give NULL for it, as they do for anything that is no date.

CREATE MACRO edtf_plain(value) AS rtrim(value, '?~%');

CREATE MACRO edtf_day(value, year, month, day) AS
    TRY_CAST(replace(substr(value, 1, 4), 'X', year)
        || '-' || CASE WHEN substr(value, 6, 2) IN ('', 'XX') THEN month ELSE substr(value, 6, 2) END
        || '-' || CASE WHEN substr(value, 9, 2) IN ('', 'XX') THEN day ELSE substr(value, 9, 2) END AS DATE);

-- Whether a value of the right form is in the calendar.
CREATE MACRO edtf_exists(value) AS edtf_day(edtf_plain(value), '0', '01', '01') IS NOT NULL;

-- The earliest and the latest day that a value can mean.
CREATE MACRO date_first(value) AS
    CASE WHEN value = edtf_plain(value) THEN edtf_day(value, '0', '01', '01') END;
CREATE MACRO date_last(value) AS
    CASE WHEN value <> edtf_plain(value) THEN NULL
         WHEN length(value) = 10 AND substr(value, 9, 2) <> 'XX' THEN edtf_day(value, '9', '12', '31')
         ELSE last_day(edtf_day(value, '9', '12', '01')) END;

-- Whether a value names one day.
CREATE MACRO is_day(value) AS length(value) = 10 AND edtf_day(value, '?', '?', '?') IS NOT NULL;

-- Whether a text has only words of printable ASCII with one space between them, and begins with a letter, digit or (:
-- most texts do, and such a text cannot be wrong in many ways.
CREATE MACRO is_plain(value) AS regexp_full_match(value, '[0-9A-Za-z(][!-~]*( [!-~]+)*');

-- The last day of a meeting. Without an end it is read as one day, but for those that hold others; an end before the
-- start says nothing.
CREATE MACRO meeting_last(start_date, end_date, meeting_type) AS
    CASE WHEN end_date IS NULL AND meeting_type IN ('session', 'series', 'conference') THEN NULL
         WHEN date_last(end_date) < date_first(start_date) THEN NULL
         ELSE date_last(coalesce(end_date, start_date)) END;

-- Days by which dates of different records may differ: one where the time zone of the meeting is not known.
CREATE MACRO margin(time_zone) AS CASE WHEN time_zone IS NULL THEN 1 ELSE 0 END;

-- The part of an identifier that names its publisher.
CREATE MACRO prefix_of(id) AS split_part(id, ':', 1);

-- A number that is the same for rows that agree in all values, empty ones too.
CREATE MACRO row_hash(a, b, c := NULL, d := NULL, e := NULL) AS hash(a, b, c, d, e);
