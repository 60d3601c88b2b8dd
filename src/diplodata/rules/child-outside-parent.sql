-- code: child-outside-parent
-- severity: warning
-- since: 1.0
-- summary: A meeting lies certainly outside the dates of the meeting of which it is part.
-- fix: Correct the dates or the parent.
-- message: {field} {value} is certainly outside the dates of the meeting of which this one is part: {limit}.
-- fields: meetings.parent_id meetings.status meetings.meeting_type meetings.start_date meetings.end_date meetings.time_zone

-- What is interrupted goes on at a date that its own record does not know.

-- part: meetings.start_date
-- given: parent_id
SELECT child._row, concat(parent.start_date, ' to ', coalesce(parent.end_date, parent.start_date)) AS against,
    CASE WHEN date_last(child.start_date) + margin(child.time_zone || parent.time_zone) < date_first(parent.start_date)
           OR date_first(child.start_date) > meeting_last(parent.start_date, parent.end_date, parent.meeting_type)
              + margin(child.time_zone || parent.time_zone)
        THEN 'start_date' ELSE 'end_date' END AS field
FROM meetings AS child JOIN meetings AS parent ON parent.id = child.parent_id
WHERE date_last(child.start_date) + margin(child.time_zone || parent.time_zone) < date_first(parent.start_date)
   OR parent.status <> 'suspended'
      AND coalesce(date_first(child.end_date), date_first(child.start_date))
          > meeting_last(parent.start_date, parent.end_date, parent.meeting_type)
            + margin(child.time_zone || parent.time_zone);
