-- code: cross-meeting-reference
-- severity: error
-- since: 1.0
-- summary: A speaker, an agenda item or a larger point belongs to another meeting.
-- fix: Refer to a row of the same meeting.
-- message: {field} {value} belongs to another meeting, {limit}.
-- fields: interventions.meeting_id interventions.participant_id interventions.agenda_item_id interventions.part_of_id participants.meeting_id agenda_items.meeting_id agenda_items.parent_id statements.meeting_id statements.agenda_item_id decisions.meeting_id decisions.agenda_item_id

-- part: interventions.participant_id
-- given: participant_id
SELECT record._row, other.meeting_id AS against FROM all_interventions AS record
JOIN all_participants AS other ON other.id = record.participant_id
WHERE other.meeting_id <> record.meeting_id;

-- part: interventions.agenda_item_id statements.agenda_item_id decisions.agenda_item_id
-- given: {field}
SELECT record._row, other.meeting_id AS against FROM all_{table} AS record
JOIN all_agenda_items AS other ON other.id = record.agenda_item_id
WHERE other.meeting_id <> record.meeting_id;

-- part: interventions.part_of_id agenda_items.parent_id
-- given: {field}
SELECT record._row, other.meeting_id AS against FROM all_{table} AS record
JOIN all_{table} AS other ON other.id = record.{field}
WHERE other.meeting_id <> record.meeting_id;
