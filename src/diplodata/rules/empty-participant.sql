-- code: empty-participant
-- severity: error
-- since: 1.0
-- summary: A participant has no organization, no person and no name.
-- fix: Fill in at least one of organization_id, person_id and name_as_given.
-- message: The participant has no organization, no person and no name.
-- fields: participants.organization_id participants.person_id participants.name_as_given

-- part: participants.organization_id
SELECT _row FROM participants
WHERE organization_id IS NULL AND person_id IS NULL AND name_as_given IS NULL;
