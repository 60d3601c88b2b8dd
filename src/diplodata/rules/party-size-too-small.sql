-- code: party-size-too-small
-- severity: warning
-- since: 1.0
-- summary: A delegation has fewer people than members of it are named.
-- fix: Correct party_size.
-- message: {field} {value} is below the number of people of the delegation who are named, {limit}.
-- fields: participants.meeting_id participants.organization_id participants.person_id participants.name_as_given participants.attendance participants.party_size

-- part: participants.party_size
-- given: party_size organization_id
WITH sized AS (
    SELECT _row, meeting_id, organization_id, TRY_CAST(party_size AS BIGINT) AS size FROM participants
    WHERE party_size IS NOT NULL AND organization_id IS NOT NULL
),
named AS (
    SELECT meeting_id, organization_id, count(DISTINCT coalesce(person_id, name_as_given)) AS people FROM participants
    WHERE coalesce(attendance NOT IN ('absent', 'represented'), true) AND EXISTS (
        SELECT 1 FROM sized
        WHERE sized.meeting_id = participants.meeting_id AND sized.organization_id = participants.organization_id)
    GROUP BY meeting_id, organization_id
)
SELECT sized._row, CAST(named.people AS VARCHAR) AS against FROM sized
JOIN named ON named.meeting_id = sized.meeting_id AND named.organization_id = sized.organization_id
WHERE sized.size < named.people;
