-- The facts this batch may repeat: those of its months that no undo has withdrawn.
SELECT fact_id, min(load_id) AS load_id
FROM existing
WHERE load_id NOT IN (SELECT load_id FROM withdrawals)
GROUP BY fact_id
