-- code: inferred-with-high-confidence
-- severity: warning
-- since: 1.0
-- summary: A claim that is inferred or editorial has confidence high.
-- fix: Use medium or low.
-- message: {field} is {value}, although the basis is {limit}.
-- fields: evidence.basis evidence.confidence

-- part: evidence.confidence
-- given: basis confidence
SELECT _row, basis AS against FROM evidence WHERE basis IN ('inferred', 'editorial') AND confidence = 'high';
