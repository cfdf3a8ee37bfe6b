-- Every join with the rule that made it and its evidence: names of a person, names of an account, a person and
-- the account, and records of one event; and the person it is about, if any (of a visitor and a name, the name's).
SELECT
    'person' AS kind,
    min(owners.person) AS person,
    edges.a,
    edges.b,
    edges.rule,
    min(edges.evidence) AS evidence,
    CAST(NULL AS VARCHAR) AS counted_side,
    min(edges.at) AS at
FROM person_edges AS edges
LEFT JOIN name_owners AS owners
    ON owners.name_no = CASE WHEN edges.a_kind = 4 THEN edges.b_no ELSE edges.a_no END
ANTI JOIN cut_person_edges AS cut
    ON edges.a_no = cut.a_no AND edges.b_no = cut.b_no AND edges.firmness = cut.firmness
GROUP BY edges.a, edges.b, edges.rule
UNION ALL
SELECT
    'account' AS kind,
    CAST(NULL AS BIGINT) AS person,
    edges.a,
    edges.b,
    edges.rule,
    min(edges.evidence) AS evidence,
    CAST(NULL AS VARCHAR) AS counted_side,
    min(edges.at) AS at
FROM account_edges AS edges
ANTI JOIN cut_account_edges AS cut
    ON edges.a_no = cut.a_no AND edges.b_no = cut.b_no AND edges.firmness = cut.firmness
GROUP BY edges.a, edges.b, edges.rule
UNION ALL
SELECT
    'account' AS kind,
    people.person,
    people.person_id AS a,
    accounts.account_id AS b,
    CASE WHEN linked.account IS NULL THEN 'mail_domain' ELSE 'crm_link' END AS rule,
    CASE
        WHEN linked.account IS NULL THEN 'the e-mail address is of ' || known.email_domain
        ELSE 'the record names ' || known.account_id
    END AS evidence,
    CAST(NULL AS VARCHAR) AS counted_side,
    known.from_at AS at
FROM people
JOIN person_known AS known ON people.person = known.owner AND known.until_at = TIMESTAMP '9999-12-31'
JOIN accounts ON people.account = accounts.account
LEFT JOIN name_accounts AS linked ON known.account_id = linked.account_id
UNION ALL
SELECT 'event' AS kind, CAST(NULL AS BIGINT) AS person, master_name AS a, name AS b, 'foreign_id' AS rule,
    'one tool keeps the id of the other' AS evidence, master_name AS counted_side, CAST(NULL AS TIMESTAMP) AS at
FROM twin_copies
UNION ALL
SELECT 'event' AS kind, CAST(NULL AS BIGINT) AS person, master_name AS a, name AS b, 'same_event' AS rule,
    'same person, same kind, same thing, within 5 minutes' AS evidence, master_name AS counted_side, "at"
FROM like_copies
