-- The user agents met that are machines by the reviewed list `agents.csv`; a row `human` there takes out a name
-- that only looks like one.
WITH met AS (
    SELECT DISTINCT agent FROM facts.touches WHERE agent IS NOT NULL
)
SELECT met.agent, min(known.kind) AS kind, min(known.what) AS what
FROM met
JOIN known_agents AS known
    ON (known.match = 'equals' AND lower(trim(met.agent)) = known.pattern)
    OR (known.match = 'contains' AND contains(lower(met.agent), known.pattern))
GROUP BY met.agent
HAVING NOT bool_or(known.kind = 'human')
