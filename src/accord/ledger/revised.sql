-- Subjects with more than one fact: twice in this batch, or in the ledger before.
SELECT subject FROM identified GROUP BY subject HAVING count(*) > 1
UNION
SELECT identified.subject FROM identified SEMI JOIN existing_all ON identified.subject = existing_all.subject
