-- For people with an ending: what opens and what ends their cycles, in order. After a recycling only a touch of
-- the person's own opens again, and only when the rest is over; after any other ending the first touch,
-- activity, lead record or deal does (a tool's late move tells of the cycle before).
WITH closing AS (
    SELECT DISTINCT person FROM cycle_closings
), items AS (
    SELECT
        events.person,
        events.at,
        0 AS ends,
        CASE events.team WHEN 'marketing' THEN 'touch' ELSE 'activity' END AS what,
        events.team = 'marketing'
        AND events.quality = 'human'
        AND events.kind <> 'email_delivered'
        AND coalesce(events.direction, 'inbound') = 'inbound' AS own
    FROM timeline AS events
    SEMI JOIN closing ON events.person = closing.person
    WHERE events.counted
    UNION ALL
    SELECT records.person, records.at, 0 AS ends, records.opened_by AS what, FALSE AS own
    FROM cycle_records AS records
    SEMI JOIN closing ON records.person = closing.person
    UNION ALL
    SELECT person, endings.at, 1 AS ends, closed_by AS what, FALSE AS own FROM cycle_closings AS endings
), behind AS (
    SELECT
        *,
        max(CASE WHEN ends = 1 THEN items.at END) OVER (
            PARTITION BY person ORDER BY items.at, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS ended_at,
        max(CASE WHEN what = 'recycled' THEN items.at END) OVER (
            PARTITION BY person ORDER BY items.at, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS recycled_at
    FROM items
), kept AS (
    SELECT behind.person, behind.at, behind.ends, behind.what
    FROM behind
    CROSS JOIN recycling
    WHERE
        behind.ends = 1
        OR behind.ended_at IS NULL
        OR (
            coalesce(
                behind.at >= behind.recycled_at + recycling.again_after_seconds * INTERVAL 1 SECOND, TRUE
            )
            AND CASE WHEN behind.recycled_at = behind.ended_at THEN behind.own ELSE behind.what <> 'stage_move' END
        )
)
SELECT
    *,
    lag(ends) OVER (
        PARTITION BY person
        ORDER BY kept.at, ends, CASE what
            WHEN 'lead' THEN 0 WHEN 'touch' THEN 1 WHEN 'activity' THEN 2 WHEN 'stage_move' THEN 3 ELSE 4
        END
    ) AS ends_before
FROM kept
