-- For wrk: checks the tokens of a file, one per line, in turn. The argument is the name of the file.
local requests = {}
local sent = 0

function init(arguments)
  for token in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", nil, { Authorization = "Bearer " .. token })
  end
end

function request()
  sent = sent + 1
  return requests[sent % #requests + 1]
end
