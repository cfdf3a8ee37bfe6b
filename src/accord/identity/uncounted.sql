-- Deals, touches and activities that another tool recorded too and whose record counts instead.
SELECT
    table_name,
    fact_id,
    subject,
    'the same as ' || master_name || ', by the id one tool keeps of the other' AS reason,
    master_subject
FROM twin_copies
UNION ALL
SELECT
    table_name,
    fact_id,
    subject,
    'the same as ' || master_name || ': same person, same kind, same thing, within 5 minutes' AS reason,
    master_subject
FROM like_copies
