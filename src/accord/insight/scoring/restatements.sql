-- Decisions stand as made; here are those that the facts known today would have made at another moment or with
-- other points.
SELECT
    told.lead, told.person, told.stage, told.version,
    told.decided_at, computed.decided_at AS would_be_at,
    told.hits, computed.hits AS would_be_hits,
    'late fact' AS cause
FROM decisions_told AS told
JOIN in_force ON told.version = in_force.version
LEFT JOIN decisions_computed AS computed
    ON told.lead = computed.lead AND told.stage = computed.stage
WHERE computed.decided_at IS NULL
    OR computed.decided_at <> told.decided_at
    OR computed.hits <> told.hits
    OR computed.inputs <> told.inputs
