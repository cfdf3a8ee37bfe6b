-- The joins that were stated and still hold.
SELECT link.about, link.a, link.b, link.rule, link.evidence, link.at
FROM link_facts AS link
ANTI JOIN parted AS parted ON link.about = parted.about AND link.a = parted.a AND link.b = parted.b
WHERE link.kind = 'join'
