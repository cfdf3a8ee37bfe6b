-- What working a qualified lead takes, and who worked leads lately: sales' acts in person for each lead worked that qualified
-- at a stage ($1) since a moment ($2), and the sellers who acted since another ($3).
WITH acted AS (
    SELECT ranges.lead, events."at", coalesce(owners.owner, events.owner_id) AS seller
    FROM timeline AS events
    JOIN leads AS ranges
        ON events.person = ranges.person
        AND events."at" >= ranges.opened_at
        AND events."at" < coalesce(ranges.closed_at, TIMESTAMP '9999-12-31')
    LEFT JOIN owner_names AS owners ON events.owner_id = owners.owner_id
    WHERE events.team = 'sales' AND events.counted AND events.quality = 'human'
), worked AS (
    SELECT acted.lead, count(*) AS acts
    FROM acted
    JOIN decisions_made AS made ON acted.lead = made.lead AND made.stage = $1 AND made.decided_at >= $2
    GROUP BY acted.lead
)
SELECT
    (SELECT avg(acts) FROM worked) AS acts_per_lead,
    (SELECT count(DISTINCT seller) FROM acted WHERE acted."at" >= $3) AS sellers
