-- The moves through the agreement's stages that tools recorded.
SELECT ranges.lead, stages.stage, moved.occurred_at AS at, 'stage_move' AS by, moved.assumed, moved.source
FROM facts.stage_moves AS moved
JOIN stages ON moved.stage = stages.stage
JOIN actors ON moved.actor = actors.actor
JOIN lead_ranges AS ranges
    ON actors.person = ranges.person
    AND moved.occurred_at >= ranges.opened_at
    AND moved.occurred_at < ranges.next_at
