-- code: speaker-not-present
-- severity: error
-- since: 1.0
-- summary: Somebody speaks who is recorded as absent, represented, only invited or only expected.
-- fix: Correct the attendance or the speaker.
-- message: {field} {value} speaks, and is recorded as {limit}.
-- fields: interventions.participant_id participants.attendance

-- part: interventions.participant_id
SELECT interventions._row, participants.attendance AS against FROM interventions
JOIN participants ON participants.id = interventions.participant_id
WHERE participants.attendance IN ('absent', 'represented', 'invited', 'expected');
