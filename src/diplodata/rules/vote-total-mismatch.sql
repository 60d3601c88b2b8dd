-- code: vote-total-mismatch
-- severity: warning
-- since: 1.0
-- summary: The counts of a vote differ from the votes that are recorded one by one.
-- fix: Correct the count, or add the missing votes.
-- message: {field} is {value}, but {limit} such votes are recorded one by one.
-- fields: statements.votes_yes statements.votes_no statements.votes_abstain statements.votes_absent statement_parties.statement_id statement_parties.organization_id statement_parties.person_id statement_parties.relation

-- part: statements.votes_yes
-- Whoever records only the votes against has not recorded the others, so a side without any is compared only where all
-- votes in favour are there. One finding for a text, as a vote on the wrong side makes two counts differ.
WITH votes AS (
    SELECT DISTINCT statement_id, relation, organization_id || ' ' || coalesce(person_id, '') AS party
    FROM statement_parties
    WHERE relation IN ('voted_for', 'voted_against', 'abstained', 'did_not_vote', 'absent')
),
recorded AS (
    SELECT statement_id,
           count(CASE WHEN relation = 'voted_for' THEN 1 END) AS yes,
           count(CASE WHEN relation = 'voted_against' THEN 1 END) AS no,
           count(CASE WHEN relation = 'abstained' THEN 1 END) AS abstain,
           count(CASE WHEN relation IN ('did_not_vote', 'absent') THEN 1 END) AS absent
    FROM votes GROUP BY statement_id
),
compared AS (
    SELECT _row, yes, no, abstain, absent,
           yes > 0 AND TRY_CAST(votes_yes AS BIGINT) <> yes AS is_yes,
           (no > 0 OR (yes > 0 AND votes_yes IS NOT NULL)) AND TRY_CAST(votes_no AS BIGINT) <> no AS is_no,
           (abstain > 0 OR (yes > 0 AND votes_yes IS NOT NULL)) AND TRY_CAST(votes_abstain AS BIGINT) <> abstain AS is_abstain,
           (absent > 0 OR (yes > 0 AND votes_yes IS NOT NULL)) AND TRY_CAST(votes_absent AS BIGINT) <> absent AS is_absent
    FROM statements JOIN recorded ON recorded.statement_id = statements.id
)
SELECT _row,
       CASE WHEN is_yes THEN 'votes_yes' WHEN is_no THEN 'votes_no' WHEN is_abstain THEN 'votes_abstain'
            ELSE 'votes_absent' END AS field,
       CAST(CASE WHEN is_yes THEN yes WHEN is_no THEN no WHEN is_abstain THEN abstain ELSE absent END AS VARCHAR) AS against
FROM compared WHERE is_yes OR is_no OR is_abstain OR is_absent;
