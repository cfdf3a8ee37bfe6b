-- Facts that stand in this batch more than once, with the number of rows. Only a revised subject can have any.
SELECT identified.fact_id, count(*) AS n
FROM identified SEMI JOIN revised ON identified.subject = revised.subject
GROUP BY identified.fact_id
HAVING count(*) > 1
