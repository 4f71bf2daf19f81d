-- Deletes a user without sessions. A block that has not ended stays.
-- Returns 1; 0 if the user has sessions.
-- KEYS[1]: the user
-- ARGV: now (epoch ms)
local now = tonumber(ARGV[1])
local function number(value)
  return value and #value <= 15 and string.find(value, '^%d+$') and tonumber(value)
end

local isHash = redis.call('TYPE', KEYS[1]).ok == 'hash'
local fields = isHash and redis.call('HKEYS', KEYS[1]) or {}
for _, field in ipairs(fields) do
  local expiry = #field == 43 and number(redis.call('HGET', KEYS[1], field))
  if expiry and expiry > now then return 0 end
end

local ending = isHash and number(redis.call('HGET', KEYS[1], 'b'))
if ending and (ending == 0 or ending > now) then
  for _, field in ipairs(fields) do
    if field ~= 'b' and field ~= 'r' then redis.call('HDEL', KEYS[1], field) end
  end
else
  redis.call('DEL', KEYS[1])
end
return 1
