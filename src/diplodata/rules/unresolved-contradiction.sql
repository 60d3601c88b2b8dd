-- code: unresolved-contradiction
-- severity: warning
-- since: 1.0
-- summary: Sources support and contradict the same field, and the record does not say so with confidence low and a note.
-- fix: Set the confidence of the record to low, and explain the choice in its note.
-- message: The source contradicts {limit}, which another source supports; the record says nothing of it with confidence low and a note.
-- fields: evidence.stance evidence.record_table evidence.record_id evidence.field_name

-- part: evidence.stance
-- One finding for a field, at the first row that contradicts. Records without a confidence need the note only.
WITH denied AS (
    SELECT record_table, record_id, coalesce(field_name, '') AS about, min(id) AS first
    FROM evidence WHERE stance = 'contradicts' GROUP BY record_table, record_id, coalesce(field_name, '')
)
SELECT claim._row, coalesce(claim.field_name, 'the record') AS against
FROM evidence AS claim JOIN denied ON denied.first = claim.id
JOIN records ON records.record_table = claim.record_table AND records.id = claim.record_id
WHERE records.is_active
  AND (records.note IS NULL OR (records.record_table <> 'sources' AND coalesce(records.confidence <> 'low', true)))
  AND EXISTS (
    SELECT 1 FROM evidence WHERE stance = 'supports' AND evidence.record_table = denied.record_table
      AND evidence.record_id = denied.record_id AND coalesce(evidence.field_name, '') = denied.about);
