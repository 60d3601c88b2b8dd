-- code: initiative-adopted-without-text
-- severity: warning
-- since: 1.0
-- summary: An initiative is adopted and no text is named.
-- fix: Fill in statement_id; add the text first where it has no record.
-- message: The initiative is adopted, and {field} does not say in which text.
-- fields: initiatives.status initiatives.statement_id

-- part: initiatives.statement_id
SELECT _row FROM initiatives WHERE status = 'adopted' AND statement_id IS NULL;
