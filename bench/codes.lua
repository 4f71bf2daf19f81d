-- For wrk: every request has a code that no other has. Code is what the simulated WeChat takes: words separated by
-- dots, the user first. The argument tells one run from the others, so that none repeats another's codes.
local users = 100000
local run
local sent = 0

function init(arguments)
  run = arguments[1]
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  sent = sent + 1
  local code = "u" .. sent % users .. "." .. run .. "." .. sent
  if wrk.path == "/login" then
    return wrk.format("POST", nil, nil, '{"code":"' .. code .. '"}')
  end
  return wrk.format("GET", wrk.path .. code) -- the path of a call to WeChat ends in "js_code="
end
