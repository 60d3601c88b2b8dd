-- code: adoption-data-on-draft
-- severity: error
-- since: 1.0
-- summary: A text that is a draft or withdrawn has a date or method of adoption.
-- fix: Correct the status, or empty adoption_date and adoption_method.
-- message: {field} is {value}, but the text is {limit}.
-- fields: statements.status statements.adoption_date statements.adoption_method

-- part: statements.adoption_date
-- One finding for a text. The method "unknown" says only that somebody looked for one.
SELECT _row, status AS against, CASE WHEN adoption_date IS NULL THEN 'adoption_method' ELSE 'adoption_date' END AS field
FROM statements
WHERE status IN ('draft', 'withdrawn') AND (adoption_date IS NOT NULL OR adoption_method <> 'unknown');
