-- What a person's cycle may open with, besides the events of the timeline: lead records, moves of a tool
-- through the agreement's stages, deals, as far as they have happened.
WITH records AS (
    SELECT actors.person, coalesce(record.created_at, record.occurred_at) AS at, 'lead' AS opened_by
    FROM facts.source_leads AS record
    JOIN actors ON record.actor = actors.actor
    UNION ALL
    SELECT actors.person, moved.occurred_at AS at, 'stage_move' AS opened_by
    FROM facts.stage_moves AS moved
    JOIN actors ON moved.actor = actors.actor
    WHERE moved.stage NOT IN ('disqualified', 'recycled')
    UNION ALL
    SELECT person, created_at AS at, 'deal' AS opened_by
    FROM deals_counted
    WHERE person IS NOT NULL
)
SELECT records.*
FROM records
CROSS JOIN as_of
WHERE records.at <= as_of.now
