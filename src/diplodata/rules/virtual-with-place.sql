-- code: virtual-with-place
-- severity: warning
-- since: 1.0
-- summary: A meeting by video, telephone or correspondence has a place.
-- fix: Remove the place, or use hybrid.
-- message: {field} is {value}, but the format is {limit}.
-- fields: meetings.format meetings.city meetings.venue meetings.country_code

-- part: meetings.city
-- One finding for a meeting, at the first part of its place that is filled.
SELECT _row, format AS against,
       CASE WHEN city IS NOT NULL THEN 'city' WHEN venue IS NOT NULL THEN 'venue' ELSE 'country_code' END AS field
FROM meetings
WHERE format IN ('videoconference', 'telephone', 'correspondence')
  AND coalesce(city, venue, country_code) IS NOT NULL;
