-- code: evidence-value-mismatch
-- severity: warning
-- since: 1.0
-- summary: A row supports a field with a value that is not that of the field.
-- fix: Correct the field, or change the stance to contradicts.
-- message: {field} {value} is said to support the field, whose value is {limit}.
-- fields: evidence.stance evidence.record_table evidence.record_id evidence.field_name evidence.asserted_value

-- part: evidence.asserted_value
-- given: asserted_value field_name
-- White space at the ends, or twice, is untrimmed-text. A source may give less than the field: a month for a day, some items of a list. A date that is uncertain can be any.
SELECT _row, coalesce(value, '') AS against FROM evidence AS claim JOIN claimed
  ON claimed.record_table = claim.record_table AND claimed.record_id = claim.record_id
  AND claimed.field_name = claim.field_name
JOIN known_fields ON known_fields.record_table = claim.record_table AND known_fields.field_name = claim.field_name
WHERE stance = 'supports' AND coalesce(tidied(asserted_value) <> tidied(value), asserted_value IS NOT NULL)
  AND NOT (is_list AND coalesce(has_items(value, asserted_value), false))
  AND NOT (kind IN ('edtf', 'date') AND edtf_exists(asserted_value) AND coalesce(
    edtf_exists(value) AND may_be_same_day(value, asserted_value), false));
