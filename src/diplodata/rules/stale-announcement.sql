-- code: stale-announcement
-- severity: warning
-- since: 1.0
-- summary: A meeting is still announced although its date passed more than 30 days before the day of checking.
-- fix: Find out what happened and set the status.
-- message: The meeting is still announced, and its {field} {value} is more than 30 days before the day of checking {limit}.
-- fields: meetings.status meetings.start_date meetings.time_zone
-- needs: as-of

-- part: meetings.start_date
SELECT _row, CAST(as_of AS VARCHAR) AS against FROM meetings CROSS JOIN checking
WHERE status = 'announced' AND date_last(start_date) + 30 + margin(time_zone) < as_of;
