-- code: source-in-future
-- severity: error
-- since: 1.0
-- summary: A source was certainly published or read after the day of checking.
-- fix: Correct the date.
-- message: {field} {value} is certainly after the day of checking {limit}.
-- fields: sources.published_date sources.retrieved_date
-- needs: as-of

-- Sources have no time zone, so one day of difference is no error.

-- part: sources.published_date sources.retrieved_date
-- given: {field}
SELECT _row, CAST(as_of AS VARCHAR) AS against FROM sources CROSS JOIN checking
WHERE date_first({field}) > as_of + 1;
