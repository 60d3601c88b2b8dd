-- code: adopted-without-anchor
-- severity: error
-- since: 1.0
-- summary: A text is adopted and has neither a meeting nor a date.
-- fix: Add the meeting or the date.
-- message: The text is adopted and has neither a meeting nor a date of adoption.
-- fields: statements.status statements.meeting_id statements.adoption_date

-- part: statements.meeting_id
SELECT _row FROM statements
WHERE status = 'adopted' AND meeting_id IS NULL AND adoption_date IS NULL;
