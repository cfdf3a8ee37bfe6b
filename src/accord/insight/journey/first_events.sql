-- The first event of each person, and of what kind it was. Of several at one moment: the lead record, else the
-- touch, the activity, the tool's move, the deal.
WITH firsts AS (
    SELECT
        person,
        CAST(NULL AS TIMESTAMP) AS lead_at,
        min(timeline.at) FILTER (WHERE team = 'marketing') AS touch_at,
        min(timeline.at) FILTER (WHERE team = 'sales') AS activity_at,
        CAST(NULL AS TIMESTAMP) AS move_at,
        CAST(NULL AS TIMESTAMP) AS deal_at
    FROM timeline
    WHERE counted
    GROUP BY person
    UNION ALL
    SELECT
        person,
        min(records.at) FILTER (WHERE opened_by = 'lead') AS lead_at,
        CAST(NULL AS TIMESTAMP) AS touch_at,
        CAST(NULL AS TIMESTAMP) AS activity_at,
        min(records.at) FILTER (WHERE opened_by = 'stage_move') AS move_at,
        min(records.at) FILTER (WHERE opened_by = 'deal') AS deal_at
    FROM cycle_records AS records
    GROUP BY person
), together AS (
    SELECT
        person,
        coalesce(min(lead_at), TIMESTAMP '9999-12-31') AS lead_at,
        coalesce(min(touch_at), TIMESTAMP '9999-12-31') AS touch_at,
        coalesce(min(activity_at), TIMESTAMP '9999-12-31') AS activity_at,
        coalesce(min(move_at), TIMESTAMP '9999-12-31') AS move_at,
        coalesce(min(deal_at), TIMESTAMP '9999-12-31') AS deal_at
    FROM firsts
    GROUP BY person
), earliest AS (
    SELECT *, least(lead_at, touch_at, activity_at, move_at, deal_at) AS at FROM together
)
SELECT
    person,
    earliest.at,
    CASE earliest.at
        WHEN lead_at THEN 'lead'
        WHEN touch_at THEN 'touch'
        WHEN activity_at THEN 'activity'
        WHEN move_at THEN 'stage_move'
        ELSE 'deal'
    END AS opened_by
FROM earliest
WHERE earliest.at < TIMESTAMP '9999-12-31'
