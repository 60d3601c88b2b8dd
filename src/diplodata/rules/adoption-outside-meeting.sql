-- code: adoption-outside-meeting
-- severity: warning
-- since: 1.0
-- summary: A text or decision of a meeting is dated certainly outside its days, and the method is neither silence nor written procedure.
-- fix: Correct the date; when the text was settled after the meeting, by silence or in writing, say so in the method.
-- message: {field} {value} is certainly outside the days of the meeting, {limit}.
-- fields: statements.meeting_id statements.adoption_date statements.adoption_method decisions.meeting_id decisions.decision_date decisions.adoption_method meetings.start_date meetings.end_date meetings.meeting_type meetings.time_zone

-- part: statements.adoption_date decisions.decision_date
-- given: {field}
WITH days AS (
    SELECT id, start_date, concat(start_date, ' to ', coalesce(end_date, start_date)) AS dates,
        date_first(start_date) - margin(time_zone) AS earliest,
        meeting_last(start_date, end_date, meeting_type) + margin(time_zone) AS latest FROM meetings
)
SELECT record._row, days.dates AS against FROM {table} AS record JOIN days ON days.id = record.meeting_id
WHERE record.{field} <> days.start_date
  AND coalesce(record.adoption_method, 'unknown') NOT IN ('silence_procedure', 'written_procedure')
  AND (date_last(record.{field}) < days.earliest OR date_first(record.{field}) > days.latest);
