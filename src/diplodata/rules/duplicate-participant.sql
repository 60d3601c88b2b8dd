-- code: duplicate-participant
-- severity: error
-- since: 1.0
-- summary: Two participants agree in meeting, organization, person, role and name.
-- fix: Remove one of the rows if it was never published, or set its record_status to merged.
-- message: The participant agrees with {limit} in meeting, organization, person, role and name.
-- fields: participants.meeting_id participants.organization_id participants.person_id participants.role participants.name_as_given

-- A row without organization, person and name is empty-participant.

-- part: participants.meeting_id
WITH twice AS (
    SELECT row_hash(meeting_id, organization_id, person_id, role, name_as_given) AS mark FROM participants
    WHERE coalesce(organization_id, person_id, name_as_given) IS NOT NULL
    GROUP BY row_hash(meeting_id, organization_id, person_id, role, name_as_given) HAVING count(*) > 1
),
alike AS (
    SELECT _row, id, meeting_id, organization_id, person_id, role, name_as_given FROM participants
    WHERE coalesce(organization_id, person_id, name_as_given) IS NOT NULL
      AND row_hash(meeting_id, organization_id, person_id, role, name_as_given) IN (SELECT mark FROM twice)
),
groups AS (
    SELECT meeting_id, organization_id, person_id, role, name_as_given, min(_row) AS earliest FROM alike
    GROUP BY meeting_id, organization_id, person_id, role, name_as_given HAVING count(*) > 1
)
SELECT alike._row, others.id AS against FROM alike
JOIN groups ON groups.meeting_id = alike.meeting_id AND groups.role = alike.role
    AND groups.organization_id IS NOT DISTINCT FROM alike.organization_id
    AND groups.person_id IS NOT DISTINCT FROM alike.person_id
    AND groups.name_as_given IS NOT DISTINCT FROM alike.name_as_given
JOIN alike AS others ON others._row = groups.earliest
WHERE alike._row > groups.earliest;
