-- code: code-deprecated
-- severity: warning
-- since: 1.0
-- summary: A code is marked as deprecated.
-- fix: Use the code that its description in the codelist names.
-- message: {field} {value} is deprecated in the codelist {limit}.
-- fields: organizations.classification memberships.role meetings.meeting_type participants.role participants.standing agenda_items.outcome interventions.act initiatives.initiative_type statements.statement_type sources.source_type names.name_type

-- part: organizations.classification memberships.role meetings.meeting_type participants.role participants.standing agenda_items.outcome interventions.act initiatives.initiative_type statements.statement_type sources.source_type names.name_type
-- given: {field}
-- some: odd_codes
-- The fields with open codelists; no code of a closed one is deprecated yet.
SELECT _row, {codelist} AS against FROM {table}
WHERE {field} IN (SELECT code FROM odd_codes WHERE codelist = {codelist} AND status = 'deprecated');
