-- code: country-code-not-valid
-- severity: warning
-- since: 1.0
-- summary: A country code is not assigned, or was not assigned at the date.
-- fix: Use the code that was valid at the date, or leave it empty.
-- message: {field} {value} is {limit}.
-- fields: organizations.country_code meetings.country_code meetings.start_date meetings.end_date
-- needs: countries

-- A state that was withdrawn from ISO 3166-1 has its four-letter code. ISO 3166 begins in 1974: its first codes are
-- taken for earlier dates as well.

-- part: organizations.country_code
-- given: country_code
SELECT _row, CASE WHEN country_code IN (SELECT code FROM countries) THEN 'no longer assigned' ELSE 'not assigned' END AS against
FROM organizations
WHERE country_code IS NOT NULL
  AND country_code NOT IN (SELECT code FROM countries WHERE valid_to IS NULL OR length(code) = 4);

-- part: meetings.country_code
-- given: country_code
SELECT _row, 'not assigned' AS against FROM meetings
WHERE country_code IS NOT NULL AND country_code NOT IN (SELECT code FROM countries);

-- part: meetings.country_code
-- given: country_code
SELECT _row, concat('not assigned on ', start_date) AS against FROM meetings
WHERE country_code IN (SELECT code FROM countries) AND start_date IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM countries
    WHERE countries.code = meetings.country_code
      AND coalesce(date_first(meetings.start_date) <= date_last(countries.valid_to), true)
      AND coalesce(date_last(coalesce(meetings.end_date, meetings.start_date)) >= date_first(nullif(countries.valid_from, '1974')), true));
