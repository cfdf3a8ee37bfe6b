-- What a late record belongs to: a lead from its opening until the same person's next one opens, so that a tool's
-- word that comes after the end still tells of the lead that ended.
SELECT
    lead,
    person,
    opened_at,
    coalesce(lead(opened_at) OVER (PARTITION BY person ORDER BY cycle_no), TIMESTAMP '9999-12-31') AS next_at
FROM cycles
