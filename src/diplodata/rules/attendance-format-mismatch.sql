-- code: attendance-format-mismatch
-- severity: warning
-- since: 1.0
-- summary: Somebody was in the room at a meeting without a room, or remote at a meeting in person.
-- fix: Correct the attendance, or the format of the meeting.
-- message: {field} is {value}, but the format of the meeting is {limit}.
-- fields: participants.meeting_id participants.attendance meetings.format

-- part: participants.attendance
SELECT participants._row, meetings.format AS against FROM participants JOIN meetings ON meetings.id = participants.meeting_id
WHERE meetings.format IN ('videoconference', 'telephone', 'correspondence') AND participants.attendance = 'attended'
   OR meetings.format = 'in_person' AND participants.attendance = 'attended_remotely';
