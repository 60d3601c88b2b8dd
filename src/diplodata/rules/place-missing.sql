-- code: place-missing
-- severity: warning
-- since: 1.0
-- summary: A meeting held in person has neither city nor country.
-- fix: Add the city or the country.
-- message: The meeting was held in person, and has neither city nor country.
-- fields: meetings.format meetings.status meetings.city meetings.country_code

-- part: meetings.city
SELECT _row FROM meetings
WHERE format = 'in_person' AND status = 'held' AND city IS NULL AND country_code IS NULL;
