-- code: shared-record-modified
-- severity: warning
-- since: 1.0
-- summary: A package of another publisher holds a row with the prefix dd that differs from the project's row.
-- fix: Copy the row unchanged, or make a record of your own and link it in same_as.
-- message: {field} is {value} in this copy of a shared record, and {limit} in the record itself.
-- fields: *.id
-- needs: shared-records

-- A package that declares no prefix but dd is the project's own. Of each record the first field that differs is named.

-- part: *.id
SELECT own._row, modified.field_name AS field, modified.shared_value AS against
FROM modified JOIN all_{table} AS own ON own._row = modified._row
WHERE modified.record_table = '{table}' AND starts_with(own.id, 'dd:')
  AND EXISTS (SELECT 1 FROM prefixes WHERE prefix <> 'dd')
  AND modified.field_name = (SELECT min(others.field_name) FROM modified AS others
                             WHERE others.record_table = '{table}' AND others._row = modified._row);
