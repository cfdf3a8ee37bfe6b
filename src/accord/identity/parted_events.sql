-- Pairs of events or deals that were taken apart, by subject, both ways round.
SELECT md5(a) AS subject, md5(b) AS other FROM parted WHERE about = 'event'
UNION
SELECT md5(b) AS subject, md5(a) AS other FROM parted WHERE about = 'event'
