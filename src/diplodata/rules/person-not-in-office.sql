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
WITH posts AS (
    SELECT person_id, organization_id, start_date, end_date FROM memberships WHERE person_id IS NOT NULL
    UNION ALL
    SELECT person_id, on_behalf_of_id AS organization_id, start_date, end_date FROM memberships
    WHERE person_id IS NOT NULL AND on_behalf_of_id IS NOT NULL
    UNION ALL
    SELECT memberships.person_id, organizations.parent_id AS organization_id, memberships.start_date, memberships.end_date
    FROM memberships JOIN organizations ON organizations.id = memberships.organization_id
    WHERE memberships.person_id IS NOT NULL AND organizations.parent_id IS NOT NULL
),
held AS (
    SELECT participants._row, concat(coalesce(posts.start_date, '?'), ' to ', coalesce(posts.end_date, '?')) AS term,
        coalesce(date_last(posts.end_date) + margin(meetings.time_zone) < date_first(meetings.start_date), false)
        OR coalesce(date_first(posts.start_date) > meeting_last(meetings.start_date, meetings.end_date, meetings.meeting_type)
                    + margin(meetings.time_zone), false) AS is_outside
    FROM participants JOIN meetings ON meetings.id = participants.meeting_id
    JOIN posts ON posts.person_id = participants.person_id AND posts.organization_id = participants.organization_id
)
SELECT _row, max(term) AS against FROM held
WHERE _row IN (SELECT _row FROM held WHERE is_outside)
GROUP BY _row HAVING count(*) = sum(CASE WHEN is_outside THEN 1 ELSE 0 END);
