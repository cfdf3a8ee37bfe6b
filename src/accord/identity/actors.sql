-- Every name of an actor with the person and the account behind it.
SELECT named.actor, named.person, people.account
FROM name_people AS named
JOIN people ON named.person = people.person
