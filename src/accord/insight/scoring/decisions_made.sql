SELECT
    lead, person, cycle_no, stage, decided_at, version,
    cast(fit AS DOUBLE) AS fit, cast(engagement AS DOUBLE) AS engagement, hits, inputs
FROM decisions_told
UNION ALL
SELECT
    lead, person, cycle_no, stage, decided_at, version,
    cast(fit AS DOUBLE) AS fit, cast(engagement AS DOUBLE) AS engagement, hits, inputs
FROM decisions_new
