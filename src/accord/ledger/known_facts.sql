-- Facts of this batch that the ledger holds already: those of its months that no undo has withdrawn.
SELECT identified.fact_id, min(existing.load_id) AS load_id
FROM identified
JOIN existing ON identified.fact_id = existing.fact_id
WHERE existing.load_id NOT IN (SELECT load_id FROM withdrawals)
GROUP BY identified.fact_id
