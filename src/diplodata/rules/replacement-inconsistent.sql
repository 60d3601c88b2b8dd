-- code: replacement-inconsistent
-- severity: error
-- since: 1.0
-- summary: A participant stands in for himself or herself, or for a person who is recorded as having attended the same meeting.
-- fix: Correct replaces_person_id, or the attendance of the person replaced.
-- message: {field} {value} names a person who took part: {limit}.
-- fields: participants.meeting_id participants.person_id participants.replaces_person_id participants.attendance

-- part: participants.replaces_person_id
-- given: replaces_person_id
SELECT _row, id AS against FROM participants WHERE replaces_person_id = person_id;

-- part: participants.replaces_person_id
-- given: replaces_person_id
SELECT record._row, min(others.id) AS against FROM participants AS record
JOIN participants AS others ON others.meeting_id = record.meeting_id AND others.person_id = record.replaces_person_id
WHERE others.attendance IN ('attended', 'attended_remotely', 'attended_mode_unknown')
  AND coalesce(record.person_id <> record.replaces_person_id, true)
GROUP BY record._row;
