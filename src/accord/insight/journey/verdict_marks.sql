-- What sellers said of a lead, as what lets it enter a stage.
WITH said AS (
    SELECT actor, verdict, occurred_at AS at, source FROM facts.feedback WHERE kind = 'verdict'
    UNION ALL
    SELECT actor, 'accepted' AS verdict, occurred_at AS at, source
    FROM facts.handoff_moves
    WHERE move = 'accepted'
)
SELECT ranges.lead, stages.stage, said.at, 'verdict' AS by, FALSE AS assumed, said.source
FROM said
JOIN stages ON said.verdict = stages.enter
JOIN actors ON said.actor = actors.actor
JOIN lead_ranges AS ranges
    ON actors.person = ranges.person AND said.at >= ranges.opened_at AND said.at < ranges.next_at
