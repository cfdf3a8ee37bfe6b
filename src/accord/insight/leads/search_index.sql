-- What can be searched: people, accounts, campaigns and deals, each with what it is called and `text`, in lower case,
-- each part on a line of its own after a space, so that what begins a part begins a word too. `at` is when it last
-- mattered, for the order among equals.
WITH opened AS (
    SELECT person, account, max(opened_at) AS at FROM leads GROUP BY person, account
), account_opened AS (
    SELECT account, max(opened.at) AS at FROM opened WHERE account IS NOT NULL GROUP BY account
), person_opened AS (
    SELECT person, max(opened.at) AS at FROM opened GROUP BY person
), campaign_names AS (
    SELECT lower(name) AS label, max(name) AS name, max(channel) AS channel
    FROM facts.campaigns
    WHERE name IS NOT NULL
    GROUP BY lower(name)
), campaign_opened AS (
    SELECT campaign AS label, max(opened_at) AS at, max(channel) AS channel
    FROM lead_list
    WHERE campaign IS NOT NULL
    GROUP BY campaign
), named_people AS (
    SELECT
        people.person,
        nullif(trim(coalesce(people.first_name, '') || ' ' || coalesce(people.last_name, '')), '') AS name,
        people.email,
        coalesce(accounts.name, people.company) AS company
    FROM people
    LEFT JOIN accounts ON people.account = accounts.account
)
SELECT
    'person' AS kind,
    named.person AS key,
    CAST(NULL AS VARCHAR) AS label,
    coalesce(named.name, named.email) AS title,
    named.company AS subtitle,
    coalesce(chr(10) || ' ' || lower(named.name), '') || coalesce(chr(10) || ' ' || lower(named.email), '')
    || coalesce(chr(10) || ' ' || lower(named.company), '') || chr(10) AS text,
    opened.at
FROM named_people AS named
LEFT JOIN person_opened AS opened ON named.person = opened.person
WHERE named.name IS NOT NULL OR named.email IS NOT NULL
UNION ALL
SELECT
    'account' AS kind,
    accounts.account AS key,
    CAST(NULL AS VARCHAR) AS label,
    coalesce(accounts.name, accounts.domain) AS title,
    accounts.domain AS subtitle,
    coalesce(chr(10) || ' ' || lower(accounts.name), '') || coalesce(chr(10) || ' ' || accounts.domain, '')
    || chr(10) AS text,
    opened.at
FROM accounts
LEFT JOIN account_opened AS opened ON accounts.account = opened.account
WHERE accounts.name IS NOT NULL OR accounts.domain IS NOT NULL
UNION ALL
SELECT
    'campaign' AS kind,
    CAST(NULL AS BIGINT) AS key,
    coalesce(names.label, opened.label) AS label,
    coalesce(names.name, opened.label) AS title,
    coalesce(names.channel, opened.channel) AS subtitle,
    chr(10) || ' ' || coalesce(names.label, opened.label) || chr(10) AS text,
    opened.at
FROM campaign_names AS names
FULL JOIN campaign_opened AS opened ON names.label = opened.label
UNION ALL
SELECT
    'deal' AS kind,
    deals.deal AS key,
    CAST(NULL AS VARCHAR) AS label,
    coalesce(deals.name, deals.deal_id) AS title,
    accounts.name AS subtitle,
    coalesce(chr(10) || ' ' || lower(deals.name), '')
    || chr(10) || ' ' || lower(split_part(deals.deal_id, ':deal:', 2))
    || coalesce(chr(10) || ' ' || lower(accounts.name), '') || chr(10) AS text,
    deals.created_at AS at
FROM deals_counted AS deals
LEFT JOIN accounts ON deals.account = accounts.account
