-- code: standing-conflict
-- severity: warning
-- since: 1.0
-- summary: The standing of a participant disagrees with the memberships at that date.
-- fix: Correct the standing or the membership.
-- message: {field} is {value}, and the body knows the organization otherwise at that date: {limit}.
-- fields: participants.meeting_id participants.organization_id participants.standing meetings.organization_id meetings.meeting_type meetings.start_date meetings.end_date meetings.time_zone memberships.member_organization_id memberships.organization_id memberships.role memberships.start_date memberships.end_date

-- An organization of which no membership in the body is recorded is passed over, and so are joint meetings, in which
-- the standing may be that in another body.

-- part: participants.standing
-- given: standing memberships.member_organization_id
WITH days AS (
    SELECT id, organization_id, date_first(start_date) - margin(time_zone) AS earliest,
        meeting_last(start_date, end_date, meeting_type) + margin(time_zone) AS latest
    FROM meetings WHERE organization_id IS NOT NULL AND coalesce(meeting_type, '') <> 'joint_meeting'
),
seats AS (
    SELECT member_organization_id, organization_id, role, date_first(start_date) AS begun, date_last(end_date) AS ended,
        concat(role, ', ', coalesce(start_date, '?'), ' to ', coalesce(end_date, '?')) AS term
    FROM memberships WHERE member_organization_id IS NOT NULL
),
known AS (
    SELECT participants._row, seats.term,
        (seats.role IN ('other', 'unknown')
            OR participants.standing = 'member' AND seats.role IN ('member', 'suspended')
            OR participants.standing = 'associate' AND seats.role = 'associate_member'
            OR participants.standing = 'observer' AND seats.role IN ('observer', 'candidate')
            OR participants.standing = 'partner' AND seats.role IN ('partner', 'candidate'))
        AND coalesce(seats.ended >= days.earliest, true) AND coalesce(seats.begun <= days.latest, true) AS fits
    FROM participants JOIN days ON days.id = participants.meeting_id
    JOIN seats ON seats.member_organization_id = participants.organization_id
        AND seats.organization_id = days.organization_id
    WHERE participants.standing IN ('member', 'associate', 'observer', 'partner')
)
SELECT _row, max(term) AS against FROM known
WHERE _row IN (SELECT _row FROM known WHERE NOT fits)
GROUP BY _row HAVING sum(CASE WHEN fits THEN 1 ELSE 0 END) = 0;
