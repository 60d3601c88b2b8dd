-- code: organization-not-existing
-- severity: error
-- since: 1.0
-- summary: An organization takes part in, or is the body of, a meeting that certainly lies before its founding or after its end.
-- fix: Use the organization that existed at the time, or correct its dates.
-- message: {field} {value} did not exist at the time of the meeting: it was {limit}.
-- fields: meetings.organization_id meetings.start_date meetings.end_date meetings.meeting_type meetings.time_zone participants.meeting_id participants.organization_id organizations.founding_date organizations.dissolution_date

-- part: meetings.organization_id
-- given: organization_id
SELECT meetings._row, CASE
    WHEN date_first(meetings.start_date) > date_last(organizations.dissolution_date)
        THEN concat('dissolved ', organizations.dissolution_date)
    ELSE concat('founded ', organizations.founding_date) END AS against
FROM meetings JOIN organizations ON organizations.id = meetings.organization_id
WHERE date_first(meetings.start_date) > date_last(organizations.dissolution_date) + margin(meetings.time_zone)
   OR meeting_last(meetings.start_date, meetings.end_date, meetings.meeting_type) + margin(meetings.time_zone)
      < date_first(organizations.founding_date);

-- part: participants.organization_id
-- given: organization_id
SELECT participants._row, CASE
    WHEN date_first(meetings.start_date) > date_last(organizations.dissolution_date)
        THEN concat('dissolved ', organizations.dissolution_date)
    ELSE concat('founded ', organizations.founding_date) END AS against
FROM participants JOIN meetings ON meetings.id = participants.meeting_id
JOIN organizations ON organizations.id = participants.organization_id
WHERE date_first(meetings.start_date) > date_last(organizations.dissolution_date) + margin(meetings.time_zone)
   OR meeting_last(meetings.start_date, meetings.end_date, meetings.meeting_type) + margin(meetings.time_zone)
      < date_first(organizations.founding_date);
