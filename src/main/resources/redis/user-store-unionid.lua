-- Stores the unionid of a user who has sessions.
-- KEYS[1]: the user
-- ARGV: the sealed unionid
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
redis.call('HSET', KEYS[1], 'u', ARGV[1])
return 1
