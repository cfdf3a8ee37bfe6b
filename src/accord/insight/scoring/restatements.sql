-- Decisions stand as made; here is where the facts known today would have put them elsewhere.
SELECT
    told.lead, told.person, told.stage, told.version, told.decided_at, computed.decided_at AS would_be_at,
    'late fact' AS cause
FROM decisions_told AS told
JOIN in_force ON told.version = in_force.version
LEFT JOIN decisions_computed AS computed
    ON told.lead = computed.lead AND told.stage = computed.stage
WHERE computed.decided_at IS NULL OR computed.decided_at <> told.decided_at
