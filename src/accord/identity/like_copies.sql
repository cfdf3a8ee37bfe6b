-- Of the like events of several tools (`like_events`): those that do not count, with the one that does.
WITH named AS (
    SELECT
        likes.*,
        touch.subject,
        touch.source,
        touch.source || ':' || touch.object || ':' || touch.source_id AS name,
        touch.occurred_at AS at,
        coalesce(kinds.object_kind, 'touches') AS object_kind
    FROM like_events AS likes
    JOIN facts.touches AS touch ON likes.fact_id = touch.fact_id
    LEFT JOIN object_kinds AS kinds ON likes.kind = kinds.kind
    WHERE likes.table_name = 'touches'
    UNION ALL
    SELECT
        likes.*,
        activity.subject,
        activity.source,
        activity.source || ':' || activity.object || ':' || activity.source_id AS name,
        activity.occurred_at AS at,
        'activities' AS object_kind
    FROM like_events AS likes
    JOIN facts.activities AS activity ON likes.fact_id = activity.fact_id
    WHERE likes.table_name = 'activities'
), members AS (
    SELECT
        named.*,
        row_number() OVER best_first AS nth,
        first_value(subject) OVER best_first AS master_subject,
        first_value(name) OVER best_first AS master_name
    FROM named
    LEFT JOIN sources_rank AS ranks ON named.source = ranks.source AND named.object_kind = ranks.object_kind
    WINDOW best_first AS (
        PARTITION BY named.table_name, named.person, named.kind, named.about, named.run_no, named.place
        ORDER BY coalesce(ranks.rank, 1000), named.source, named.subject
    )
)
SELECT members.table_name, members.fact_id, members.subject, name, master_subject, master_name, members.at
FROM members
ANTI JOIN parted_events AS parted
    ON members.subject = parted.subject AND members.master_subject = parted.other
WHERE members.nth > 1
