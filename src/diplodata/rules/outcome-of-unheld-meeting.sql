-- code: outcome-of-unheld-meeting
-- severity: error
-- since: 1.0
-- summary: A meeting that is announced, postponed, rescheduled or cancelled has attendees, speeches, adopted texts or decisions.
-- fix: Set the status of the meeting to held, or remove what cannot have happened.
-- message: {field} {value} belongs to a meeting with the status {limit}.
-- fields: meetings.status participants.attendance interventions.meeting_id statements.status statements.meeting_id decisions.meeting_id

-- part: participants.attendance
SELECT participants._row, meetings.status AS against FROM participants JOIN meetings ON meetings.id = participants.meeting_id
WHERE meetings.status IN ('announced', 'postponed', 'rescheduled', 'cancelled')
  AND participants.attendance IN ('attended', 'attended_remotely', 'attended_mode_unknown');

-- part: statements.status
SELECT statements._row, meetings.status AS against FROM statements JOIN meetings ON meetings.id = statements.meeting_id
WHERE meetings.status IN ('announced', 'postponed', 'rescheduled', 'cancelled')
  AND statements.status = 'adopted';

-- part: interventions.meeting_id decisions.meeting_id
SELECT record._row, meetings.status AS against FROM {table} AS record JOIN meetings ON meetings.id = record.meeting_id
WHERE meetings.status IN ('announced', 'postponed', 'rescheduled', 'cancelled');
