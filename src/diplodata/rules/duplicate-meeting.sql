-- code: duplicate-meeting
-- severity: warning
-- since: 1.0
-- summary: Two meetings of the same body and type start on the same day, neither is part of the other, and no number, time or symbol tells them apart.
-- fix: Merge the two records, or add what tells them apart: ordinal, start_time or record_symbol.
-- message: {limit} is a meeting of the same body and type on the same day, {value}.
-- fields: meetings.organization_id meetings.meeting_type meetings.start_date meetings.parent_id meetings.ordinal meetings.start_time meetings.record_symbol

-- A meeting is compared with the first of its body, type and day, and with the first of those that have the same number,
-- time and symbol; comparing each with each would take too long where there are many.

-- part: meetings.start_date
-- given: organization_id
WITH RECURSIVE known AS (
    SELECT _row, id, organization_id, coalesce(meeting_type, '') AS kind, start_date, ordinal, start_time, record_symbol,
        row_hash(ordinal, start_time, record_symbol) AS mark
    FROM meetings WHERE organization_id IS NOT NULL AND is_day(start_date)
),
days AS (
    SELECT organization_id, kind, start_date, min(_row) AS earliest FROM known
    GROUP BY organization_id, kind, start_date HAVING count(*) > 1
),
marks AS (
    SELECT organization_id, kind, start_date, mark, min(_row) AS earliest FROM known
    GROUP BY organization_id, kind, start_date, mark HAVING count(*) > 1
),
pairs AS (
    SELECT known._row, days.earliest FROM known
    JOIN days ON days.organization_id = known.organization_id AND days.kind = known.kind AND days.start_date = known.start_date
    WHERE known._row > days.earliest
    UNION
    SELECT known._row, marks.earliest FROM known
    JOIN marks ON marks.organization_id = known.organization_id AND marks.kind = known.kind
        AND marks.start_date = known.start_date AND marks.mark = known.mark
    WHERE known._row > marks.earliest
),
alike AS (
    SELECT later._row, later.id, earlier.id AS other FROM pairs
    JOIN known AS later ON later._row = pairs._row
    JOIN known AS earlier ON earlier._row = pairs.earliest
    WHERE coalesce(later.ordinal = earlier.ordinal, true) AND coalesce(later.start_time = earlier.start_time, true)
      AND coalesce(later.record_symbol = earlier.record_symbol, true)
),
walk AS (
    SELECT id AS start, parent_id AS here FROM all_meetings
    WHERE parent_id IS NOT NULL AND (id IN (SELECT id FROM alike) OR id IN (SELECT other FROM alike))
    UNION
    SELECT walk.start, above.parent_id FROM walk JOIN all_meetings AS above ON above.id = walk.here
    WHERE above.parent_id IS NOT NULL
)
SELECT _row, min(other) AS against FROM alike
WHERE NOT EXISTS (SELECT 1 FROM walk WHERE walk.start = alike.id AND walk.here = alike.other)
  AND NOT EXISTS (SELECT 1 FROM walk WHERE walk.start = alike.other AND walk.here = alike.id)
GROUP BY _row;
