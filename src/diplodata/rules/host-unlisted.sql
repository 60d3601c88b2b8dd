-- code: host-unlisted
-- severity: warning
-- since: 1.0
-- summary: Participants are listed and the host is not among them.
-- fix: Add the host as a participant, or correct host_id.
-- message: {field} {value} is not among the participants that are listed.
-- fields: meetings.host_id participants.meeting_id participants.organization_id organizations.parent_id

-- A part of the host, such as a ministry of a state, stands for it.

-- part: meetings.host_id
-- given: host_id
SELECT _row FROM meetings
WHERE host_id IS NOT NULL AND id IN (SELECT meeting_id FROM participants) AND NOT EXISTS (
    SELECT 1 FROM participants
    WHERE participants.meeting_id = meetings.id AND participants.organization_id = meetings.host_id)
  AND NOT EXISTS (
    SELECT 1 FROM participants JOIN organizations ON organizations.id = participants.organization_id
    WHERE participants.meeting_id = meetings.id AND organizations.parent_id = meetings.host_id);
