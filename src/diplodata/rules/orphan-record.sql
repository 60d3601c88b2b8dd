-- code: orphan-record
-- severity: warning
-- since: 1.0
-- summary: Nothing refers to an organization, person, initiative or source. Copies of another source are excepted.
-- fix: Remove the record if it was never published, or add the reference that was forgotten.
-- message: Nothing in the package refers to {value}.
-- fields: organizations.id persons.id initiatives.id sources.id

-- Where a table is missing or cannot be read, what it refers to is not known.

-- part: organizations.id persons.id initiatives.id
SELECT _row FROM {table} AS record
WHERE NOT EXISTS (SELECT 1 FROM unread)
  AND 5 = (SELECT count(*) FROM present
           WHERE record_table IN ('organizations', 'meetings', 'participants', 'statements', 'sources'))
  AND NOT EXISTS (SELECT 1 FROM mentions WHERE mentions.record_table = '{table}' AND mentions.id = record.id);

-- part: sources.id
SELECT _row FROM sources AS record
WHERE derived_from_id IS NULL AND NOT EXISTS (SELECT 1 FROM unread)
  AND 5 = (SELECT count(*) FROM present
           WHERE record_table IN ('organizations', 'meetings', 'participants', 'statements', 'sources'))
  AND NOT EXISTS (SELECT 1 FROM mentions WHERE mentions.record_table = 'sources' AND mentions.id = record.id);
