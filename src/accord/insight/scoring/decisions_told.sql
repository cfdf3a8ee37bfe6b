-- Decisions made before, of versions in force when they were made, each with the lead it belongs to today: that of
-- the cycle begun last before it. Late facts may have renumbered the cycles, so the number it was made with says little.
WITH placed AS (
    SELECT
        cycles.lead, cycles.person, cycles.cycle_no,
        decision.fact_id, decision.stage, decision.occurred_at, decision.version,
        decision.fit, decision.engagement, decision.hits, decision.inputs,
        row_number() OVER (PARTITION BY decision.fact_id ORDER BY cycles.opened_at DESC) AS nearest
    FROM facts.decisions AS decision
    JOIN actors ON decision.actor = actors.actor
    JOIN cycles ON actors.person = cycles.person AND cycles.opened_at <= decision.occurred_at
    JOIN versions_in_force AS version
        ON decision.version = version.version
        AND decision.occurred_at >= version.from_at AND decision.occurred_at < version.until_at
),
told AS (
    SELECT *, row_number() OVER (PARTITION BY lead, stage ORDER BY occurred_at, fact_id) AS nth
    FROM placed
    WHERE nearest = 1
)
SELECT
    lead, person, cycle_no, stage, occurred_at AS decided_at, version, fit, engagement, hits, inputs
FROM told
WHERE nth = 1
