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
WITH known AS (
    SELECT participants._row,
        concat(memberships.role, ', ', coalesce(memberships.start_date, '?'), ' to ', coalesce(memberships.end_date, '?')) AS term,
        (memberships.role IN ('other', 'unknown')
            OR participants.standing = 'member' AND memberships.role IN ('member', 'suspended')
            OR participants.standing = 'associate' AND memberships.role = 'associate_member'
            OR participants.standing = 'observer' AND memberships.role IN ('observer', 'candidate')
            OR participants.standing = 'partner' AND memberships.role IN ('partner', 'candidate'))
        AND coalesce(date_last(memberships.end_date) + margin(meetings.time_zone) >= date_first(meetings.start_date), true)
        AND coalesce(date_first(memberships.start_date)
                     <= meeting_last(meetings.start_date, meetings.end_date, meetings.meeting_type)
                        + margin(meetings.time_zone), true) AS fits
    FROM participants JOIN meetings ON meetings.id = participants.meeting_id
    JOIN memberships ON memberships.member_organization_id = participants.organization_id
        AND memberships.organization_id = meetings.organization_id
    WHERE participants.standing IN ('member', 'associate', 'observer', 'partner')
      AND coalesce(meetings.meeting_type, '') <> 'joint_meeting'
)
SELECT _row, max(term) AS against FROM known
WHERE _row IN (SELECT _row FROM known WHERE NOT fits)
GROUP BY _row HAVING sum(CASE WHEN fits THEN 1 ELSE 0 END) = 0;
