-- code: silent-with-value
-- severity: error
-- since: 1.0
-- summary: A row says that the source is silent and yet gives a value, a quote or a basis.
-- fix: Empty asserted_value, quote (with its language) and basis, or change the stance.
-- message: {field} is {value}, but the source is said to be silent.
-- fields: evidence.stance evidence.asserted_value evidence.quote evidence.basis

-- part: evidence.asserted_value
-- One finding for a row, at the first of the three that is filled.
SELECT _row, CASE WHEN asserted_value IS NOT NULL THEN 'asserted_value' WHEN quote IS NOT NULL THEN 'quote' ELSE 'basis' END AS field
FROM evidence WHERE stance = 'silent' AND coalesce(asserted_value, quote, basis) IS NOT NULL;
