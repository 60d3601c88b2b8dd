-- code: confidence-not-earned
-- severity: warning
-- since: 1.0
-- summary: A record has confidence high although all its support comes from one origin, and the publisher of that origin is not the organization concerned, a part of it or the body above it.
-- fix: Lower the confidence, or add an independent source: evidence that supports the record.
-- message: {field} is {value}, but the only support comes from {limit}, which was not published by the organization concerned. Copies count with their original.
-- fields: *.confidence *.source_id evidence.stance evidence.source_id sources.derived_from_id sources.publisher_id organizations.parent_id meetings.organization_id participants.organization_id participants.meeting_id participants.role agenda_items.meeting_id interventions.participant_id initiatives.proponent_id initiatives.co_proponent_ids statements.organization_id statement_parties.organization_id decisions.organization_id memberships.organization_id memberships.member_organization_id memberships.on_behalf_of_id

-- "high" means: stated by the organization concerned, or by two independent sources (codelist confidence). The confidence
-- of evidence says something else, how well the source was read. A source whose publisher is not identified was
-- published by nobody who is concerned.

-- part: organizations.confidence
-- given: confidence
-- some: alone
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.id);

-- part: statements.confidence decisions.confidence participants.confidence
-- given: confidence
-- some: alone
-- Without an organization of its own the record is the business of the body that meets.
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM meetings JOIN kin ON kin.organization_id = meetings.organization_id
    WHERE meetings.id = record.meeting_id AND record.organization_id IS NULL AND kin.publisher_id = alone.publisher_id);

-- part: meetings.confidence
-- given: confidence
-- some: alone
-- The bodies of a meeting: its own and the organizers.
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM participants JOIN kin ON kin.organization_id = participants.organization_id
    WHERE participants.meeting_id = record.id AND participants.role = 'organizer' AND kin.publisher_id = alone.publisher_id);

-- part: agenda_items.confidence
-- given: confidence
-- some: alone
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM meetings JOIN kin ON kin.organization_id = meetings.organization_id
    WHERE meetings.id = record.meeting_id AND kin.publisher_id = alone.publisher_id);

-- part: interventions.confidence
-- given: confidence
-- some: alone
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM participants JOIN kin ON kin.organization_id = participants.organization_id
    WHERE participants.id = record.participant_id AND kin.publisher_id = alone.publisher_id);

-- part: initiatives.confidence
-- given: confidence
-- some: alone
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.proponent_id)
  AND NOT EXISTS (
    SELECT 1 FROM (SELECT id, unnest(string_split(co_proponent_ids, ' ')) AS co_proponent_id FROM initiatives) AS joint JOIN kin ON kin.organization_id = joint.co_proponent_id
    WHERE joint.id = record.id AND kin.publisher_id = alone.publisher_id);

-- part: statement_parties.confidence
-- given: confidence
-- some: alone
-- The party, and the body of the text.
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM statements JOIN kin ON kin.organization_id = statements.organization_id
    WHERE statements.id = record.statement_id AND kin.publisher_id = alone.publisher_id);

-- part: memberships.confidence
-- given: confidence
-- some: alone
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.member_organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM kin WHERE kin.publisher_id = alone.publisher_id AND kin.organization_id = record.on_behalf_of_id);

-- part: persons.confidence
-- given: confidence
-- some: alone
-- The organizations for which the person holds a post or took part.
SELECT record._row, alone.origin_id AS against
FROM alone JOIN {table} AS record ON record._row = alone._row
WHERE alone.record_table = '{table}'
  AND NOT EXISTS (
    SELECT 1 FROM memberships JOIN kin ON kin.organization_id = memberships.organization_id
    WHERE memberships.person_id = record.id AND kin.publisher_id = alone.publisher_id)
  AND NOT EXISTS (
    SELECT 1 FROM participants JOIN kin ON kin.organization_id = participants.organization_id
    WHERE participants.person_id = record.id AND kin.publisher_id = alone.publisher_id);
