-- code: unknown-field
-- severity: error
-- since: 1.0
-- summary: field_name is not a column of record_table.
-- fix: Use the name of a column of the table that record_table names.
-- message: {field} {value} is not a column of {limit}.
-- fields: evidence.record_table evidence.field_name names.record_table names.field_name

-- part: evidence.field_name names.field_name
-- given: field_name
SELECT _row, record_table AS against FROM all_{table} AS claim
WHERE field_name IS NOT NULL AND record_table IN (SELECT record_table FROM known_fields) AND NOT EXISTS (
    SELECT 1 FROM known_fields
    WHERE known_fields.record_table = claim.record_table AND known_fields.field_name = claim.field_name);
