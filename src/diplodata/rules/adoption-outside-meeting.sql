-- code: adoption-outside-meeting
-- severity: warning
-- since: 1.0
-- summary: A text or decision of a meeting is dated certainly outside its days, and the method is neither silence nor written procedure.
-- fix: Correct the date; when the text was settled after the meeting, by silence or in writing, say so in the method.
-- message: {field} {value} is certainly outside the days of the meeting, {limit}.
-- fields: statements.meeting_id statements.adoption_date statements.adoption_method decisions.meeting_id decisions.decision_date decisions.adoption_method meetings.start_date meetings.end_date meetings.meeting_type meetings.time_zone

-- part: statements.adoption_date decisions.decision_date
-- given: {field}
SELECT record._row, concat(meetings.start_date, ' to ', coalesce(meetings.end_date, meetings.start_date)) AS against
FROM {table} AS record JOIN meetings ON meetings.id = record.meeting_id
WHERE coalesce(record.adoption_method, 'unknown') NOT IN ('silence_procedure', 'written_procedure')
  AND (date_last(record.{field}) + margin(meetings.time_zone) < date_first(meetings.start_date)
    OR date_first(record.{field}) > meeting_last(meetings.start_date, meetings.end_date, meetings.meeting_type)
                                    + margin(meetings.time_zone));
