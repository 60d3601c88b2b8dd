-- code: retrieved-before-published
-- severity: warning
-- since: 1.0
-- summary: A source was certainly read before it was published.
-- fix: Correct one of the two dates.
-- message: {field} {value} is certainly before the publication {limit}.
-- fields: sources.published_date sources.retrieved_date

-- part: sources.retrieved_date
-- given: published_date retrieved_date
SELECT _row, published_date AS against FROM sources
WHERE date_last(retrieved_date) < date_first(published_date);
