-- Releases a lock if the owner still holds it.
-- KEYS[1]: the lock
-- ARGV: the owner
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
