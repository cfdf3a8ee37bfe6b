-- How many facts of each table are known: what tells "nothing happened" from "nothing was loaded".
SELECT 'touches' AS fact, count(*) AS facts FROM facts.touches
UNION ALL
SELECT 'activities' AS fact, count(*) AS facts FROM facts.activities
UNION ALL
SELECT 'source_leads' AS fact, count(*) AS facts FROM facts.source_leads
UNION ALL
SELECT 'stage_moves' AS fact, count(*) AS facts FROM facts.stage_moves
UNION ALL
SELECT 'deals' AS fact, count(*) AS facts FROM facts.deals
UNION ALL
SELECT 'spend' AS fact, count(*) AS facts FROM facts.spend
UNION ALL
SELECT 'revenue' AS fact, count(*) AS facts FROM facts.revenue
UNION ALL
SELECT 'revenue.until' AS fact, count(*) AS facts FROM facts.revenue WHERE until IS NOT NULL
UNION ALL
SELECT 'feedback' AS fact, count(*) AS facts FROM facts.feedback
UNION ALL
SELECT 'handoff_moves' AS fact, count(*) AS facts FROM facts.handoff_moves
