-- For wrk: posts one body to the paths of a file, one per line, in turn. The arguments are the name of the file, the
-- Authorization header and the body.
local requests = {}
local sent = 0

function init(arguments)
  local headers = { Authorization = arguments[2], ["Content-Type"] = "application/json" }
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", path, headers, arguments[3])
  end
end

function request()
  sent = sent + 1
  return requests[sent % #requests + 1]
end
