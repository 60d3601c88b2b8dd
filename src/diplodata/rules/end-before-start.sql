-- code: end-before-start
-- severity: error
-- since: 1.0
-- summary: The end is certainly before the start.
-- fix: Correct one of the two dates.
-- message: {field} {value} is certainly before the start {limit}.
-- fields: organizations.founding_date organizations.dissolution_date meetings.start_date meetings.end_date meetings.start_time meetings.end_time memberships.start_date memberships.end_date names.start_date names.end_date

-- part: organizations.dissolution_date
-- given: founding_date dissolution_date
SELECT _row, founding_date AS against FROM organizations
WHERE date_last(dissolution_date) < date_first(founding_date);

-- part: meetings.end_time
-- given: start_time end_time
-- Times can be compared only within one day.
SELECT _row, start_time AS against FROM meetings
WHERE end_time < start_time AND is_day(start_date) AND coalesce(end_date, start_date) = start_date;

-- part: meetings.end_date memberships.end_date names.end_date
-- given: start_date end_date
SELECT _row, start_date AS against FROM {table}
WHERE date_last(end_date) < date_first(start_date);
