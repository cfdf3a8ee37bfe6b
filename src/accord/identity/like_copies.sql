-- Of the like events of several tools (`like_events`): those that do not count, with the one that does.
WITH named AS (
    SELECT
        likes.group_key,
        likes.table_name,
        touch.fact_id,
        touch.subject,
        touch.source,
        touch.object,
        touch.source_id,
        touch.occurred_at AS at,
        coalesce(kinds.object_kind, 'touches') AS object_kind
    FROM like_events AS likes
    JOIN facts.touches AS touch ON likes.fact_id = touch.fact_id
    LEFT JOIN object_kinds AS kinds ON touch.kind = kinds.kind
    WHERE likes.table_name = 'touches'
    UNION ALL
    SELECT
        likes.group_key,
        likes.table_name,
        activity.fact_id,
        activity.subject,
        activity.source,
        activity.object,
        activity.source_id,
        activity.occurred_at AS at,
        'activities' AS object_kind
    FROM like_events AS likes
    JOIN facts.activities AS activity ON likes.fact_id = activity.fact_id
    WHERE likes.table_name = 'activities'
), members AS (
    SELECT
        named.*,
        row_number() OVER (
            PARTITION BY named.group_key ORDER BY coalesce(ranks.rank, 1000), named.source, named.subject
        ) AS nth
    FROM named
    LEFT JOIN sources_rank AS ranks ON named.source = ranks.source AND named.object_kind = ranks.object_kind
)
SELECT
    copy.table_name,
    copy.fact_id,
    copy.subject,
    copy.source || ':' || copy.object || ':' || copy.source_id AS name,
    master.subject AS master_subject,
    master.source || ':' || master.object || ':' || master.source_id AS master_name,
    copy.at
FROM members AS copy
JOIN members AS master ON copy.group_key = master.group_key AND master.nth = 1
ANTI JOIN parted_events AS parted ON copy.subject = parted.subject AND master.subject = parted.other
WHERE copy.nth > 1
