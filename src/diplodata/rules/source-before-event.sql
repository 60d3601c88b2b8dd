-- code: source-before-event
-- severity: warning
-- since: 1.0
-- summary: The main source was certainly published before the meeting, adoption or decision that it is said to report.
-- fix: Cite a later source, or set the status to announced.
-- message: {field} {value} was certainly published, on {limit}, before what it is said to report.
-- fields: meetings.status meetings.start_date meetings.time_zone meetings.source_id statements.status statements.adoption_date statements.meeting_id statements.source_id decisions.decision_date decisions.meeting_id decisions.source_id sources.published_date
-- needs: as-of

-- A meeting that lies ahead is held-in-future.

-- part: meetings.source_id
-- given: sources.published_date
SELECT meetings._row, sources.published_date AS against FROM meetings
JOIN sources ON sources.id = meetings.source_id CROSS JOIN checking
WHERE meetings.status = 'held' AND date_first(meetings.start_date) <= as_of + margin(meetings.time_zone)
  AND date_last(sources.published_date) + margin(meetings.time_zone) < date_first(meetings.start_date);

-- part: statements.source_id
-- given: sources.published_date adoption_date
SELECT statements._row, sources.published_date AS against FROM statements
JOIN sources ON sources.id = statements.source_id
LEFT JOIN meetings ON meetings.id = statements.meeting_id
WHERE statements.status IN ('adopted', 'issued')
  AND date_last(sources.published_date) + margin(meetings.time_zone) < date_first(statements.adoption_date);

-- part: decisions.source_id
-- given: sources.published_date decision_date
SELECT decisions._row, sources.published_date AS against FROM decisions
JOIN sources ON sources.id = decisions.source_id
LEFT JOIN meetings ON meetings.id = decisions.meeting_id
WHERE date_last(sources.published_date) + margin(meetings.time_zone) < date_first(decisions.decision_date);
