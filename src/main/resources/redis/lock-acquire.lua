-- Acquires a lock; idempotent for the same owner. Returns 1 if the owner holds the lock, else 0.
-- A key without a TTL, or with a longer TTL, was not set by this script; it is deleted.
-- KEYS[1]: the lock
-- ARGV: the owner, the TTL (ms)
local left = redis.call('PTTL', KEYS[1])
if left == -1 or left > tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
  or redis.pcall('GET', KEYS[1]) == ARGV[1] then return 1 end
return 0
