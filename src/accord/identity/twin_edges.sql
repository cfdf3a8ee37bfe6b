-- Pairs of records that are the same event or deal, from a foreign id or a stated link.
WITH pairs AS (
    SELECT subject, other, 'foreign_id' AS rule, source || ' keeps the id of ' || twin AS evidence, "at" FROM twins
    UNION ALL
    SELECT md5(a) AS subject, md5(b) AS other, rule, evidence, "at" FROM stated_links WHERE about = 'event'
)
SELECT pairs.subject, pairs.other, pairs.rule, pairs.evidence, pairs.at
FROM pairs
JOIN twin_subjects AS first ON pairs.subject = first.subject
JOIN twin_subjects AS second ON pairs.other = second.subject AND first.table_name = second.table_name
ANTI JOIN parted_events AS parted ON pairs.subject = parted.subject AND pairs.other = parted.other
WHERE pairs.subject <> pairs.other
