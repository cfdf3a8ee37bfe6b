-- Deals opened and won, as what lets a lead enter a stage.
WITH happened AS (
    SELECT person, created_at AS at, 'deal_open' AS enter, assumed, source FROM deals_counted
    UNION ALL
    SELECT person, closed_at AS at, 'deal_won' AS enter, assumed, source FROM deals_counted WHERE status = 'won'
)
SELECT ranges.lead, stages.stage, happened.at, 'deal' AS by, happened.assumed, happened.source
FROM happened
JOIN stages ON happened.enter = stages.enter
JOIN lead_ranges AS ranges
    ON happened.person = ranges.person AND happened.at >= ranges.opened_at AND happened.at < ranges.next_at
