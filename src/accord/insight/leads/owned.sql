-- Which person, account and deal is whose: a person its owner's, a deal its owner's and its main person's owner's, an
-- account its owner's and the owners' of its people and deals.
WITH people_of AS (
    SELECT people.person, people.account, owners.email
    FROM people
    JOIN owner_names AS owners ON people.owner_id = owners.owner_id
    WHERE owners.email IS NOT NULL
), deals_of AS (
    SELECT deals.deal, deals.account, owners.email
    FROM deals_counted AS deals
    JOIN owner_names AS owners ON deals.owner_id = owners.owner_id
    WHERE owners.email IS NOT NULL
    UNION ALL
    SELECT deals.deal, deals.account, people_of.email
    FROM deals_counted AS deals
    JOIN people_of ON deals.person = people_of.person
)
SELECT email AS owner_email, 'person' AS kind, person AS key FROM people_of
UNION
SELECT email AS owner_email, 'deal' AS kind, deal AS key FROM deals_of
UNION
SELECT email AS owner_email, 'account' AS kind, account AS key FROM people_of WHERE account IS NOT NULL
UNION
SELECT email AS owner_email, 'account' AS kind, account AS key FROM deals_of WHERE account IS NOT NULL
UNION
SELECT owners.email AS owner_email, 'account' AS kind, accounts.account AS key
FROM accounts
JOIN owner_names AS owners ON accounts.owner_id = owners.owner_id
WHERE owners.email IS NOT NULL
