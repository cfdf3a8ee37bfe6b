-- The account behind each account name.
SELECT names.account_id, owners.account
FROM account_names AS names
JOIN account_owners AS owners ON names.name_no = owners.name_no
