-- What sellers did with each lead in person: how much, when last, and whether two of them worked on it side by side, that is
-- within 30 days of one another. One human with two owner records is one seller; tasks and notes are no contact.
WITH acted AS (
    SELECT ranges.lead, events.at, coalesce(owners.owner, events.owner_id) AS seller
    FROM timeline AS events
    JOIN lead_ranges AS ranges
        ON events.person = ranges.person AND events.at >= ranges.opened_at AND events.at < ranges.next_at
    LEFT JOIN owner_names AS owners ON events.owner_id = owners.owner_id
    WHERE
        events.team = 'sales'
        AND events.counted
        AND events.quality = 'human'
        AND events.kind NOT IN ('task', 'note')
), in_turn AS (
    SELECT
        lead,
        acted.at,
        seller,
        lag(acted.at) OVER (PARTITION BY lead ORDER BY acted.at, seller) AS before_at,
        lag(seller) OVER (PARTITION BY lead ORDER BY acted.at, seller) AS before_seller
    FROM acted
    WHERE seller IS NOT NULL
), side_by_side AS (
    SELECT DISTINCT lead
    FROM in_turn
    WHERE seller <> before_seller AND in_turn.at < before_at + INTERVAL 30 DAY
)
SELECT
    acted.lead,
    count(*) AS activities,
    max(acted.at) AS last_activity_at,
    bool_or(two.lead IS NOT NULL) AS worked_by_two
FROM acted
LEFT JOIN side_by_side AS two ON acted.lead = two.lead
GROUP BY acted.lead
