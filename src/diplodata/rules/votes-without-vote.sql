-- code: votes-without-vote
-- severity: error
-- since: 1.0
-- summary: Votes are counted although the method is not a vote, or a unanimous vote has votes against.
-- fix: Correct adoption_method, or the counts.
-- message: {field} is {value}, but the method is {limit}.
-- fields: statements.adoption_method statements.votes_yes statements.votes_no statements.votes_abstain statements.votes_absent

-- part: statements.votes_yes
-- One finding for a text, at its first count.
SELECT _row, adoption_method AS against,
       CASE WHEN votes_yes IS NOT NULL THEN 'votes_yes' WHEN votes_no IS NOT NULL THEN 'votes_no'
            WHEN votes_abstain IS NOT NULL THEN 'votes_abstain' ELSE 'votes_absent' END AS field
FROM statements
WHERE adoption_method IN ('consensus', 'without_vote', 'silence_procedure', 'acclamation', 'signature')
  AND coalesce(votes_yes, votes_no, votes_abstain, votes_absent) IS NOT NULL;

-- part: statements.votes_no
-- given: votes_no
SELECT _row, adoption_method AS against FROM statements
WHERE adoption_method = 'unanimous_vote' AND TRY_CAST(votes_no AS BIGINT) > 0;
