-- code: id-disappeared
-- severity: error
-- since: 1.0
-- summary: An identifier of the earlier release is gone. Only rows of evidence and names may go.
-- fix: Put the row back, with record_status withdrawn, merged or superseded.
-- message: {value} was in the earlier release and is not in this one.
-- fields: *.id
-- except: evidence.* names.*
-- needs: previous

-- part: *.id
SELECT NULL AS _row, id AS value FROM previous
WHERE record_table = '{table}' AND NOT EXISTS (SELECT 1 FROM all_{table} AS own WHERE own.id = previous.id);

-- All records of a table that is left out.

-- part: package.resources
SELECT NULL AS _row, id AS value FROM previous
WHERE record_table NOT IN ('evidence', 'names') AND record_table NOT IN (SELECT record_table FROM present);
