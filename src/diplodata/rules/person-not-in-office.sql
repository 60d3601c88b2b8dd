-- code: person-not-in-office
-- severity: warning
-- since: 1.0
-- summary: All posts of the person for that organization certainly end before the meeting or begin after it.
-- fix: Correct the dates of the post, or the person; or add the post that was held at the time.
-- message: {field} {value} held a post for the organization at other times only: {limit}.
-- fields: participants.meeting_id participants.person_id participants.organization_id meetings.start_date meetings.end_date meetings.meeting_type meetings.time_zone memberships.person_id memberships.organization_id memberships.on_behalf_of_id memberships.start_date memberships.end_date organizations.parent_id

-- Posts on behalf of an organization, and in a part of it such as a ministry of a state, are posts for it.

-- part: participants.person_id
-- given: person_id organization_id memberships.person_id
WITH days AS (
    SELECT id, date_first(start_date) - margin(time_zone) AS earliest,
        meeting_last(start_date, end_date, meeting_type) + margin(time_zone) AS latest FROM meetings
),
parts AS (
    SELECT person_id, organization_id, start_date, end_date FROM memberships WHERE person_id IS NOT NULL
    UNION ALL
    SELECT person_id, on_behalf_of_id AS organization_id, start_date, end_date FROM memberships
    WHERE person_id IS NOT NULL AND on_behalf_of_id IS NOT NULL
    UNION ALL
    SELECT memberships.person_id, organizations.parent_id AS organization_id, memberships.start_date, memberships.end_date
    FROM memberships JOIN organizations ON organizations.id = memberships.organization_id
    WHERE memberships.person_id IS NOT NULL AND organizations.parent_id IS NOT NULL
),
posts AS (
    SELECT person_id, organization_id, concat(coalesce(start_date, '?'), ' to ', coalesce(end_date, '?')) AS term,
        date_first(start_date) AS begun, date_last(end_date) AS ended FROM parts
),
held AS (
    SELECT participants._row, posts.term,
        coalesce(posts.ended < days.earliest, false) OR coalesce(posts.begun > days.latest, false) AS is_outside
    FROM participants JOIN posts ON posts.person_id = participants.person_id
        AND posts.organization_id = participants.organization_id
    JOIN days ON days.id = participants.meeting_id
)
SELECT _row, max(term) AS against FROM held
WHERE _row IN (SELECT _row FROM held WHERE is_outside)
GROUP BY _row HAVING count(*) = sum(CASE WHEN is_outside THEN 1 ELSE 0 END);
