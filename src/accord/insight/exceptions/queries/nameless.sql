-- Facts that name nobody, of all facts of their table.
WITH totals AS (
    SELECT fact AS table_name, facts FROM fact_counts WHERE fact <> 'deals'
    UNION ALL
    SELECT 'deals' AS table_name, count(*) AS facts FROM deals_counted
)
SELECT nameless.table_name, nameless.n AS nameless, totals.facts
FROM unattributed AS nameless
JOIN totals ON nameless.table_name = totals.table_name
ORDER BY nameless.table_name
