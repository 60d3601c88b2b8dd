-- code: held-in-future
-- severity: error
-- since: 1.0
-- summary: A meeting is said to be held although it certainly begins after the day of checking.
-- fix: Set the status to announced, or correct the date.
-- message: The meeting is held, and its {field} {value} is certainly after the day of checking {limit}.
-- fields: meetings.status meetings.start_date
-- needs: as-of

-- The day of checking is that of UTC; where the meeting is, it may be the next one already.

-- part: meetings.start_date
SELECT _row, CAST(as_of AS VARCHAR) AS against FROM meetings CROSS JOIN checking
WHERE status = 'held' AND date_first(start_date) > as_of + 1;
