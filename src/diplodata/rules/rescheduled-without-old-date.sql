-- code: rescheduled-without-old-date
-- severity: warning
-- since: 1.0
-- summary: A meeting was moved and its earlier date is not given.
-- fix: Fill in previous_start_date.
-- message: The meeting was moved, and previous_start_date does not say from when.
-- fields: meetings.status meetings.previous_start_date

-- part: meetings.previous_start_date
SELECT _row FROM meetings WHERE status = 'rescheduled' AND previous_start_date IS NULL;
