-- Replaces the session key of a user, unless it has changed. Returns 1 if it was replaced, else 0.
-- KEYS[1]: the user
-- ARGV: the sealed session key that was read, its successor, the time at which WeChat issued the
--   successor (epoch ms), the previous session key if it changes
if redis.call('TYPE', KEYS[1]).ok ~= 'hash'
  or (redis.call('HGET', KEYS[1], 'k') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'k', ARGV[2], 't', ARGV[3])
if ARGV[4] then redis.call('HSET', KEYS[1], 'p', ARGV[4]) end
return 1
