-- code: code-not-listed
-- severity: warning
-- since: 1.0
-- summary: A code of an open codelist is not listed.
-- fix: Use a listed code, describe the new one in codelists/ of the package, or propose it for the standard.
-- message: {field} {value} is not in the codelist {limit}.
-- fields: organizations.classification memberships.role meetings.meeting_type participants.role participants.standing agenda_items.outcome interventions.act initiatives.initiative_type statements.statement_type sources.source_type names.name_type

-- part: organizations.classification memberships.role meetings.meeting_type participants.role participants.standing agenda_items.outcome interventions.act initiatives.initiative_type statements.statement_type sources.source_type names.name_type
-- given: {field}
-- some: odd_codes
-- The fields with open codelists; an unlisted code of a closed one is constraint-error.
SELECT _row, {codelist} AS against FROM {table}
WHERE {field} IN (SELECT code FROM odd_codes WHERE codelist = {codelist} AND status IS NULL);
