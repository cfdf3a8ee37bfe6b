-- The subjects that a twin or a stated link names, with the table they stand in.
WITH named AS (
    SELECT subject FROM twins
    UNION
    SELECT other AS subject FROM twins
    UNION
    SELECT md5(a) AS subject FROM stated_links WHERE about = 'event'
    UNION
    SELECT md5(b) AS subject FROM stated_links WHERE about = 'event'
)
SELECT 'deals' AS table_name, events.subject, events.fact_id, events.source, events.object, events.source_id,
    'deals' AS object_kind
FROM facts.deals AS events SEMI JOIN named ON events.subject = named.subject
UNION ALL
SELECT 'touches' AS table_name, events.subject, events.fact_id, events.source, events.object, events.source_id,
    kinds.object_kind
FROM facts.touches AS events
SEMI JOIN named ON events.subject = named.subject
LEFT JOIN object_kinds AS kinds ON events.kind = kinds.kind
UNION ALL
SELECT 'activities' AS table_name, events.subject, events.fact_id, events.source, events.object,
    events.source_id, 'activities' AS object_kind
FROM facts.activities AS events SEMI JOIN named ON events.subject = named.subject
