-- The deals that count, each once, with the account and the main person behind it.
WITH won_or_lost AS (
    SELECT aliases.deal, moves.status, min(moves.occurred_at) AS at
    FROM facts.deal_moves AS moves
    JOIN deal_aliases AS aliases ON moves.deal_id = aliases.deal_id
    WHERE moves.status IN ('won', 'lost')
    GROUP BY aliases.deal, moves.status
), main AS (
    SELECT deal, person, row_number() OVER (PARTITION BY deal ORDER BY main DESC, "at", person) AS nth
    FROM deal_persons
)
SELECT
    aliases.deal,
    aliases.deal_id,
    coalesce(linked.account, people.account) AS account,
    main.person,
    deals.owner_id,
    deals.name,
    deals.amount,
    deals.currency,
    deals.stage,
    deals.status,
    deals.kind,
    deals.lost_reason,
    deals.campaign_id,
    coalesce(deals.created_at, deals.occurred_at) AS created_at,
    CASE
        WHEN deals.status IN ('won', 'lost') THEN coalesce(deals.closed_at, closed.at, deals.occurred_at)
    END AS closed_at,
    deals.source,
    deals.assumed
FROM facts.deals AS deals
JOIN deal_aliases AS aliases ON deals.subject = aliases.subject AND aliases.is_master
LEFT JOIN main ON aliases.deal = main.deal AND main.nth = 1
LEFT JOIN people ON main.person = people.person
LEFT JOIN name_accounts AS linked ON deals.account_id = linked.account_id
LEFT JOIN won_or_lost AS closed ON aliases.deal = closed.deal AND deals.status = closed.status
