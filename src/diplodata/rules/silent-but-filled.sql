-- code: silent-but-filled
-- severity: error
-- since: 1.0
-- summary: All evidence for a field says that the sources are silent, and the field has a value other than unknown or unspecified.
-- fix: Empty the field, or add the evidence for it.
-- message: All evidence for {value} says that the sources are silent, but the record has the value {limit}.
-- fields: evidence.stance evidence.record_table evidence.record_id evidence.field_name

-- part: evidence.field_name
-- One finding for a field, at its first row.
WITH silent AS (
    SELECT record_table, record_id, field_name, min(id) AS first FROM evidence
    WHERE stance = 'silent' AND field_name IS NOT NULL GROUP BY record_table, record_id, field_name
),
spoken AS (
    SELECT silent.first FROM evidence JOIN silent ON silent.record_table = evidence.record_table
      AND silent.record_id = evidence.record_id AND silent.field_name = evidence.field_name
    WHERE stance <> 'silent'
)
SELECT claim._row, value AS against FROM evidence AS claim JOIN silent ON silent.first = claim.id
JOIN claimed ON claimed.record_table = claim.record_table AND claimed.record_id = claim.record_id
  AND claimed.field_name = claim.field_name
WHERE value NOT IN ('unknown', 'unspecified') AND silent.first NOT IN (SELECT first FROM spoken WHERE first IS NOT NULL);
