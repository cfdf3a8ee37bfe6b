-- Subjects of the facts to append that the ledger knows already: those with a fact that no undo has withdrawn.
SELECT DISTINCT existing_all.subject
FROM existing_all
SEMI JOIN new_facts ON existing_all.subject = new_facts.subject
WHERE existing_all.load_id NOT IN (SELECT load_id FROM withdrawals)
