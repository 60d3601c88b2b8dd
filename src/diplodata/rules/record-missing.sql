-- code: record-missing
-- severity: error
-- since: 1.0
-- summary: Evidence or a name refers to a record that is not in the table it names.
-- fix: Correct record_table or record_id.
-- message: {field} {value} is not a record of {limit}.
-- fields: evidence.record_table evidence.record_id names.record_table names.record_id

-- part: evidence.record_id names.record_id
SELECT _row, record_table AS against FROM all_{table} AS claim
WHERE record_id IS NOT NULL AND record_table NOT IN (SELECT record_table FROM unread) AND NOT EXISTS (
    SELECT 1 FROM records WHERE records.record_table = claim.record_table AND records.id = claim.record_id);
