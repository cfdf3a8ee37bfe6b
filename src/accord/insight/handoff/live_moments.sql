-- The moments at which the ledger learned something new: when facts that are not history were recorded. A decision
-- made at none of them rests on a source's first load, and is history itself.
SELECT DISTINCT known_at AS at
FROM (
    SELECT known_at FROM facts.touches WHERE NOT history
    UNION ALL
    SELECT known_at FROM facts.activities WHERE NOT history
    UNION ALL
    SELECT known_at FROM facts.people WHERE NOT history
    UNION ALL
    SELECT known_at FROM facts.accounts WHERE NOT history
    UNION ALL
    SELECT known_at FROM facts.source_leads WHERE NOT history
    UNION ALL
    SELECT known_at FROM facts.links WHERE NOT history
) AS learned
