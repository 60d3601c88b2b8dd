-- code: organization-not-existing
-- severity: error
-- since: 1.0
-- summary: An organization takes part in, or is the body of, a meeting that certainly lies before its founding or after its end.
-- fix: Use the organization that existed at the time, or correct its dates.
-- message: {field} {value} did not exist at the time of the meeting: it was {limit}.
-- fields: meetings.organization_id meetings.start_date meetings.end_date meetings.meeting_type meetings.time_zone participants.meeting_id participants.organization_id organizations.founding_date organizations.dissolution_date

-- part: meetings.organization_id
-- given: organization_id
WITH days AS (
    SELECT id, date_first(start_date) - margin(time_zone) AS earliest,
        meeting_last(start_date, end_date, meeting_type) + margin(time_zone) AS latest FROM meetings
),
lives AS (
    SELECT id, founding_date, dissolution_date, date_first(founding_date) AS founded, date_last(dissolution_date) AS dissolved
    FROM organizations WHERE coalesce(founding_date, dissolution_date) IS NOT NULL
)
SELECT meetings._row, CASE WHEN days.earliest > lives.dissolved THEN concat('dissolved ', lives.dissolution_date)
    ELSE concat('founded ', lives.founding_date) END AS against
FROM meetings JOIN lives ON lives.id = meetings.organization_id JOIN days ON days.id = meetings.id
WHERE days.earliest > lives.dissolved OR days.latest < lives.founded;

-- part: participants.organization_id
-- given: organization_id
WITH days AS (
    SELECT id, date_first(start_date) - margin(time_zone) AS earliest,
        meeting_last(start_date, end_date, meeting_type) + margin(time_zone) AS latest FROM meetings
),
lives AS (
    SELECT id, founding_date, dissolution_date, date_first(founding_date) AS founded, date_last(dissolution_date) AS dissolved
    FROM organizations WHERE coalesce(founding_date, dissolution_date) IS NOT NULL
)
SELECT participants._row, CASE WHEN days.earliest > lives.dissolved THEN concat('dissolved ', lives.dissolution_date)
    ELSE concat('founded ', lives.founding_date) END AS against
FROM participants JOIN lives ON lives.id = participants.organization_id JOIN days ON days.id = participants.meeting_id
WHERE days.earliest > lives.dissolved OR days.latest < lives.founded;
