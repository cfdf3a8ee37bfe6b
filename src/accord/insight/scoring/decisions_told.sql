-- Decisions made before, each with the lead it belongs to today; only those of versions in force when they were made.
SELECT
    cycles.lead, cycles.person, cycles.cycle_no, made.stage, made.occurred_at AS decided_at, made.version,
    made.fit, made.engagement, made.hits, made.inputs
FROM (
    SELECT
        decision.*, actors.person,
        row_number() OVER (
            PARTITION BY actors.person, decision.cycle_no, decision.stage
            ORDER BY decision.occurred_at, decision.fact_id
        ) AS nth
    FROM facts.decisions AS decision
    JOIN actors ON decision.actor = actors.actor
    JOIN versions_in_force AS version
        ON decision.version = version.version
        AND decision.occurred_at >= version.from_at AND decision.occurred_at < version.until_at
) AS made
JOIN cycles ON made.person = cycles.person AND made.cycle_no = cycles.cycle_no
WHERE made.nth = 1
