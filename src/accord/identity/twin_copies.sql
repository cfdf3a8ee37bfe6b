-- Of the records that are one event or deal by a foreign id: those that do not count, with the one that does.
WITH members AS (
    SELECT
        events.*,
        grouped.group_no,
        row_number() OVER (
            PARTITION BY events.table_name, grouped.group_no
            ORDER BY coalesce(ranks.rank, 1000), events.source, events.subject
        ) AS nth
    FROM twin_subjects AS events
    JOIN twin_groups AS grouped ON events.subject = grouped.subject
    LEFT JOIN sources_rank AS ranks
        ON events.source = ranks.source AND coalesce(events.object_kind, 'touches') = ranks.object_kind
)
SELECT
    copy.table_name,
    copy.fact_id,
    copy.subject,
    copy.source || ':' || copy.object || ':' || copy.source_id AS name,
    master.subject AS master_subject,
    master.source || ':' || master.object || ':' || master.source_id AS master_name
FROM members AS copy
JOIN members AS master
    ON copy.table_name = master.table_name AND copy.group_no = master.group_no AND master.nth = 1
ANTI JOIN parted_events AS parted ON copy.subject = parted.subject AND master.subject = parted.other
WHERE copy.nth > 1
