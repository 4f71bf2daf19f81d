-- Deletes a key if it still holds this value, such as the owner of a lock.
-- KEYS[1]: the key
-- ARGV: the value
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
