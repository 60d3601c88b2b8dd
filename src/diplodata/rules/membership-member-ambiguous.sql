-- code: membership-member-ambiguous
-- severity: error
-- since: 1.0
-- summary: A membership has both a person and a member organization, or neither.
-- fix: Fill in exactly one of person_id and member_organization_id.
-- message: The membership has {limit} of person_id and member_organization_id; it has to have one.
-- fields: memberships.person_id memberships.member_organization_id

-- part: memberships.person_id
SELECT _row, CASE WHEN person_id IS NULL THEN 'neither' ELSE 'both' END AS against FROM memberships
WHERE (person_id IS NULL) = (member_organization_id IS NULL);
