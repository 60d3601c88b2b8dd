-- code: reference-to-inactive
-- severity: warning
-- since: 1.0
-- summary: A current record refers to one that is superseded, merged or withdrawn.
-- fix: Refer to the successor of that record.
-- message: {field} {value} refers to a record that is {limit}.
-- fields: kind:reference
-- except: *.superseded_by_id

-- part: kind:reference
-- given: {field}
-- some: inactive
SELECT record._row, inactive.record_status AS against FROM {table} AS record
JOIN inactive ON inactive.id = record.{field}
WHERE inactive.record_table IN ({references});

-- part: list:reference
-- given: {field}
-- some: inactive
WITH items AS (SELECT _row, unnest(string_split({field}, ' ')) AS item FROM {table} WHERE {field} IS NOT NULL),
hits AS (
    SELECT items._row, items.item, inactive.record_status FROM items JOIN inactive ON inactive.id = items.item
    WHERE inactive.record_table IN ({references})
)
SELECT _row, item AS value, record_status AS against FROM hits
WHERE item = (SELECT min(others.item) FROM hits AS others WHERE others._row = hits._row);
