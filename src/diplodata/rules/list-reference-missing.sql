-- code: list-reference-missing
-- severity: error
-- since: 1.0
-- summary: An identifier in a list has no row in the tables to which the list may refer.
-- fix: Add the row, or correct the list.
-- message: {field} {value} holds {limit}, which has no row in the tables to which the list may refer.
-- fields: agenda_items.related_ids initiatives.co_proponent_ids

-- An item that stands twice is a constraint-error.

-- part: agenda_items.related_ids initiatives.co_proponent_ids
-- given: {field}
WITH items AS (SELECT _row, unnest(string_split({field}, ' ')) AS item FROM all_{table} WHERE {field} IS NOT NULL)
SELECT _row, min(item) AS against FROM items
WHERE NOT EXISTS (SELECT 1 FROM unread WHERE unread.record_table IN ({references}))
  AND NOT EXISTS (SELECT 1 FROM records WHERE records.record_table IN ({references}) AND records.id = items.item)
GROUP BY _row;
