-- code: duplicate-agenda-position
-- severity: warning
-- since: 1.0
-- summary: Two agenda items have the same place in the same list.
-- fix: Renumber the items.
-- message: {field} {value} is also the place of {limit} in the same list.
-- fields: agenda_items.meeting_id agenda_items.parent_id agenda_items.position

-- part: agenda_items.position
-- given: position
-- A list is the items of one meeting with the same parent; the item whose identifier comes first keeps its place.
WITH places AS (
    SELECT _row, id, TRY_CAST(position AS BIGINT) AS place, meeting_id || ' ' || coalesce(parent_id, '') AS list
    FROM agenda_items
),
shared AS (
    SELECT list, place, min(id) AS first FROM places WHERE place IS NOT NULL GROUP BY list, place HAVING count(*) > 1
)
SELECT _row, first AS against FROM places JOIN shared ON shared.list = places.list AND shared.place = places.place
WHERE id > first;
