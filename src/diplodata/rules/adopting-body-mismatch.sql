-- code: adopting-body-mismatch
-- severity: warning
-- since: 1.0
-- summary: The body of a text or decision is neither the body of the meeting nor one of its organizers.
-- fix: Correct the body or the meeting, or add the body to the meeting as a participant with the role organizer.
-- message: {field} {value} is neither the body of the meeting, {limit}, nor one of its organizers.
-- fields: statements.organization_id statements.meeting_id statements.status decisions.organization_id decisions.meeting_id meetings.organization_id participants.meeting_id participants.role participants.organization_id

-- A meeting without a body says nothing about whose texts it adopts. A text that is only drafted or considered may be
-- meant for another body.

-- part: statements.organization_id
-- given: organization_id meeting_id
SELECT record._row, meetings.organization_id AS against
FROM statements AS record JOIN meetings ON meetings.id = record.meeting_id
WHERE record.status IN ('adopted', 'issued', 'not_adopted') AND record.organization_id <> meetings.organization_id
  AND NOT EXISTS (
    SELECT 1 FROM participants
    WHERE participants.role = 'organizer' AND participants.meeting_id = record.meeting_id
      AND participants.organization_id = record.organization_id);

-- part: decisions.organization_id
-- given: organization_id
SELECT record._row, meetings.organization_id AS against
FROM decisions AS record JOIN meetings ON meetings.id = record.meeting_id
WHERE record.organization_id <> meetings.organization_id
  AND NOT EXISTS (
    SELECT 1 FROM participants
    WHERE participants.role = 'organizer' AND participants.meeting_id = record.meeting_id
      AND participants.organization_id = record.organization_id);
