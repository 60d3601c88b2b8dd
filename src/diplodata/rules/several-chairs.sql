-- code: several-chairs
-- severity: warning
-- since: 1.0
-- summary: More than one participant is chair of the same meeting.
-- fix: Use co_chair, or split the meeting into sittings.
-- message: The participant has the role {value}, and so has {limit} at the same meeting.
-- fields: participants.meeting_id participants.role participants.attendance participants.organization_id participants.person_id participants.name_as_given

-- Who did not come presided over nothing. A row that stands twice is duplicate-participant.

-- part: participants.role
WITH chairs AS (
    SELECT _row, id, meeting_id, row_hash(organization_id, person_id, name_as_given) AS who FROM participants
    WHERE role = 'chair' AND coalesce(attendance NOT IN ('absent', 'represented'), true)
),
several AS (SELECT meeting_id, min(_row) AS earliest FROM chairs GROUP BY meeting_id HAVING count(*) > 1)
SELECT chairs._row, others.id AS against FROM chairs
JOIN several ON several.meeting_id = chairs.meeting_id
JOIN chairs AS others ON others._row = several.earliest
WHERE chairs.who <> others.who;
