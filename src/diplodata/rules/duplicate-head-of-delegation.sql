-- code: duplicate-head-of-delegation
-- severity: error
-- since: 1.0
-- summary: Two heads of delegation of one organization took part in a meeting of one day. Meetings of several days are passed over.
-- fix: Make one of them deputy_head_of_delegation, or split the meeting into sittings.
-- message: {value} of the same organization at this meeting of one day is also {limit}.
-- fields: participants.meeting_id participants.organization_id participants.role participants.attendance participants.person_id participants.name_as_given meetings.start_date meetings.end_date

-- A row that stands twice is duplicate-participant.

-- part: participants.role
-- given: organization_id
WITH twice AS (
    SELECT row_hash(meeting_id, organization_id) AS mark FROM participants
    WHERE role = 'head_of_delegation' AND organization_id IS NOT NULL
      AND attendance IN ('attended', 'attended_remotely', 'attended_mode_unknown')
    GROUP BY row_hash(meeting_id, organization_id) HAVING count(*) > 1
),
heads AS (
    SELECT _row, id, meeting_id, organization_id, row_hash(person_id, name_as_given) AS who FROM participants
    WHERE role = 'head_of_delegation' AND organization_id IS NOT NULL
      AND attendance IN ('attended', 'attended_remotely', 'attended_mode_unknown')
      AND row_hash(meeting_id, organization_id) IN (SELECT mark FROM twice)
),
several AS (
    SELECT meeting_id, organization_id, min(_row) AS earliest FROM heads
    GROUP BY meeting_id, organization_id HAVING count(*) > 1
)
SELECT heads._row, others.id AS against FROM heads
JOIN several ON several.meeting_id = heads.meeting_id AND several.organization_id = heads.organization_id
JOIN heads AS others ON others._row = several.earliest
JOIN meetings ON meetings.id = heads.meeting_id
WHERE heads.who <> others.who AND is_day(meetings.start_date)
  AND coalesce(meetings.end_date, meetings.start_date) = meetings.start_date;
