-- Facts that stand in this batch more than once, with the number of rows.
SELECT fact_id, count(*) AS n FROM identified GROUP BY fact_id HAVING count(*) > 1
