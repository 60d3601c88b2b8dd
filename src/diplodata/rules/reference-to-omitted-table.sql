-- code: reference-to-omitted-table
-- severity: error
-- since: 1.0
-- summary: A reference is filled although the package leaves out the table it points to.
-- fix: Add the table to the package, or empty the column.
-- message: {field} {value} points to the table {limit}, which the package leaves out.
-- fields: kind:reference

-- A table that every package has is required-table-missing; items of lists are list-reference-missing.

-- part: kind:reference
-- given: {field}
-- some: omitted
SELECT _row, {references} AS against FROM all_{table}
WHERE {field} IS NOT NULL AND {references} IN (SELECT record_table FROM omitted)
  AND {references} NOT IN ('organizations', 'meetings', 'participants', 'statements', 'sources');
