-- code: contradiction-without-value
-- severity: error
-- since: 1.0
-- summary: A source contradicts a field and its own value is not given, or is the same as that of the field.
-- fix: Write the value of the source in asserted_value; where it is that of the field, change the stance to supports.
-- message: {field} is {value}, but a source that contradicts {limit} says something else than the field.
-- fields: evidence.stance evidence.record_table evidence.record_id evidence.field_name evidence.asserted_value

-- part: evidence.asserted_value
SELECT _row, field_name AS against FROM evidence AS claim
WHERE stance = 'contradicts' AND field_name IS NOT NULL AND asserted_value IS NULL
UNION ALL
SELECT _row, claim.field_name AS against FROM evidence AS claim JOIN claimed
  ON claimed.record_table = claim.record_table AND claimed.record_id = claim.record_id
  AND claimed.field_name = claim.field_name
WHERE stance = 'contradicts' AND asserted_value = value;
