-- Events of shared kinds with the person and the thing (`about`) that two tools would both name: the form, the
-- page, the mail or asset, the partner of a call.
WITH events AS (
    SELECT
        'touches' AS table_name,
        touch.fact_id,
        touch.source,
        touch.actor,
        touch.kind,
        CASE
            WHEN touch.kind = 'page_view' THEN coalesce(touch.path, touch.url, '')
            WHEN touch.kind = 'form_submit' THEN coalesce(touch.form, touch.asset, '')
            ELSE coalesce(touch.asset, touch.form, '')
        END AS about,
        touch.occurred_at AS at
    FROM facts.touches AS touch
    WHERE touch.actor IS NOT NULL AND touch.kind IN (SELECT kind FROM shared_kinds WHERE table_name = 'touches')
    UNION ALL
    SELECT
        'activities' AS table_name,
        activity.fact_id,
        activity.source,
        activity.actor,
        activity.kind,
        coalesce(activity.asset, '') AS about,
        activity.occurred_at AS at
    FROM facts.activities AS activity
    WHERE
        activity.actor IS NOT NULL
        AND activity.kind IN (SELECT kind FROM shared_kinds WHERE table_name = 'activities')
)
SELECT
    events.table_name,
    events.fact_id,
    events.source,
    events.kind,
    events.about,
    events.at,
    coalesce(spans.person, named.person) AS person
FROM events
JOIN name_people AS named ON events.actor = named.actor
LEFT JOIN visitor_spans AS spans
    ON events.actor = spans.actor AND events.at >= spans.from_at AND events.at < spans.until_at
ANTI JOIN twin_copies AS copies ON events.fact_id = copies.fact_id
