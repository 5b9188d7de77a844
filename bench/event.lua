-- wrk: one identify a request, each a new message; half of the people come twice.
local thread_count = 0
function setup(thread)
    thread:set("id", thread_count)
    thread_count = thread_count + 1
end

local n = 0
local body = [[{"type":"identify","messageId":"bench-%d-%d","userId":"u-%d-%d","traits":{"email":"p%d.%d@example.com",]] ..
    [["firstName":"Person","lastName":"Number %d","company":{"name":"Initech"},"phone":"570-690-4150",]] ..
    [["address":{"street":"19 Main St","city":"East Greenwich","postalCode":"94115","state":"CA","country":"USA"}},]] ..
    [["context":{"library":{"name":"bench","version":"1"},"userAgent":"%s"},"integrations":{"Salesforce":true}}]]
local agent = string.rep("x", 420)
local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Basic V0s6"}

local function event()
    n = n + 1
    local who = math.floor(n / 2)
    return body:format(id, n, id, who, id, who, who, agent)
end

local batch = tonumber(os.getenv("BATCH") or "1")
function request()
    if batch == 1 then
        return wrk.format("POST", "/v1/identify", headers, event())
    end
    local events = {}
    for i = 1, batch do
        events[i] = event()
    end
    return wrk.format("POST", "/v1/batch", headers, '{"batch":[' .. table.concat(events, ",") .. "]}")
end
