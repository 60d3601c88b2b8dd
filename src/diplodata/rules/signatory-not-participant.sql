-- code: signatory-not-participant
-- severity: warning
-- since: 1.0
-- summary: A signatory did not take part in the meeting that adopted the text.
-- fix: Use joined for a later signature, or add the participant.
-- message: {field} {value} signed the text and is not among the participants of the meeting that adopted it, {limit}.
-- fields: statement_parties.relation statement_parties.statement_id statement_parties.organization_id statement_parties.person_id statements.meeting_id statements.status participants.meeting_id participants.organization_id participants.person_id

-- part: statement_parties.organization_id
-- Where no organization is listed as a participant, nobody has made the list.
SELECT party._row, statements.meeting_id AS against
FROM statement_parties AS party JOIN statements ON statements.id = party.statement_id
WHERE party.relation = 'signatory' AND statements.status = 'adopted'
  AND EXISTS (
    SELECT 1 FROM participants
    WHERE participants.meeting_id = statements.meeting_id AND participants.organization_id IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM participants
    WHERE participants.meeting_id = statements.meeting_id AND participants.organization_id = party.organization_id)
  AND NOT EXISTS (
    SELECT 1 FROM participants
    WHERE participants.meeting_id = statements.meeting_id AND participants.person_id = party.person_id);
