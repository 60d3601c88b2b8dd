-- code: record-without-evidence
-- severity: warning
-- since: 1.0
-- summary: The package has evidence, and a meeting, statement or decision has none.
-- fix: Add at least one row of evidence for the record.
-- message: {value} has no evidence.
-- fields: meetings.id statements.id decisions.id evidence.record_table evidence.record_id

-- part: meetings.id statements.id decisions.id
-- given: evidence.record_id
SELECT _row FROM {table} AS record
WHERE NOT EXISTS (
    SELECT 1 FROM evidence WHERE evidence.record_table = '{table}' AND evidence.record_id = record.id);
