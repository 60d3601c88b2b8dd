-- code: duplicate-name
-- severity: warning
-- since: 1.0
-- summary: The same name of the same record stands twice.
-- fix: Remove one of the rows.
-- message: {field} {value} of the same record, language and kind stands in {limit} already.
-- fields: names.record_table names.record_id names.field_name names.language names.name_type names.value names.start_date

-- part: names.value
-- A name that was used again in another time is told apart by its start_date.
WITH twice AS (
    SELECT row_hash(record_id, value, field_name, language, start_date) AS mark FROM names
    GROUP BY row_hash(record_id, value, field_name, language, start_date) HAVING count(*) > 1
),
named AS (
    SELECT _row, id, record_id, value, record_table || ' ' || field_name || ' ' || language || ' ' || coalesce(name_type, '')
        || ' ' || coalesce(start_date, '') AS form
    FROM names WHERE row_hash(record_id, value, field_name, language, start_date) IN (SELECT mark FROM twice)
),
shared AS (
    SELECT record_id, value, form, min(id) AS first FROM named WHERE form IS NOT NULL
    GROUP BY record_id, value, form HAVING count(*) > 1
)
SELECT _row, first AS against FROM named
JOIN shared ON shared.record_id = named.record_id AND shared.value = named.value AND shared.form = named.form
WHERE id > first;
